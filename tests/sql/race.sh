#!/bin/bash
# Two sessions at once, under real logins. Prints TAP.
# usage: race.sh DATABASE   (libpq environment of a superuser; the fixture is loaded)
set -u
db=$1
n=0
bad=0
say() { # say STATUS NAME
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi
}
root() { psql -XAtq -v ON_ERROR_STOP=1 -d "$db" -c "$1"; }
as() { PGUSER=$1 PGPASSWORD=$word psql -XAtq -w -d "$db" -c "$2" 2>&1; }
is() { # is HAVE WANT NAME
    [ "$1" = "$2" ]
    local status=$?
    say $status "$3"
    [ $status = 0 ] || echo "#   have: $1"$'\n'"#   want: $2"
}
accept() { # accept LOGIN WINDOW REQUEST N [ITEM]
    as "$1" "select api.case__accept('$3', '$2', '${5:-0001}', 1, 'person', 'citizen', '$(root "select test.citizen($4)")', '王小明', '13800000000',
        null, null, null, '[{\"no\":1,\"state\":\"original\"},{\"no\":2,\"state\":\"checked\"}]', null, null)"
}
uuid() { cat /proc/sys/kernel/random/uuid; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# the fixture's people sign in as real ones do; a cluster that trusts its socket does not ask
word=$(uuid)
for person in t_bo t_dong t_er; do root "alter role $person password '$word'" || exit 1; done
as t_bo 'select 1' >/dev/null || { echo "Bail out! the fixture's people cannot sign in"; exit 1; }

# --- one request sent twice at the same moment (a lost connection, an impatient retry): one case, one answer
id=$(uuid)
for i in 1 2 3 4 5 6; do accept t_bo 02 "$id" 20001 >"$tmp/same.$i" & done
wait
is "$(sort -u "$tmp"/same.* | wc -l)" 1 "six simultaneous repeats get one answer"
is "$(root "select count(*) from data.case_file where id_number = test.citizen(20001)")" 1 "and make one case"

# --- the same applicant and item at two windows at the same moment: one is accepted, the other told
for i in 1 2 3 4 5 6 7 8; do accept t_bo 0$((2 + i % 2 * 2)) "$(uuid)" 20002 >"$tmp/dup.$i" & done
wait
is "$(grep -c '"ok": true' "$tmp"/dup.* | awk -F: '{s += $2} END {print s}')" 1 "of eight windows one accepts"
is "$(grep -lE 'GT036|GT037' "$tmp"/dup.* | wc -l)" 7 "the others are told of the open case"
is "$(root "select count(*) from data.case_file where id_number = test.citizen(20002)")" 1 "one case exists"

# --- many cases at two windows at once: serials without gap or double, whatever fails in between
for w in 02 04; do
    for i in 1 2 3 4; do
        (for k in 1 2 3 4 5; do
            accept t_bo $w "$(uuid)" $((21000 + 10#$w * 100 + i * 10 + k))
            accept t_bo $w "$(uuid)" $((21000 + 10#$w * 100 + i * 10 + k)) # refused: the number must not be used up
        done >"$tmp/many.$w.$i") &
    done
done
wait
is "$(root "select bool_and(cnt = top) and min(cnt) >= 20 from (select count(*) as cnt, max(substr(number, 15, 4)::int) as top
    from data.case_file where division = '320300' and window_code in ('02', '04') group by window_code) x")" t "no gap and no double under eight desks"
is "$(root "select count(*) = count(distinct number) from data.case_file")" t "every number once"

# --- a list of materials that nobody handed in before, met by eight desks at once: one set, every case names it
accept_copies() { # accept_copies LOGIN WINDOW N
    as "$1" "select api.case__accept('$(uuid)', '$2', '0001', 1, 'person', 'citizen', '$(root "select test.citizen($3)")', '王小明', '13800000000',
        null, null, null, '[{\"no\":1,\"state\":\"original\",\"copies\":7},{\"no\":2,\"state\":\"copy\",\"copies\":9}]', null, null)"
}
before=$(root "select count(*) from data.material_set")
for i in 1 2 3 4 5 6 7 8; do accept_copies t_bo 0$((2 + i % 2 * 2)) $((21900 + i)) >"$tmp/set.$i" & done
wait
is "$(grep -c '"ok": true' "$tmp"/set.* | awk -F: '{s += $2} END {print s}')" 8 "eight desks meet a new list of materials"
is "$(root "select count(*) - $before from data.material_set")" 1 "it is kept once"
is "$(root "select string_agg(distinct l.no || ':' || l.state || ':' || l.copies, ',') from data.case_file f join data.material_line l using (material_set)
    where f.id_number in (select test.citizen(21900 + i) from generate_series(1, 8) i) and l.no < 3")" "1:original:7,2:copy:9" "and is what all of them took"

# --- two verifiers decide one case at the same moment: one decision, the other finds the case moved
number=$(accept t_bo 02 "$(uuid)" 22001 0002 | sed 's/.*"number": "\([0-9]*\)", "query.*/\1/')
number=$(root "select number from data.case_file where id_number = test.citizen(22001)")
as t_bo "select api.case__act(gen_random_uuid(), '$number', 'review_agree', '材料齐全', null)" >/dev/null
as t_dong "select api.case__act(gen_random_uuid(), '$number', 'grant', '符合条件, 准予', null)" >"$tmp/two.1" &
as t_er "select api.case__act(gen_random_uuid(), '$number', 'refuse', '不符合条件, 不予', null)" >"$tmp/two.2" &
wait
is "$(grep -l '"ok": true' "$tmp"/two.* | wc -l)" 1 "one of two verifiers decides"
is "$(grep -l 'GT041' "$tmp"/two.* | wc -l)" 1 "the other finds it decided"
is "$(root "select count(*) from data.decision d join data.case_file f on f.id = d.case_id where f.number = '$number'")" 2 "two decision rows, never three"

# --- a desk that stalls with its transaction open holds up nobody else for long (lock_timeout), and is cut off (5 s)
(
    echo "begin;"
    echo "select api.case__accept(gen_random_uuid(), '02', '0001', 1, 'person', 'citizen', '$(root "select test.citizen(23001)")', '停住', '13800000000', null, null, null, '[{\"no\":1,\"state\":\"original\"},{\"no\":2,\"state\":\"checked\"}]', null, null);"
    sleep 7
    echo "commit;"
) | PGUSER=t_bo PGPASSWORD=$word psql -XAtq -w -d "$db" >"$tmp/stall" 2>&1 &
sleep 0.7
begin=$(date +%s%N)
other=$(accept t_bo 02 "$(uuid)" 23002)
spent=$((($(date +%s%N) - begin) / 1000000))
echo "$other" | grep -q 'lock timeout'
say $? "the same window gives up after lock_timeout"
[ $spent -lt 4000 ]
say $? "within four seconds (${spent} ms)"
begin=$(date +%s%N)
accept t_bo 04 "$(uuid)" 23003 | grep -q '"ok": true'
say $? "another window is not held up"
[ $((($(date +%s%N) - begin) / 1000000)) -lt 1500 ]
say $? "at all"
wait
is "$(root "select count(*) from data.case_file where id_number = test.citizen(23001)")" 0 "the stalled desk was cut off and left nothing"
accept t_bo 02 "$(uuid)" 23004 | grep -q '"ok": true'
say $? "its window works again"

# --- a notice of holidays is loaded while desks act: no lost event, every chain whole
(for k in 1 2 3 4 5 6 7 8 9 10; do accept t_bo 04 "$(uuid)" $((24000 + k)) 0002; done >"$tmp/load.1") &
for k in 1 2 3; do
    root "select api_admin.calendar__load(gen_random_uuid(), extract(year from data.today())::int, '文$k', jsonb_build_array(jsonb_build_object(
        'date', to_char(data.today() + $k, 'YYYY-MM-DD'), 'kind', 'off')))" >/dev/null 2>&1
done
wait
is "$(root "select count(*) from api_admin.audit__verify() where not ok")" 0 "every chain of the database is whole"
is "$(root "select count(*) from data.case_file f where f.decided_at is null and f.promise_due <>
    (select d.due from data.due(data.hall_day(f.accepted_at), f.promise_days) d)")" 0 "every open limit is the calendar's"

# --- doors that only a real session can try
is "$(as t_bo 'copy data.case_file to stdout' | grep -c 'permission denied')" 1 "no COPY"
is "$(as t_bo 'set session authorization t_dong' | grep -c 'permission denied')" 1 "nobody becomes another"
is "$(as t_bo 'create temp table staff (a int)' | grep -c 'permission denied')" 1 "no temporary table stands in the way of a name"
is "$(as t_bo 'alter system set fsync = off' | grep -c 'permission denied\|must be superuser')" 1 "no setting of the server"
is "$(as t_bo 'show lock_timeout')" 2s "a clerk's session waits two seconds for a lock"
is "$(as t_bo 'show idle_in_transaction_session_timeout')" 5s "and is cut off when idle in a transaction"
is "$(as t_bo 'show search_path')" '""' "and has an empty search path"
echo "1..$n"
exit $bad
