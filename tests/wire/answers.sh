#!/usr/bin/env bash
# What the other hall answers, and what becomes of the messages: nothing is lost, nothing is believed without its mac, and
# the reason stands in words.
set -u
. "$(dirname "$0")/lib.sh"
station

# taken: 250 messages in batches of at most 100, each once
messages 250
run 0 guitai sync --once
says "100 件"
[ "$(taken)" = 250 ] || fail "taken: $(taken) of 250"
[ "$(sort "$hall/stored" | uniq -d | wc -l)" = 0 ] || fail "stored twice"
[ "$(requests | jq -s 'map(.messages) | max')" = 100 ] || fail "batches: $(requests | jq -c .messages)"
[ "$(requests | jq -r .from | sort -u)" = 320321 ] || fail "from"

# nothing waits: nothing is sent
forget_requests
run 0 guitai sync --once
[ "$(count_requests)" = 0 ] || fail "requests though nothing waits"

# again CASE STATUS WORDS: the messages wait with that reason, and go when the hall is well again
again() {
    [ "$(waiting)" = "$1" ] || fail "$2: $(waiting) wait instead of $1"
    case $(last_answer) in *"$2"*) ;; *) fail "wanted “$2”, got: $(last_answer)" ;; esac
    due
    run 0 guitai sync --once
    [ "$(waiting)" = 0 ] || fail "$2: still waiting"
}

messages 3 && order status:503:1800
run 6 guitai sync --once
[ "$(next_minutes)" = 30 ] || fail "Retry-After: next try in $(next_minutes) minutes"
again 3 忙

messages 3 && order later:600
run 0 guitai sync --once --json
[ "$(printf '%s' "$out" | jq -r .later)" = 3 ] || fail "later: $out"
[ "$(next_minutes)" = 10 ] || fail "later: next try in $(next_minutes) minutes"
again 3 later

messages 2 && order nonsense
run 6 guitai sync --once
again 2 读不懂

messages 2 && order bytes
run 6 guitai sync --once
again 2 读不懂

messages 2 && order endless
run 6 guitai sync --once
again 2 过长

messages 2 && order elsewhere
run 6 guitai sync --once
[ "$(count_requests)" -ge 1 ] || fail "no request"
again 2 302

messages 2 && order forged
run 0 guitai sync --once
[ "$(sql "select count(*) from sync.alarm where zh like '%校验码%'")" = 2 ] || fail "no alarm about a wrong mac"
again 2 taken

messages 2 && order version
run 3 guitai sync --once --json
[ "$(printf '%s' "$out" | jq -r .alarm)" = true ] || fail "another version is no alarm: $out"
[ "$(next_minutes)" = 60 ] || fail "another version: next try in $(next_minutes) minutes"
again 2 版本

for status in 400 403 404; do
    messages 1 && order status:$status
    run 3 guitai sync --once
    [ "$(next_minutes)" = 60 ] || fail "$status: next try in $(next_minutes) minutes"
    [ "$(sql "select count(*) from sync.alarm where zh like '徐州市: %$status%'")" = 1 ] || fail "$status: no alarm"
    again 1 $status
done

messages 4 && order half
run 0 guitai sync --once
again 2 没有逐件答复

# stored, but the answer was lost or cut: repeated, and the hall has each once
for trouble in lost cut; do
    messages 3 && order $trouble
    run 6 guitai sync --once
    again 3 中断
done
[ "$(sort "$hall/stored" | uniq -d | wc -l)" = 0 ] || fail "stored twice after a lost answer"
[ "$(sort -u "$hall/stored" | wc -l)" = "$(taken)" ] || fail "stored $(wc -l <"$hall/stored"), taken $(taken)"

# large ones: no request is over 2 MiB, and none is held up by that
sql "select sync.message_add(p, null, '', 0, 'notice', null, jsonb_build_object('subject', 'x', 'text', repeat('意见\"\\', 20000),
        'case', null, 'by', '测试')) from sync.peer p, generate_series(1, 30)" >/dev/null
forget_requests
run 0 guitai sync --once
[ "$(waiting)" = 0 ] || fail "large: $(waiting) wait"
[ "$(requests | jq -s 'map(.bytes) | max')" -le 2097152 ] || fail "a request of $(requests | jq -s 'map(.bytes) | max') bytes"
[ "$(count_requests)" -le 12 ] || fail "large: $(count_requests) requests"

# a case's messages keep their order, while another case overtakes
case_message() {
    sql "select sync.message_add(p, null, '$1', $2, 'up', null, '{}') from sync.peer p" >/dev/null
}
case_message A 1 && case_message A 2 && case_message B 1 && order later:600 take
forget_requests
run 0 guitai sync --once
[ "$(requests | jq -r '.cases | sort | join(" ")' | tr '\n' ';')" = "A1 B1;" ] || fail "order: $(requests | jq -c .cases)"
sql "update sync.outbox set next_try = data.clock() where number = 'B'"
run 0 guitai sync --once
[ "$(sql "select string_agg(number || ord, ' ' order by number, ord) from sync.outbox where state = 'waiting'")" = "A1 A2" ] || fail "B did not overtake"
forget_requests
due
run 0 guitai sync --once
[ "$(requests | jq -r '.cases | join(" ")' | tr '\n' ';')" = "A1;A2;" ] || fail "order: $(requests | jq -c .cases)"

# away: the reason in words, then it comes back
hall_close
messages 1
run 6 guitai sync --once
[ "$(sql "select count(*) from sync.peer where problem like '%连接不上%'")" = 1 ] || fail "problem of the peer: $(sql 'select problem from sync.peer')"
hall_open "$hall_port"
again 1 连接不上
[ -z "$(sql 'select problem from sync.peer')" ] || fail "the problem stays though the hall is back"

done_testing
