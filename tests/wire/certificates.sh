#!/usr/bin/env bash
# Only halls of our authority are talked to, under their own name, and only with certificates of our own.
set -u
. "$(dirname "$0")/lib.sh"
station

# tried TEXT: one message is tried and waits with that reason.
tried() {
    run 6 guitai sync --once
    case $(last_answer) in *"$1"*) ;; *) fail "wanted “$1”, got: $(last_answer)" ;; esac
    due
}

messages 1
env -u GUITAI_TLS_CERT guitai sync --once 2>"$work/err" && fail "sent without certificate"
grep -q GUITAI_TLS_CERT "$work/err" || fail "does not name the variable: $(cat "$work/err")"
GUITAI_TLS_KEY=/nowhere run 7 guitai sync --once

# a hall of another authority
mkdir -p "$work/other"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj "/CN=another" -keyout "$work/other/ca.key" \
    -out "$work/other/ca.pem" 2>/dev/null
GUITAI_TLS_CA="$work/other/ca.pem" tried 证书不被接受
# a proxy of the environment is not asked
https_proxy=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1 run 0 guitai sync --once
[ "$(waiting)" = 0 ] || fail "went to a proxy"

# the hall's certificate is of another name
messages 1
sql "update sync.peer set url = replace(url, 'localhost', '127.0.0.1')"
tried 证书不被接受
sql "update sync.peer set url = replace(url, '127.0.0.1', 'localhost')"

# the hall's certificate was revoked
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/index\ndefault_md=sha256\ndefault_crl_days=10\n' "$work" >"$work/ca.cnf"
: >"$work/index"
openssl ca -config "$work/ca.cnf" -keyfile "$work/ca.key" -cert "$work/ca.pem" -gencrl -out "$work/empty.crl" 2>/dev/null
openssl ca -config "$work/ca.cnf" -keyfile "$work/ca.key" -cert "$work/ca.pem" -revoke "$work/server.pem" 2>/dev/null
openssl ca -config "$work/ca.cnf" -keyfile "$work/ca.key" -cert "$work/ca.pem" -gencrl -out "$work/crl.pem" 2>/dev/null
GUITAI_TLS_CRL="$work/crl.pem" tried 证书不被接受
GUITAI_TLS_CRL="$work/empty.crl" run 0 guitai sync --once
[ "$(waiting)" = 0 ] || fail "a list without the hall stopped it"

# our certificate ends soon: told, and sending goes on
certificate county "/CN=320321" 12 "extendedKeyUsage=clientAuth"
messages 1
run 0 guitai sync --once
complains "天后到期"
[ "$(waiting)" = 0 ] || fail "did not send with a certificate that holds"
# it has ended: told, and the other hall does not let us in
openssl x509 -req -in "$work/county.csr" -days -1 -CA "$work/ca.pem" -CAkey "$work/ca.key" -out "$work/county.pem" 2>/dev/null
messages 1
run 6 guitai sync --once
complains "已过期"
[ "$(waiting)" = 1 ] || fail "went with an expired certificate"
done_testing
