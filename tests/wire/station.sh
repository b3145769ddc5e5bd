#!/usr/bin/env bash
# The workstation sends from its own loop: its clerk sees the count fall, and no key waits for another hall.
set -u
. "$(dirname "$0")/lib.sh"
program=$1
station
ca=$GUITAI_TEST_CA
export PGHOST=localhost PGSSLMODE=verify-full PGSSLROOTCERT="$ca" PGDATABASE=$database
unset GUITAI_TEST_CA # the desk keeps to this database

department="(select d.id from data.department d where d.division = '320321' and d.code = 'SCJG')"
for_department() {
    messages 2
    sql "update sync.outbox set department = $department where state = 'waiting'"
}

desk() { "$program" "$1" >"$work/desk" 2>&1 || fail "$1: $(cat "$work/desk")"; }

for_department
desk sends
none_waits || fail "the station did not send"
[ "$(sort "$hall/stored" | wc -l)" = 2 ] || fail "stored $(cat "$hall/stored")"

for_department
(
    unset GUITAI_TEST_CA GUITAI_TLS_CERT GUITAI_TLS_KEY GUITAI_TLS_CA
    desk waits
    exit $failures
) || failures=1
[ "$(waiting)" = 2 ] || fail "sent without certificates"

forget_requests
order slow:4
HALL_ASKED="$hall/requests" desk types
none_waits || fail "the slow hall's answer was not heard"

certificate county "/CN=320321" 12 "extendedKeyUsage=clientAuth"
for_department
desk warned

# only what is of the clerk's department goes from here
for_department
messages 1
desk sends
[ "$(waiting)" = 1 ] || fail "sent what is not of this department"
done_testing
