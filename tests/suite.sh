# The whole test run: a private PostgreSQL of its own, then ctest. Read by ./run.

# suite [CTEST ARGUMENT...]: leaves the server's log in .guitai/test when something failed.
suite() {
    cluster_place test
    cluster_remove test
    cluster_place test
    trap 'cluster_stop || true' EXIT
    # Nothing here has to survive a power cut.
    cluster_start "$(free_port 54399)" "fsync = off" "synchronous_commit = off" "full_page_writes = off"
    cp "$cluster/tls/ca.pem" "$state/test/ca.pem"
    printf 'gt-12345' >"$secrets/password"
    export GUITAI_TEST_PASSWORD_FILE="$secrets/password" GUITAI_TEST_CA="$state/test/ca.pem"
    export GUITAI_STATE="$state/test/state" GUITAI_LOG=
    (cd "$top" && ctest --preset sanitize --progress "$@") || die "tests failed"
}
