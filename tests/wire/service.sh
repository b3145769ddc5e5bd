#!/usr/bin/env bash
# guitai sync as a service: sends what comes, hears of it at once, survives its own end, its twin and a lost database.
set -u
. "$(dirname "$0")/lib.sh"
station

service() {
    guitai sync --json >"$work/out-$1" 2>"$work/err-$1" &
    sender_pid=$!
}

# sends what is announced within a moment
service 1
messages 1
until_true 10 none_waits
messages 1
sql "notify guitai"
until_true 2 none_waits

# ends in order: what is under way is answered first
order slow:1
messages 1
sql "notify guitai"
until_true 5 sh -c "grep -q slow '$hall/requests'"
kill "$sender_pid"
wait "$sender_pid" || fail "SIGTERM: exit status $?"
sender_pid=
[ "$(waiting)" = 0 ] || fail "SIGTERM left an answer behind"

# killed in the middle: the lease holds others off, then another takes over, and the hall has it once
order slow:3
messages 5
service 2
until_true 10 sh -c "grep -c slow '$hall/requests' | grep -qx 2"
kill -9 "$sender_pid"
wait "$sender_pid" 2>/dev/null
sender_pid=
run 0 guitai sync --once
[ "$(waiting)" = 5 ] || fail "a lease was not kept: $(waiting) wait"
sql "update sync.outbox set leased_until = data.clock() - interval '1 second' where state = 'waiting'"
run 0 guitai sync --once
[ "$(waiting)" = 0 ] || fail "nobody took over"
[ "$(sort "$hall/stored" | uniq -d | wc -l)" = 0 ] || fail "stored twice"

# two at once: every message goes out once
forget_requests
messages 1000
guitai sync --once --json >"$work/twin-1" &
twin=$!
run 0 guitai sync --once --json
wait $twin || fail "the twin: exit status $?"
[ "$(waiting)" = 0 ] || fail "twins left $(waiting)"
[ "$(requests | jq -r '.ids[]' | wc -l)" = 1000 ] || fail "sent $(requests | jq -r '.ids[]' | wc -l) of 1000"
[ "$(requests | jq -r '.ids[]' | sort | uniq -d | wc -l)" = 0 ] || fail "twins sent the same message"

# the database goes and comes back
service 3
until_true 10 sh -c "test \"\$(cat '$work/out-3' | wc -l)\" -ge 0"
messages 1
until_true 10 none_waits
sql "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'courier_fx' and datname = '$database'" >/dev/null
messages 1
until_true 15 none_waits
until_true 5 grep -q database_back "$work/out-3"
kill "$sender_pid"
wait "$sender_pid" || fail "exit status $? after a lost database"
sender_pid=
[ ! -s "$work/err-3" ] || fail "complained: $(cat "$work/err-3")"
[ "$(jq -s length "$work/out-3")" -gt 2 ] || fail "no JSON lines"

# the night comes: ledgers are compared by the service itself; what they do not agree on is told, and an alarm
today=$(sql "select data.today()")
empty=$(printf '' | sha256sum | cut -d' ' -f1)
printf '{"protocol":1,"days":[{"day":"%s","received":{"count":1,"digest":"%s"},"sent":{"count":0,"digest":"%s"}}]}' "$today" "$empty" "$empty" >"$hall/ledger-since"
printf '{"protocol":1,"entries":[]}' >"$hall/ledger-day"
sql "delete from sync.comparison; update sync.setting set compare_at = '00:00'"
service 6
until_true 10 grep -q compared "$work/out-6"
settled=$(sql "select count(*) from sync.outbox where answered_at is not null")
[ "$(grep compared "$work/out-6" | jq .differences)" = "$settled" ] || fail "compared: $(cat "$work/out-6")"
[ "$(sql "select count(*) from sync.alarm where en like '%ledgers differ%' and seen_at is null")" = 1 ] || fail "no alarm"
kill "$sender_pid"
wait "$sender_pid"
sender_pid=
printf 'nonsense' >"$hall/ledger-since"
sql "delete from sync.comparison"
service 7
until_true 10 grep -q uncompared "$work/out-7"
kill "$sender_pid"
wait "$sender_pid" || fail "exit status $? after nonsense"
sender_pid=

# too large: the next batch is half of it, until it passes
forget_requests
order status:413 status:413:1
messages 8
guitai sync >"$work/out-5" 2>&1 &
sender_pid=$!
until_true 25 none_waits
[ "$(requests | jq -r .messages | head -3 | tr '\n' ' ')" = "8 4 2 " ] || fail "halving: $(requests | jq -r .messages | tr '\n' ' ')"
kill "$sender_pid"
wait "$sender_pid"
sender_pid=

# a database that is not there, and a password that is wrong, are told apart
PGPORT=1 run 6 guitai sync --once
printf '*:*:*:*:wrong\n' >"$work/wrong"
chmod 600 "$work/wrong"
PGPASSFILE="$work/wrong" run 4 guitai sync --once
PGPASSFILE="$work/wrong" run 4 guitai sync
run 2 guitai sync --twice

# a hall that hangs does not hold the others up
sql "insert into sync.peer (own, division, name, url, relation, inner_key, outer_key)
     select own, '320322', '沛县', url, 'same', inner_key, outer_key from sync.peer where division = '320300'"
sql "select sync.message_add(p, null, '', 0, 'notice', null, '{}') from sync.peer p where division = '320322'" >/dev/null
order slow:6
service 4
until_true 10 sh -c "grep -q slow:6 '$hall/requests'"
messages 20
sql "notify guitai"
until_true 4 sh -c "[ \"\$(PGHOST='$boss_host' PGPORT='$boss_port' PGUSER=postgres PGPASSFILE='$boss_pass' PGSSLMODE=prefer PGCHANNELBINDING=prefer psql -qAtX $database -c \"select count(*) from sync.outbox where peer = '320300' and state = 'waiting'\")\" = 0 ]"
kill -9 "$sender_pid"
wait "$sender_pid" 2>/dev/null
sender_pid=
done_testing
