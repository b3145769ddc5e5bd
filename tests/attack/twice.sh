#!/usr/bin/env bash
# Nothing happens twice: repeated requests, simultaneous ones, clients killed in the middle; numbers without gaps.
set -u
. "$(dirname "$0")/lib.sh"
person zhang

# The same request again gives the first answer; the same id with other content is refused.
request=$(uuid) id=$(new_id)
first=$(sql "select $(accept_sql "$request" "$id")")
after=$(sql "select api.case__after('$request')")
again=$(sql "select $(accept_sql "$request" "$id")")
[ "$first" = "$again" ] || fail "the repeated request got another answer: $first / $again"
# What follows it is made again from the same rows: the paper that the applicant reads must not differ.
case $after in *'"number": "'"$(sql "select '$first'::jsonb ->> 'number'")"'"'*) ;; *) fail "no paper's data behind the act: $after" ;; esac
got=$(sql "select api.case__after('$request')")
[ "$after" = "$got" ] || fail "what follows the repeated request differs: $after / $got"
got=$(sql "select api.case__after('$(uuid)')")
[ "$got" = '{}' ] || fail "a request that was never made is followed by: $got"
got=$(person li && sql "select api.case__after('$request')")
[ "$got" = '{}' ] || fail "another person got what follows the request: $got"
refused GT003 "$(accept_sql "$request" "$(new_id)")"
got=$(as_admin "select count(*) from data.case_file where id_number = '$id'")
[ "$got" = 1 ] || fail "$got cases from one request"

# Twelve at once, one request: one case.
request=$(uuid) id=$(new_id)
for _ in {1..12}; do sql "select $(accept_sql "$request" "$id")->>'number'" >>"$work/same" & done
wait
[ "$(sort -u "$work/same" | wc -l)" = 1 ] || fail "twelve equal requests got different answers: $(sort -u "$work/same")"
got=$(as_admin "select count(*) from data.case_file where id_number = '$id'")
[ "$got" = 1 ] || fail "$got cases from twelve equal requests"

# Twelve at once, one applicant and item, different requests: one case, eleven refusals.
id=$(new_id)
for _ in {1..12}; do sql "select coalesce(r->>'number', r->>'code') from $(accept_sql "$(uuid)" "$id") r" >>"$work/race" & done
wait
[ "$(grep -cE '^[0-9]{19}' "$work/race")" = 1 ] || fail "the race for one applicant gave: $(sort "$work/race" | uniq -c)"

# Two verifiers at once: one decision.
number=$(accepted)
sql "select $(act_sql "$number" review_agree "'材料齐全，同意。'")" >/dev/null
for who in li wu; do
    (
        person $who
        sql "select coalesce(r->>'state', r->>'code') from $(act_sql "$number" grant "'准予登记。'") r" >>"$work/verify"
    ) &
done
wait
[ "$(grep -c granted "$work/verify")" = 1 ] || fail "two verifiers at once: $(cat "$work/verify")"

# Clients killed with the act under way, again and again; then the numbers of the window and day have no gap and no double.
for _ in {1..10}; do
    psql -XAtq -c "begin; select $(accept_sql "$(uuid)" "$(new_id)"); select pg_sleep(1); commit" >/dev/null 2>&1 &
    client=$!
    accepted >/dev/null &
    sleep 0.1
    kill -9 $client
    wait
done 2>/dev/null
# A killed client's backend notices at the end of its statement; only then is its number given back.
until [ "$(as_admin "select count(*) from pg_stat_activity where query like '%pg_sleep(1)%' and pid <> pg_backend_pid()")" = 0 ]; do
    sleep 0.1
done
got=$(as_admin "select c.last - count(f.number) from data.counter c
                  left join data.case_file f on f.division = c.division and f.window_code = c.window_code
                       and substr(f.number, 9, 6) = to_char(c.day, 'YYMMDD')
                 where c.window_code = '03' and c.day = data.today() group by c.last")
[ "$got" = 0 ] || fail "the serials of window 03 have $got gaps"
got=$(as_admin "select count(*) from api_admin.audit__verify(null) where not ok")
[ "$got" = 0 ] || fail "$got chains are broken"
done_testing
