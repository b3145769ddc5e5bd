# Save to commit: the function against a bare insert, the program's database layer against pgbench, desks against desks.
# shellcheck disable=SC2154 # names shared with ../../run and its other parts

# load SECONDS CLIENTS SCRIPT OPTION...: one pgbench run; its latencies in microseconds, sorted, go to $latencies. The
# beginning is left out: connections and plans are cold there, as at no desk after its first cases. Thirty-two desks on
# few processors need more seconds for them.
load() {
    local seconds=$1 clients=$2 script=$3 logs="$bench_log/pgbench" warm
    warm=$(warm_up "$clients")
    shift 3
    rm -rf "$logs" "$latencies" && mkdir -p "$logs"
    quietly pgbench pgbench -n -M prepared -T "$seconds" -c "$clients" -j $((clients > 1 ? 2 : 1)) -l --log-prefix="$logs/p" \
        -f "$bench_dir/pgbench/$script" -D materials="$bench_items" -D extra='{"form":"P"}' "$@"
    cat "$logs"/p* | sort -n -k5,5 -k6,6 |
        awk -v warm="$warm" 'NR == 1 { begin = $5 + $6 / 1e6 } $5 + $6 / 1e6 > begin + warm { print $3 }' |
        sort -n >"$latencies"
    [ -s "$latencies" ] || die "pgbench $script left no latencies"
}

# warm_up CLIENTS: seconds
warm_up() { echo $(($1 > 1 ? 4 : 1)); }

# quantile SHARE: milliseconds out of the sorted latencies.
quantile() {
    awk -v at="$1" '{ v[NR] = $1 } END { i = int(at * NR) + 1; if (i > NR) i = NR; printf "%.4f", v[i] / 1000 }' "$latencies"
}

# accepted COMMAND...: runs a load of acceptances; the number of cases tells whether they were accepted or refused.
accepted() {
    local before after
    before=$(sql guitai_bench -c 'select count(*) from data.case_file')
    "$@"
    after=$(sql guitai_bench -c 'select count(*) from data.case_file')
    [ $((after - before)) -ge "$(wc -l <"$latencies")" ] || die "of the acceptances only $((after - before)) were taken"
}

save_figures() {
    local round
    save_trips
    for round in 1 2 3; do save_round $round; done
}

desks_figures() {
    local round
    for round in 1 2 3; do desks_round $round; done
}

save_round() {
    local person=$((1700000 + $1 * 120000)) mine theirs bare
    accepted as_desk load 4 1 accept.sql -D n=$person -D started=1 -D who=desk_ -D spread=1
    mine=$(quantile 0.5)
    as_desk load 4 1 bare.sql -D n=$(($1 * 1000000))
    bare=$(quantile 0.5)
    note function "$mine" "$bare"
    accepted as_clerk desk_0 guitai_bench load 4 1 accept.sql -D n=$((person + 40000)) -D started=1 -D who=desk_ -D spread=1
    note accept "$(quantile 0.5)" "$bare"
    note accept_p99 "$(quantile 0.99)" "$bare"
    accepted as_clerk desk_0 guitai_bench load 4 1 flight.sql -D n=$((person + 80000)) -D spread=1
    theirs=$(quantile 0.5)
    mine=$(as_clerk desk_0 guitai_bench bench_save 4000 $((person + 110000))) || die "the program's own save failed"
    note save "$(cut -d' ' -f2 <<<"$mine")" "$theirs"
}

# desks FROM LOGIN SPREAD: thirty-two clerks, each at a window of his own; the superuser's connection becomes that clerk
# with its first statement.
desks() { accepted load 12 32 accept.sql -d guitai_bench -D n="$1" -D started=0 -D who="$2" -D spread="$3"; }

desks_round() {
    local one mine
    sql guitai_bench -c checkpoint || return 1
    desks $((15000 + $1 * 5000)) desk_ 1
    one=$(wc -l <"$latencies")
    mine=$(quantile 0.99)
    sql guitai_bench -c checkpoint || return 1
    load 8 32 bare.sql -d guitai_bench -D n=$(($1 * 1000000000))
    note desks_p99 "$mine" "$(quantile 0.99)"
    sql guitai_bench -c checkpoint || return 1
    desks $((31000 + $1 * 5000)) spread_ 10
    note desks "$((one / 8))" "$(($(wc -l <"$latencies") / 8))"
}

# A line that takes 20 ms each way shows how often a save waits for it: once, or the figure is twice as high.
save_trips() {
    local out="$bench_log/relay" relay mine
    rm -f "$out"
    bench_relay "$port" 20 >"$out" &
    relay=$!
    while [ ! -s "$out" ]; do sleep 0.05; done
    mine=$(PGPORT=$(cut -d' ' -f2 "$out") as_clerk desk_0 guitai_bench bench_save 20 3000000) ||
        die "saving through the relay failed"
    wait "$relay"
    note trips "$(cut -d' ' -f2 <<<"$mine")" 40
}
