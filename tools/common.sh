# Messages, the lock and the places that every part of ./run shares.

state="$top/.guitai"
PG_BIN=/usr/lib/postgresql/15/bin

say() { printf '%s\n' "$@"; }
step() { printf '· %s\n' "$*" >&2; }
die() {
    printf 'run: %s\n' "$*" >&2
    exit 1
}

# quietly NAME COMMAND…: runs it with its output kept in .guitai/log/NAME.log; on failure shows the end of it.
quietly() {
    local what=$1 output="$state/log/$1.log"
    shift
    mkdir -p "$state/log"
    if ! ("$@") >"$output" 2>&1; then # a subshell: what dies inside is told here
        tail -n 30 "$output" >&2
        die "$what failed; the whole output is in $output"
    fi
}

# One ./run at a time changes .guitai/. Descriptor 9 holds the lock until the script ends or gives it back.
take_lock() {
    mkdir -p "$state" || die "cannot make $state: is the checkout writable for $(id -un)?"
    [ -O "$state" ] || die "$state belongs to $(stat -c %U "$state"): run as that user, or remove it"
    exec 9>"$state/lock"
    flock -w "${1:-600}" 9 || die "another ./run has been busy in $state for ${1:-600} s: wait for it, or end it (Ctrl-C where it runs)"
}
drop_lock() { exec 9>&-; }

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
