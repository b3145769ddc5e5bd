#!/usr/bin/env bash
# Each folder's README names every file that lives there, so that a newcomer's map stays true.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
while read -r readme; do
    folder=$(dirname "$readme")
    while read -r file; do
        name=$(basename "$file")
        case $name in README.md | CMakeLists.txt) continue ;; esac
        grep -qF "${name%.*}" "$readme" || {
            echo "$readme does not mention $name"
            bad=1
        }
    done < <(find "$folder" -maxdepth 1 -type f \( -name '*.c' -o -name '*.sql' -o -name '*.sh' \))
done < <(find src sql tests tools -name README.md)
exit $bad
