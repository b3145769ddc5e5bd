#!/usr/bin/env bash
# Records altered behind the functions: triggers refuse it even to the tables' owner, and when an administrator switches
# those off, the chain names the case and the event. Everything is rolled back.
set -u
. "$(dirname "$0")/lib.sh"
person zhang
number=$(accepted)
[ -n "$number" ] || fail "no case to work with: $(sql "select $(accept_sql "$(uuid)" "$(new_id)")" | cut -c1-300)"
sql "select $(act_sql "$number" review_agree "'材料齐全，同意。'")" >/dev/null

for change in "update audit.case_event set opinion = '改' where seq = 2" "delete from audit.case_event where seq = 2" \
    "update data.item_version set promise_days = 0" "delete from data.item_version" "update data.decision set opinion = '改了'" \
    "truncate audit.case_event"; do
    got=$(as_admin "set role guitai_owner; $change") && fail "the owner could: $change $got"
done

# tampered WHAT SQL: after it the chain of the case no longer verifies.
tampered() {
    local got
    got=$(as_admin "begin; set session_replication_role = replica; $2;
                    set session_replication_role = origin;
                    select ok, broken_at from api_admin.audit__verify('$number'); rollback" | grep -E '^[tf]\|')
    case $got in f\|*) ;; *) fail "$1 was not noticed: $got" ;; esac
}
of="case_id = (select id from data.case_file where number = '$number')"
tampered "an altered opinion" "update audit.case_event set opinion = '不同意' where $of and seq = 2"
tampered "another person" "update audit.case_event set staff = staff + 1 where $of and seq = 2"
tampered "a moved time" "update audit.case_event set at = at - interval '1 day' where $of and seq = 1"
tampered "a missing last event" "delete from audit.case_event where $of and seq = 2"
tampered "a missing first event" "delete from audit.case_event where $of and seq = 1"
tampered "another applicant" "update data.case_file set name = '李四' where number = '$number'"
tampered "another material" "update data.material_line set state = 'missing' where no = 1
    and material_set = (select material_set from data.case_file where number = '$number')"
tampered "another promise" "update data.case_file set promise_days = 9 where number = '$number'"
while read -r column value; do
    tampered "another $column" "update data.case_file set $column = $value where number = '$number'"
done <<'COLUMNS'
promise_due promise_due + 1
statute_due statute_due + 1
due_provisional not due_provisional
round round + 1
reviewed_by null
verified_by reviewed_by + 1
signed_by reviewed_by + 1
decided_at accepted_at
result 'grant'
closed_at accepted_at
received_at received_at - interval '1 day'
origin '320321'
COLUMNS
tampered "a fee" "insert into data.case_fee select id, division, item, item_version, 1, 1 from data.case_file where number = '$number'"
tampered "a decision from above" "insert into data.upper_decision select id, round, 'grant', accepted_at, '省', '局', '甲', '同意', '乙', null, null,
    null, '准予', '[]', '府' from data.case_file where number = '$number'"
tampered "another authorisation" "update data.decision set authorisation = 1 where $of"
tampered "an altered copy of the opinion" "update data.decision set opinion = '不同意' where $of"
tampered "a removed decision" "delete from data.decision where $of"
got=$(as_admin "select ok from api_admin.audit__verify('$number')")
[ "$got" = t ] || fail "the untouched case does not verify: $got"
done_testing
