# The demonstration: one private PostgreSQL with the city and one county, and people to sign in as.

demo_port() { printf '%s' "${GUITAI_PORT:-$(cat "$state/demo/port" 2>/dev/null || echo 54320)}"; }

# Letters, a sign and digits: eight characters of three classes, quick to type.
demo_password() {
    [ -s "$secrets/password" ] ||
        printf 'gt-%05d' $(($(od -An -N4 -tu4 /dev/urandom) % 100000)) >"$secrets/password"
    printf '*:*:*:*:%s\n' "$(cat "$secrets/password")" >"$secrets/staff.pgpass"
    chmod 600 "$secrets"/*
}

demo_database() {
    local division=$1
    [ -f "$state/demo/ready-$division" ] || step "database of $division: tables, rules, demonstration data"
    PGDATABASE="guitai_$division" quietly "init-$division" \
        guitai-admin init-db --demo --division "$division" --password-file "$secrets/password"
    touch "$state/demo/ready-$division"
}

demo_start() {
    cluster_place demo
    local at
    at=$(demo_port)
    cluster_start "$at" "wal_level = replica"
    [ "$port" = "$at" ] || step "it runs on port $port already: ./run stop first, to have it on $at"
    printf '%s' "$port" >"$state/demo/port"
    demo_password
    demo_database 320300
    demo_database 320321
    # A clerk reads the authority's certificate; nobody but the server reads its key.
    cp "$cluster/tls/ca.pem" "$state/demo/ca.pem"
    mkdir -p "$state/receipts"
    halls_start
}

# demo_env [SIGN-IN]: how a command reaches the demonstration as that person, over TLS with the server's name checked.
demo_env() {
    local who=${1:-} division=320300
    [ -f "$state/demo/port" ] || die "the demonstration is not running: start it with ./run"
    cluster_place demo
    case $who in *@county) division=320321 who=${who%@county} ;; esac
    cat <<ENV
export PATH='$state/build/release/bin':"\$PATH"
export GUITAI_SHARE='$top' GUITAI_LOCALEDIR='$state/build/release/locale' GUITAI_PRINT_TO='$state/receipts/' GUITAI_PRINT_FORMAT=pdf
export PGHOST=localhost PGPORT=$(cat "$state/demo/port") PGDATABASE=guitai_$division
export PGSSLMODE=verify-full PGSSLROOTCERT='$state/demo/ca.pem' PGCHANNELBINDING=require
unset PGPASSWORD PGSERVICE
export TZ=CST-8
ENV
    halls_files "$division"
    if [ "$who" = admin ]; then
        printf "export PGUSER=postgres PGPASSFILE='%s'\n" "$secrets/admin.pgpass"
    elif [ -n "$who" ]; then
        printf "export PGUSER='%s' PGPASSFILE='%s'\n" "${who//[^a-z0-9_]/}" "$secrets/staff.pgpass"
    else
        printf 'unset PGUSER PGPASSFILE\n'
    fi
}

# person LOGIN DIVISION WHAT: one line about him, name and title as the data has them.
person() {
    local known
    known=$(sed -n "s/.*\"login\": \"$1\", \"name\": \"\([^\"]*\)\", \"title\": \"\([^\"]*\)\".*/\1 \2/p" \
        "$top/sql/demo/staff-$2.json")
    [ -n "$known" ] || die "nobody signs in as $1 in sql/demo/staff-$2.json"
    printf '  %-10s %-39s %s\n' "$1" "$3" "$known"
}

# The first people to sign in as, for a newcomer: one for each thing that can be done.
demo_people() {
    say "Xuzhou, this terminal:"
    person sun 320300 "accepts for every department"
    person zhang 320300 "accepts and reviews, market regulation"
    person wu 320300 "reviews there; substitute who verifies"
    person li 320300 "verifies there"
    person cheng 320300 "signs complex cases, education"
    person zhao 320300 "supervises: warnings, ledgers of halls"
    say "Feng county, in another terminal: eval \"\$(./run env anping@county)\"; guitai"
    person anping 320321 "accepts and reviews for the city (1204)"
    person bianfang 320321 "verifies there, hands up to the city"
    say "All of them: eval \"\$(./run env admin)\"; guitai-admin staff list"
}
