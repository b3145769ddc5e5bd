#!/usr/bin/env bash
# Installed, the program finds its forms and messages without any setting. $1: build folder.
set -u
. "$(dirname "$0")/lib.sh"

run 0 cmake --install "$1" --prefix "$work/usr"
unset GUITAI_SHARE GUITAI_LOCALEDIR
for file in bin/guitai bin/guitai-admin bin/guitai-print share/guitai/forms/menu.json share/guitai/sql/manifest \
    share/locale/zh_CN/LC_MESSAGES/guitai.mo share/man/man1/guitai.1 share/man/man1/guitai-admin.1 \
    lib/systemd/system/guitai-sync.service \
    sbin/guitai-endpoint share/man/man8/guitai-endpoint.8 share/guitai/endpoint/endpoint.conf \
    share/guitai/endpoint/nginx.conf lib/systemd/system/guitai-endpoint.service; do
    [ -f "$work/usr/$file" ] || fail "$file is not installed"
done
export GUITAI_SHARE="$work/usr/share/guitai" GUITAI_LOCALEDIR="$work/usr/share/locale"
run 0 "$work/usr/bin/guitai" --version
run 2 "$work/usr/bin/guitai" check id 1
complains "身份证号"
run 0 "$work/usr/bin/guitai-admin" check-forms
run 0 "$work/usr/sbin/guitai-endpoint" --version
grep -q "^ExecStart=.*/sbin/guitai-endpoint" "$work/usr/lib/systemd/system/guitai-endpoint.service" || fail "the service starts nothing"
done_testing
