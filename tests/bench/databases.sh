# The databases of a bench run. guitai_bench_base holds the organisation; guitai_scale_N hold N synthetic
# cases; guitai_bench is a fresh copy of the smallest for every run. Base and scale stay until sql/ or these files
# change: loading takes a minute.
# shellcheck disable=SC2154,SC2030,SC2031 # names shared with ../../run and its other parts

bench_items='[{"no":1,"state":"original","copies":1},{"no":2,"state":"checked","copies":1},{"no":3,"state":"copy","copies":1},{"no":4,"state":"original","copies":1},{"no":5,"state":"copy","copies":1}]'

sql() { PGOPTIONS='-c client_min_messages=warning' psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" "${@:2}"; }

# The server as an office would set it up for its size; durability is never switched off here.
bench_server() {
    cluster_place bench
    local at=${GUITAI_BENCH_PORT:-54500}
    if cluster_running; then
        at=$(cat "$state/bench/port")
    else
        while ! port_free "$at"; do at=$((at + 1)); done
    fi
    trap 'cluster_stop || true' EXIT
    cluster_start "$at" "shared_buffers = '2GB'" "max_wal_size = '8GB'" "checkpoint_timeout = '30min'" \
        "fsync = on" "synchronous_commit = on" "full_page_writes = on" "max_parallel_workers_per_gather = 0" \
        "maintenance_work_mem = '512MB'"
    printf '%s' "$at" >"$state/bench/port"
    cp "$cluster/tls/ca.pem" "$state/bench/ca.pem"
    printf 'gt-13579' >"$secrets/password"
    printf '*:*:*:*:%s\n' "$(cat "$secrets/password")" >"$secrets/staff.pgpass"
    chmod 600 "$secrets"/*
}

# Changes when anything that shapes the databases changes, and on another day: due dates are relative to today.
bench_digest() {
    { cat "$top"/sql/manifest "$top"/sql/*.sql "$top"/sql/changes/*.sql "$top"/sql/modules/*.sql "$bench_dir"/sql/*.sql \
        "$top"/forms/items/0213.json && date +%F; } | sha256sum | cut -d' ' -f1
}

bench_base() {
    local mark="$state/bench/base-digest" digest name
    digest=$(bench_digest)
    [ "$(cat "$mark" 2>/dev/null)" != "$digest" ] || return 0
    step "making the organisation: ten counties, two hundred departments"
    rm -f "$mark" "$state"/bench/samples/*
    for name in $(sql postgres -c "select datname from pg_database where datname ~ '^guitai_(bench|scale)'"); do
        sql postgres -c "drop database $name with (force)"
    done
    PGDATABASE=guitai_bench_base quietly bench-init guitai-admin init-db
    for name in "$top"/sql/demo/workdays-*.csv; do
        PGDATABASE=guitai_bench_base quietly bench-calendar guitai-admin calendar load "$name"
    done
    quietly bench-organisation sql guitai_bench_base -1 -v item="$(cat "$top/forms/items/0213.json")" \
        -v password="$(cat "$secrets/password")" -f "$bench_dir/sql/organisation.sql"
    quietly bench-bare sql guitai_bench_base -f "$bench_dir/sql/bare.sql" -c 'vacuum analyze'
    printf '%s' "$digest" >"$mark"
}

# bench_copy NAME OF
bench_copy() { sql postgres -v new="$1" -v old="$2" -f "$top/tests/harness/copy.sql"; }

# A hall that has been at work: in an empty database every plan is made for empty tables.
bench_fresh() {
    bench_scale 10000
    bench_copy guitai_bench guitai_scale_10000
}

# bench_scale CASES...: makes the databases of these sizes that are missing, and the samples of all.
bench_scale() {
    local cases name samples="$state/bench/samples"
    mkdir -p "$samples"
    for cases in "$@"; do
        name=guitai_scale_$cases
        [ -s "$samples/$name.tsv" ] && continue
        step "loading $cases synthetic cases"
        bench_copy "$name" guitai_bench_base
        quietly "bench-$name" sql "$name" -v cases="$cases" -f "$bench_dir/sql/load.sql" -f "$bench_dir/sql/register.sql"
        sql "$name" -f "$bench_dir/sql/samples.sql" >"$samples/$name.tsv"
    done
}

# as_clerk LOGIN DATABASE COMMAND...: over TLS with a password, as a workstation does.
as_clerk() (
    export PGHOST=localhost PGSSLMODE=verify-full PGSSLROOTCERT="$state/bench/ca.pem" PGCHANNELBINDING=require
    export PGUSER=$1 PGDATABASE=$2 PGPASSFILE="$secrets/staff.pgpass"
    export BENCH_USER=$1 BENCH_PASSWORD_FILE="$secrets/password" BENCH_WINDOW=01 BENCH_ITEM=0213 BENCH_AREA=320311
    export BENCH_MATERIALS=$bench_items BENCH_EXTRA='{"form":"P"}' BENCH_SAMPLES="$state/bench/samples"
    export TERM=xterm-256color LC_ALL=C.UTF-8 LANGUAGE='' GUITAI_STATE="$state/bench/station" GUITAI_PRINT_TO="$state/bench/paper/"
    "${@:3}"
)

# as_desk COMMAND...: the same person on the server's own socket, without TLS: the strictest place for a floor.
as_desk() (
    export PGUSER=desk_0 PGDATABASE=guitai_bench PGPASSFILE="$secrets/staff.pgpass"
    "$@"
)
