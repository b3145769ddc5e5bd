# Shared by the tests of the wire: a county's database with the courier signed in, an authority, and a hall to send to.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

hall="$work/hall"
mkdir -p "$hall"
trap 'leave' EXIT

leave() {
    local status=$?
    [ -z "${hall_pid:-}" ] || kill "$hall_pid" 2>/dev/null
    [ -z "${sender_pid:-}" ] || kill -9 "$sender_pid" 2>/dev/null
    (as_boss && dropdb --if-exists --force "$database")
    rm -rf "$work"
    exit $status
}

as_boss() {
    export PGHOST="$boss_host" PGPORT="$boss_port" PGUSER=postgres PGPASSFILE="$boss_pass" PGDATABASE=postgres
    unset PGSSLMODE PGSSLROOTCERT PGCHANNELBINDING
}

boss_host=$PGHOST boss_port=$PGPORT boss_pass=$PGPASSFILE
database=guitai_wire_$$

# sql TEXT: as superuser in the county's database.
sql() { (as_boss && PGDATABASE=$database psql -qAtX -v ON_ERROR_STOP=1 -c "$1"); }

# certificate NAME SUBJECT DAYS [EXTENSION]: signed by the authority.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" ${4:+-addext "$4"} \
        -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
    openssl x509 -req -in "$work/$1.csr" -days "$3" -copy_extensions copy -CA "$work/ca.pem" -CAkey "$work/ca.key" \
        -CAcreateserial -out "$work/$1.pem" 2>/dev/null
}

authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=authority of the test" \
        -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
    certificate server "/CN=320300" 365 "subjectAltName=DNS:localhost"
    certificate county "/CN=320321" 365 "extendedKeyUsage=clientAuth"
}

# until_true SECONDS COMMAND…: waits for it to become true.
until_true() {
    local end=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -le $end ] || { fail "waited in vain for: $*"; return 1; }
        sleep 0.05
    done
}

hall_open() {
    rm -f "$hall/port"
    python3 "$(dirname "${BASH_SOURCE[0]}")/hall.py" "${1:-0}" "$work/server.pem" "$work/server.key" "$work/ca.pem" \
        "$work/secret" "$hall" 2>"$hall/stderr" &
    hall_pid=$!
    until_true 10 test -s "$hall/port"
    hall_port=$(cat "$hall/port")
}

hall_close() {
    kill "$hall_pid"
    wait "$hall_pid" 2>/dev/null
    hall_pid=
}

# order WORD…: what the hall does with the next requests.
order() { printf '%s\n' "$@" >"$hall/orders"; }

requests() { cat "$hall/requests" 2>/dev/null || true; }
count_requests() { requests | wc -l; }
forget_requests() { rm -f "$hall/requests"; }

# messages N: that many notices into the outbox.
messages() {
    sql "select sync.message_add(p, null, '', 0, 'notice', null, jsonb_build_object('subject', '第' || i || '号', 'text', '指导意见',
            'case', null, 'by', '测试')) from sync.peer p, generate_series(1, $1) i where p.division = '320300'" >/dev/null
}

waiting() { sql "select count(*) from sync.outbox where state = 'waiting'"; }
taken() { sql "select count(*) from sync.outbox where state = 'taken'"; }
none_waits() { [ "$(waiting)" = 0 ]; }
# due: everything that waits may go now.
due() { sql "update sync.outbox set next_try = data.clock(), leased_until = null where state = 'waiting'"; }
last_answer() { sql "select string_agg(distinct last_answer, '/') from sync.outbox where state = 'waiting'"; }
next_minutes() { sql "select round(extract(epoch from min(next_try) - data.clock()) / 60) from sync.outbox where state = 'waiting'"; }

# station: a county's database with one peer, and the courier signed in with certificates.
station() {
    (as_boss && psql -Xq -v ON_ERROR_STOP=1 -d postgres -v old=guitai_320321 -v new="$database" -f "$(dirname "${BASH_SOURCE[0]}")/../harness/copy.sql")
    authority
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$work/secret"
    hall_open
    sql "delete from sync.setting" >/dev/null
    (as_boss && PGDATABASE=$database guitai-admin peer add 320300 --name 徐州市 --url "https://localhost:$hall_port" \
        --relation upper --secret "$work/secret" >/dev/null) || fail "peer add"
    # reports of the demonstration's cases are not what is tested here
    sql "insert into sync.setting (own, reported, reported_at) values ('320321', pg_snapshot_xmin(pg_current_snapshot()), now())"
    sql "update sync.peer set last_sent_at = data.clock()"
    sql "insert into sync.comparison (own, peer, at, equal) values ('320321', '320300', data.clock(), true)"
    person courier_fx
    export PGDATABASE=$database
    export GUITAI_TLS_CERT="$work/county.pem" GUITAI_TLS_KEY="$work/county.key" GUITAI_TLS_CA="$work/ca.pem"
    unset GUITAI_TLS_CRL
}
