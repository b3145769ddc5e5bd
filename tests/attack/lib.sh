# Raw SQL as a person, and what must come of it.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# The superuser's own settings, kept apart from the person's.
admin_host=$PGHOST admin_pass=$PGPASSFILE

sql() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1" 2>&1; }
as_admin() {
    env -u PGSSLMODE -u PGSSLROOTCERT -u PGCHANNELBINDING PGHOST="$admin_host" PGUSER=postgres PGPASSFILE="$admin_pass" \
        psql -XAtq -v ON_ERROR_STOP=1 -c "$1" 2>&1
}

# denied WHAT SQL: the server itself says no.
denied() {
    local got
    if got=$(sql "$2"); then
        fail "$1 was possible: $got"
    else
        case $got in *"permission denied"* | *"must be owner"*) ;;
        *) fail "$1: refused for another reason: $got" ;; esac
    fi
}

# refused CODE SQL: the function answers with this rule, and the try is on record.
refused() {
    local before after got
    before=$(as_admin "select count(*) from audit.refusal where login = '$PGUSER'")
    got=$(sql "select ($2)->>'code'")
    [ "$got" = "$1" ] || fail "wanted $1 from $2, got: $got"
    after=$(as_admin "select count(*) from audit.refusal where login = '$PGUSER'")
    [ "$after" = $((before + 1)) ] || fail "the try $2 is not on record"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

materials='[{"no":1,"state":"original"},{"no":2,"state":"checked"},{"no":3,"state":"copy"},{"no":4,"state":"original"}]'

# accept_sql REQUEST ID [WHAT=VALUE…]: a lawful acceptance of 0213, with what is given changed (VALUE is SQL).
accept_sql() {
    local request=$1 id=$2 pair
    local -A a=([window]="'03'" [item]="'0213'" [item_version]=null [applicant_kind]="'person'" [id_kind]="'citizen'"
        [name]="'张三·演示'" [phone]="'13800002071'" [address]=null [agent_name]=null [agent_id_number]=null
        [materials]="'$materials'" [extra]="'{\"form\":\"P\"}'" [note]=null)
    shift 2
    for pair in "$@"; do a[${pair%%=*}]=${pair#*=}; done
    printf "api.case__accept(p_request => '%s', p_id_number => '%s'" "$request" "$id"
    for pair in "${!a[@]}"; do printf ', p_%s => %s' "$pair" "${a[$pair]}"; done
    printf ')'
}

act_sql() { printf "api.case__act('%s', '%s', '%s', %s, %s)" "$(uuid)" "$1" "$2" "$3" "${4:-'03'}"; }

# new_id: a citizen number that no other test uses.
new_id() {
    local body
    printf -v body '320311%04d%02d%02d%03d' $((1950 + RANDOM % 50)) $((RANDOM % 12 + 1)) $((RANDOM % 28 + 1)) \
        $((RANDOM % 1000))
    citizen "$body"
}

# accepted [WHAT=VALUE…]: the number of a new case.
accepted() { sql "select ($(accept_sql "$(uuid)" "$(new_id)" "$@"))->>'number'"; }
