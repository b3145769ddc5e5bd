# ./run bench peers: saving one case in Django and with psql, against the program's own connection, on the same server.
# shellcheck disable=SC2154 # names shared with ../../run and its other parts

peer_packages="python3-django python3-psycopg2 gunicorn"
peer_pid=

figures_peers() {
    local round
    # shellcheck disable=SC2086
    ensure_packages $peer_packages
    peer_start
    step "peers"
    for round in 1 2 3 4 5; do peers_round $round; done
    kill "$peer_pid"
    print_peers
}

peer_environment() {
    PEER_PASSWORD=$(cat "$secrets/password") PEER_SECRET=$(random_hex 20) PEER_DATABASE=guitai_peer PEER_PORT=$((port + 1))
    while ! port_free "$PEER_PORT"; do PEER_PORT=$((PEER_PORT + 1)); done
    export PEER_PASSWORD PEER_SECRET PEER_DATABASE PEER_PORT BENCH_MATERIALS=$bench_items
    # The peer's own copy of its sources: it writes its migrations beside them.
    peer_home="$state/bench/peer"
    rm -rf "$peer_home"
    cp -r "$bench_dir/peers" "$peer_home"
}

# Django in its best order: two workers with four threads, connections that stay, the server's own socket, no TLS.
peer_start() {
    step "setting up Django"
    peer_environment
    sql postgres -c 'drop database if exists guitai_peer with (force)' -c 'drop role if exists peer' \
        -c "create role peer login password '$PEER_PASSWORD'" -c 'create database guitai_peer owner peer'
    (cd "$peer_home" && quietly peer-setup /usr/bin/python3 setup.py)
    (cd "$peer_home" && DJANGO_SETTINGS_MODULE=settings exec /usr/bin/gunicorn --bind "127.0.0.1:$PEER_PORT" --workers 2 \
        --threads 4 --keep-alive 60 "django.core.wsgi:get_wsgi_application()" 9>&- >"$bench_log/peer.log" 2>&1) &
    peer_pid=$!
    # shellcheck disable=SC2064 # the number as it is now
    trap "kill $peer_pid 2>/dev/null || true; cluster_stop || true" EXIT
    local tries=0
    while port_free "$PEER_PORT"; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || die "Django did not start: $(tail -n 5 "$bench_log/peer.log")"
        sleep 0.1
    done
}

peer() { /usr/bin/python3 "$bench_dir/peers/measure.py" "$@" || die "the peer ($1) failed"; }

peers_round() {
    local person=$((2000000 + $1 * 10000)) mine
    mine=$(as_clerk desk_0 guitai_bench bench_save 1000 $person) || die "the program's own save failed"
    mine=$(cut -d' ' -f2 <<<"$mine")
    accepted as_clerk desk_0 guitai_bench load 3 1 accept.sql -D n=$((person + 6000)) -D started=1 -D who=desk_ -D spread=1
    note peer_view "$(peer view 200 $person)" "$(quantile 0.5)"
    note peer_admin "$(peer admin 60 $person)" "$mine"
    note peer_psql "$(as_clerk desk_0 guitai_bench peer psql 30 $((person + 5000)))" "$mine"
}

print_peers() {
    heading "Saving one case: the peer, against guitai"
    row peer_view share 10 ms "Django view, the same rows, against the function"
    row peer_admin share 10 ms "Django admin, its form posted"
    row peer_psql share 10 ms "psql started once a case"
}
