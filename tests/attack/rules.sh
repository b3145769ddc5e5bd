#!/usr/bin/env bash
# Unlawful acts by raw SQL: refused by the database with the rule's code, nothing changed, the try on record.
set -u
. "$(dirname "$0")/lib.sh"
person zhang
cases() { as_admin "select count(*) from data.case_file"; }
before=$(cases)

accept() { accept_sql "$(uuid)" "$(new_id)" "$@"; }
refused GT020 "$(accept "item='9999'")"
refused GT022 "$(accept item_version=77)"
refused GT025 "$(accept "materials='[{\"no\":1,\"state\":\"original\"}]'")"
refused GT026 "$(accept "materials='[{\"no\":99,\"state\":\"original\"}]'")"
refused GT038 "$(accept "extra='{\"form\":\"P\",\"bribe\":\"100\"}'")"
refused GT012 "$(accept "window='07'")"
refused GT011 "$(accept "window='77'")"
refused GT030 "$(accept_sql "$(uuid)" 110105194912310021)"
refused GT031 "$(accept_sql "$(uuid)" 110105194902300025)"
refused GT005 "$(accept "name='  '")"
refused GT035 "$(accept "phone='12'")"
[ "$(cases)" = "$before" ] || fail "a refused act left a case behind"

# An item that has ended is refused with the document that ended it; the day before its end it was taken.
person tang
refused GT021 "$(accept "item='0919'" "window='13'" "materials='[]'" "extra='{}'")"
got=$(sql "select ($(accept "item='0919'" "window='13'" "materials='[]'" "extra='{}'"))->>'message'")
case $got in *"徐政服〔演示〕27号"*) ;; *) fail "the refusal does not name the ending document: $got" ;; esac
person zhang

# A lock that acceptances wait for is nobody's to take, and an old snapshot does nothing.
for lock in 'pg_advisory_lock(7318, 2)' 'pg_advisory_xact_lock(7319, 1)' 'pg_try_advisory_lock(1)'; do
    case $(PGUSER=zhang psql -XAtq -c "select $lock" 2>&1) in *"permission denied"*) ;; *) fail "a clerk takes $lock" ;; esac
done
got=$(psql -XAtq -c 'begin isolation level repeatable read' -c "select $(accept)" -c commit)
case $got in *GT002*) ;; *) fail "an acceptance on an old snapshot: $got" ;; esac

# A full number is told only when the reason for it stands in the record.
number=$(accepted)
request=$(uuid)
got=$(psql -XAtq -c begin -c "select api.case__unmask('$request', '$number', '电话核对身份')" -c "select api.case__unmasked('$request')" -c rollback 2>&1)
case $got in *GT048* | *尚未记录*) ;; *) fail "a number without a trace: $got" ;; esac
sql "select api.case__unmask('$request', '$number', '电话核对身份')" >/dev/null
got=$(sql "select api.case__unmasked('$request') ->> 'id_number'")
[ ${#got} = 18 ] || fail "a recorded reason shows no number: $got"
person tang
case $(sql "select api.case__unmasked('$request')" 2>&1) in *尚未记录*) ;; *) fail "another's reason shows a number" ;; esac
person zhang

# One review, one verification, two persons; no step outside the table; a definite opinion.
number=$(accepted)
[ -n "$number" ] || fail "no case to work with: $(sql "select $(accept_sql "$(uuid)" "$(new_id)")" | cut -c1-300)"
refused GT041 "$(act_sql "$number" grant "'准予登记。'")"
refused GT018 "$(act_sql "$number" review_agree "'  '")"
refused GT018 "$(act_sql "$number" review_agree "'张敏'")"
refused GT041 "$(act_sql "$number" seal null)"
refused GT042 "$(act_sql "$number" approve_everything "'好'")"
sql "select $(act_sql "$number" review_agree "'材料齐全，同意。'")" >/dev/null
refused GT041 "$(act_sql "$number" review_agree "'再审一次。'")"

refused GT010 "$(act_sql "$number" grant "'准予登记。'")"

# The same person with both duties: the two-person rule itself, also when the administrator writes by hand.
as_admin "insert into data.post (staff, duty, department, valid_from)
          select s.id, 'verify', s.department, current_date - 1 from data.staff s where s.login = 'zhang'" >/dev/null
as_admin "insert into data.authorisation (staff, department, duty, document_no, valid_from, valid_to)
          select s.id, s.department, 'verify', '演示9号', current_date - 1, current_date + 9 from data.staff s
           where s.login = 'zhang'" >/dev/null
refused GT017 "$(act_sql "$number" grant "'自己核准。'")"
got=$(as_admin "update data.case_file set verified_by = reviewed_by where number = '$number'") &&
    fail "the constraint of two persons let one person do both"
case $got in *two_persons*) ;; *) fail "something else than the constraint refused: $got" ;; esac
as_admin "delete from data.post where duty = 'verify' and staff = (select id from data.staff where login = 'zhang');
          delete from data.authorisation where document_no = '演示9号'" >/dev/null

# A decided spot case has exactly two decisions and takes no third.
person li
sql "select $(act_sql "$number" grant "'准予登记。'")" >/dev/null
refused GT041 "$(act_sql "$number" grant "'再准一次。'")"
got=$(as_admin "select count(*) from data.decision d join data.case_file f on f.id = d.case_id where f.number = '$number'")
[ "$got" = 2 ] || fail "$got decisions instead of 2"

# A credential serves on its last day and stops its holder from the day after.
person zhang
number=$(accepted)
sql "select $(act_sql "$number" review_agree "'材料齐全，同意。'")" >/dev/null
kept=$(as_admin "select c.valid_to from data.credential c join data.staff s on s.id = c.staff where s.login = 'li'")
last_day() {
    as_admin "update data.credential set valid_to = $1
               where staff = (select id from data.staff where login = 'li')" >/dev/null || fail "valid_to cannot be set"
}
person li
last_day "data.today() - 1"
refused GT016 "$(act_sql "$number" grant "'准予登记。'")"
last_day "data.today()"
got=$(sql "select ($(act_sql "$number" grant "'准予登记。'"))->>'state'")
[ "$got" = granted ] || fail "a credential did not serve on its last day: $got"
last_day "'$kept'"
done_testing
