# ./run bench: the figures, as ratios against baselines of the same run. Read by ./run.
# shellcheck disable=SC2154,SC2034 # names shared with ../../run and its other parts

bench_dir="$top/tests/bench"
bench_log="$state/log/bench"
latencies="$bench_log/latencies"
for part in table databases save figures peers; do
    # shellcheck source=/dev/null
    . "$bench_dir/$part.sh"
done

# bench [large|peers|handoff [MESSAGES]]
bench() {
    local begin=$SECONDS
    case ${1:-} in
    "" | large | peers | handoff) ;;
    *) die "there is ./run bench, and ./run bench large, peers and handoff" ;;
    esac
    mkdir -p "$bench_log"
    results="$bench_log/results"
    : >"$results"
    quietly build-bench cmake --build "$state/build/release" --target bench_programs -j"$(nproc)"
    export PATH="$state/build/release/tests/bin:$PATH"
    bench_server
    [ "${1:-}" = handoff ] || { bench_base && bench_fresh; }
    rm -rf "$state/bench/station" "$state/bench/paper"
    mkdir -p "$state/bench/station" "$state/bench/paper"
    "figures_${1:-all}" "${@:2}"
    say "" "$(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg), PostgreSQL $(sql postgres -c 'show server_version'), $((SECONDS - begin)) s"
    [ "$misses" = 0 ] || die "$misses figures are over their target or could not be measured"
}
