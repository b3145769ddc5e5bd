#!/usr/bin/env bash
# A clerk with any SQL client reaches the functions of api and nothing else.
set -u
. "$(dirname "$0")/lib.sh"
person zhang

for table in data.case_file data.case_material data.decision data.item_version data.staff data.applicant data.paper \
    data.counter data.request data.draft data.calendar_day data.rule audit.case_event audit.refusal audit.sign_on; do
    denied "reading $table" "select * from $table limit 1"
    denied "deleting from $table" "delete from $table"
done
denied "writing a case" "insert into data.case_file (number) values ('1')"
denied "changing an item's version" "update data.item_version set promise_days = 0"
denied "an inner function" "select data.clock()"
denied "the administrator's functions" "select api_admin.staff__list(null, null, 5)"
denied "another role" "set role guitai_api"
denied "another session" "set session authorization li"
denied "a table of one's own" "create temp table staff (login text)"
denied "a table in public" "create table public.staff (login text)"
denied "a large object" "select lo_create(0)"
denied "a role of one's own" "create role helper"
denied "reading files" "select pg_read_file('/etc/passwd')"
denied "other people's password digests" "select rolpassword from pg_authid"
denied "replacing a function" "create or replace function api.me() returns jsonb language sql as 'select null::jsonb'"
denied "switching the rules off" "set session_replication_role = replica"

# A setting that looks like an identity changes nothing.
got=$(sql "set application_name = 'li'; set search_path = pg_temp, public; select api.me()->'staff'->>'login'")
[ "$got" = zhang ] || fail "identity followed a setting: $got"

# Rows of other departments and of the applicant's full number stay out of sight.
person chen
number=$(as_admin "select number from data.case_file f join data.department d on d.id = f.department
                    where d.code = 'SCJG' limit 1")
[ -n "$number" ] || fail "there is no case of another department to try"
got=$(sql "select api.case__show('$number')") && fail "another department's case was shown: $got"
case $got in *"$number"*) ;; *) fail "showing failed for another reason: $got" ;; esac
got=$(sql "select count(*) from api.case__search('$number', null, 10)")
[ "$got" = 0 ] || fail "another department's case was found: $got"
person zhang
got=$(sql "select count(*) from api.case__queue(null, null, 100) q
            where q.department_name <> (select api.me()->'department'->>'name')")
[ "$got" = 0 ] || fail "the queue shows other departments: $got"
full=$(as_admin "select id_number from data.case_file where number = '$number'")
case $(sql "select api.case__show('$number')") in *"$full"*) fail "the full number is shown unasked" ;; esac

# Without TLS, or with a wrong password, nobody comes in.
got=$(PGSSLMODE=disable PGCHANNELBINDING=prefer sql "select 1") && fail "signed in without TLS"
case $got in *"no encryption"*) ;; *) fail "refused for another reason than missing TLS: $got" ;; esac
printf '*:*:*:*:wrong\n' >"$work/pass"
got=$(sql "select 1") && fail "signed in with a wrong password"
case $got in *"password authentication failed"*) ;; *) fail "refused for another reason than the password: $got" ;; esac
done_testing
