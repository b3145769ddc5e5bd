#!/usr/bin/env bash
# Checks the ownership protocol with spin, and that spin finds every mutant of it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# errors [MUTANT]: how many errors spin finds.
errors() {
    spin -a "$@" "$here/handoff.pml" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
    gcc -O1 -DSAFETY -DCOLLAPSE -o pan pan.c
    ./pan -m100000 >pan.log
    grep -q 'max search depth too small\|out of memory' pan.log && { cat pan.log >&2; exit 1; }
    sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.log
}

status=0
[ "$(errors)" = 0 ] || { echo "the protocol breaks:"; cat pan.log; status=1; }
for mutant in THAW NO_TOMBSTONE NO_ID EARLY FORGET; do
    [ "$(errors "-D$mutant")" != 0 ] || { echo "the mutant $mutant was not found"; status=1; }
done
exit $status
