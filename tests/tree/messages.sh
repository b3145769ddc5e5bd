#!/usr/bin/env bash
# Every message of the C programs has a Chinese translation, and the catalogue holds nothing that is no longer used.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find src -name '*.c' | sort | xargs xgettext --from-code=UTF-8 -k_ -kN_ -L C -o "$work/now.pot"
msgcmp --use-untranslated po/zh_CN.po "$work/now.pot" 2>"$work/missing" || {
    grep -A1 'used but not defined\|not used' "$work/missing" || cat "$work/missing"
    exit 1
}
msgattrib --untranslated --no-obsolete po/zh_CN.po | grep -A3 '^msgid "[^"]' && {
    echo "untranslated messages in po/zh_CN.po"
    exit 1
}
exit 0
