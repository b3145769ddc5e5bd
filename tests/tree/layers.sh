#!/usr/bin/env bash
# The layers point one way, and each library has one user. Prints every line that breaks this.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

complain() {
    printf '%s\n' "$1"
    bad=1
}

# allowed LAYER: the layers that it may include.
allowed() {
    case $1 in
    base) echo "base" ;;
    db) echo "base db" ;;
    entry) echo "base entry" ;;
    print) echo "base print" ;;
    sync) echo "base db sync" ;;
    ui) echo "base db entry print ui" ;;
    cli) echo "base db entry print sync ui cli" ;;
    admin) echo "base db entry print sync admin" ;;
    endpoint) echo "base db endpoint" ;;
    *) complain "src/$1: a layer that this test does not know" ;;
    esac
}

for folder in src/*/; do
    layer=$(basename "$folder")
    [ -n "$(find "$folder" -name '*.[ch]' | head -n 1)" ] || continue
    may=" $(allowed "$layer") "
    while IFS=: read -r file line text; do
        to=$(printf '%s' "$text" | sed -n 's|.*"guitai/\([a-z]*\)/.*|\1|p')
        case $may in *" $to "*) ;; *) complain "$file:$line: $layer may not include $to" ;; esac
    done < <(grep -rn '#include "guitai/' "$folder" include/guitai/"$layer" 2>/dev/null)
done

# only PATTERN FOLDER: a header that only one place may include.
only() {
    while read -r hit; do
        complain "$hit: only $2 may include this"
    done < <(grep -rnE "#include <($1)" src include tests/unit 2>/dev/null | grep -v "^$2" | cut -d: -f1,2)
}
only 'libpq-fe|postgres_ext' src/db/
only 'cjson/' src/base/json.c
only 'curses|ncurses|term\.h' src/ui/
only 'pango|cairo|zint' src/print/render/
only 'unicode/' src/admin/
only 'curl/' src/sync/
only 'microhttpd|gnutls/' src/endpoint/

exit $bad
