# Shared by the tests of the commands: expectations that say what they wanted, and a person to sign in as.

failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'FAIL %s\n' "$*"
    failures=$((failures + 1))
}

# run STATUS COMMAND…: runs it, keeps its output in $out and $err, expects the exit status.
run() {
    local want=$1 got=0
    shift
    out=$("$@" 2>"$work/err") || got=$?
    err=$(cat "$work/err")
    [ "$got" = "$want" ] || fail "$*: exit status $got instead of $want: $out $err"
}

# says TEXT / complains TEXT: the last command's output / error holds it.
says() { case $out in *"$1"*) ;; *) fail "wanted “$1” in: $out" ;; esac; }
complains() { case $err in *"$1"*) ;; *) fail "wanted “$1” as a complaint in: $err" ;; esac; }
silent() { [ -z "$err" ] || fail "unwanted complaint: $err"; }

# person LOGIN [DIVISION]: the commands that follow reach the demonstration as that person, over TLS.
person() {
    export PGHOST=localhost PGSSLMODE=verify-full PGSSLROOTCERT="$GUITAI_TEST_CA" PGCHANNELBINDING=require
    export PGDATABASE="guitai_${2:-320300}" PGUSER=$1 PGPASSFILE="$work/pass"
    printf '*:*:*:*:%s\n' "$(cat "$GUITAI_TEST_PASSWORD_FILE")" >"$work/pass"
    chmod 600 "$work/pass"
}

# citizen BODY17: the number with its check digit (GB 11643).
citizen() {
    local w=(7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2) sum=0 i check=10X98765432
    for i in {0..16}; do sum=$((sum + ${1:i:1} * w[i])); done
    printf '%s%s' "$1" "${check:sum % 11:1}"
}

done_testing() {
    [ $failures = 0 ] || exit 1
    exit 0
}
