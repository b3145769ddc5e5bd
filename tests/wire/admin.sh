#!/usr/bin/env bash
# Pairing two halls, and proving that both ledgers are the same.
set -u
. "$(dirname "$0")/lib.sh"
station
as_boss
export PGDATABASE=$database

run 0 guitai-admin peer list
says 徐州市
run 0 guitai-admin peer list --json
[ "$(printf '%s' "$out" | jq -r '.[0].relation')" = upper ] || fail "peer list --json: $out"

# a secret is made into a file that nobody else reads, and never over another
run 0 guitai-admin peer add 320322 --name 沛县 --url https://localhost:1 --relation same --make-secret "$work/new"
[ "$(stat -c %a "$work/new")" = 600 ] || fail "mode $(stat -c %a "$work/new")"
grep -qE '^[0-9a-f]{64}$' "$work/new" || fail "no secret"
case $out in *"$(cat "$work/new")"*) fail "the secret was printed" ;; esac
run 7 guitai-admin peer add 320322 --name 沛县 --url https://localhost:1 --relation same --make-secret "$work/new"
# its address changes, the secret stays
before=$(sql "select inner_key from sync.peer where division = '320322'")
run 0 guitai-admin peer add 320322 --name 沛县 --url https://localhost:2 --relation same
[ "$(sql "select inner_key from sync.peer where division = '320322'")" = "$before" ] || fail "the secret changed"
printf 'too short' >"$work/short"
run 2 guitai-admin peer add 320322 --name 沛县 --url https://localhost:2 --relation same --secret "$work/short"
run 3 guitai-admin peer add 320322 --name 沛县 --url http://localhost:2 --relation same
complains https
run 2 guitai-admin peer add 320322 --name 沛县
run 0 guitai-admin peer end 320322
run 3 guitai-admin peer end 320322

run 0 guitai-admin sync set --duplicate-days 90 --report-minutes 30 --make-duplicate-key "$work/key"
[ "$(sql "select duplicate_days || '/' || report_minutes from sync.setting where own = '320321'")" = 90/30 ] || fail "sync set"
run 0 guitai-admin sync set --compare-at 03:30
[ "$(sql "select compare_at from sync.setting where own = '320321'")" = 03:30:00 ] || fail "compare at"
run 2 guitai-admin sync set --compare-at 25:00
complains 25:00
run 3 guitai-admin sync set --duplicate-days 0
run 2 guitai-admin sync set

# the endpoint's sign-in may receive, and read nothing
printf 'endpoint-password' >"$work/endpoint.pass"
name=endpoint_wire_$$
run 0 guitai-admin endpoint-login $name --password-file "$work/endpoint.pass"
run 0 guitai-admin endpoint-login $name --password-file "$work/endpoint.pass"
run 3 guitai-admin endpoint-login courier_fx --password-file "$work/endpoint.pass"
run 3 guitai-admin endpoint-login postgres --password-file "$work/endpoint.pass"
printf '*:*:*:*:endpoint-password\n' >"$work/endpoint.pgpass"
chmod 600 "$work/endpoint.pgpass"
PGUSER=$name PGPASSFILE="$work/endpoint.pgpass" psql -qAtX -c "select count(*) from sync.outbox" 2>"$work/err" && fail "the endpoint reads the outbox"
[ "$(PGUSER=$name PGPASSFILE="$work/endpoint.pgpass" psql -qAtX -c "select has_schema_privilege('api_sync', 'usage')")" = t ] || fail "the endpoint reaches nothing"

# the ledgers
person courier_fx
export PGDATABASE=$database
messages 3
run 0 guitai sync --once
as_boss
export PGDATABASE=$database
today=$(sql "select data.today()")
lines=$(sql "select string_agg(concat_ws('|', id, digest, answer ->> 'answer') || E'\n', '' order by id::text collate \"C\") from sync.outbox where answered_at is not null")
digest=$(printf '%s\n' "$lines" | sha256sum | cut -d' ' -f1)
empty=$(printf '' | sha256sum | cut -d' ' -f1)
printf '{"protocol":1,"days":[{"day":"%s","received":{"count":3,"digest":"%s"},"sent":{"count":0,"digest":"%s"}}]}' "$today" "$digest" "$empty" >"$hall/ledger-since"
run 0 guitai-admin reconcile --peer 320300 --since "$today"
says "$today"
run 0 guitai-admin reconcile --peer 320300 --since "$today" --json
[ "$(printf '%s' "$out" | jq -r .equal)" = true ] || fail "not equal: $out"

# they lack one, have one that we do not know, and hold another digest of a third
printf '{"protocol":1,"days":[{"day":"%s","received":{"count":3,"digest":"%s"},"sent":{"count":0,"digest":"%s"}}]}' "$today" "$empty" "$empty" >"$hall/ledger-since"
entries=$(sql "select json_agg(json_build_object('id', id, 'side', 'received', 'case', number, 'kind', kind, 'digest',
    case n when 1 then repeat('0', 64) else digest end, 'answer', answer ->> 'answer')) from (select o.*, row_number() over (order by id) n from sync.outbox o
    where answered_at is not null) o where n < 3")
stranger=$(cat /proc/sys/kernel/random/uuid)
printf '{"protocol":1,"entries":%s}' "$(printf '%s' "$entries" | jq -c ". + [{id: \"$stranger\", side: \"received\", \"case\": \"\", kind: \"notice\", digest: \"$digest\", answer: \"taken\"}]")" >"$hall/ledger-day"
run 1 guitai-admin reconcile --peer 320300 --since "$today" --json
[ "$(printf '%s' "$out" | jq '.differences | length')" = 3 ] || fail "differences: $out"
printf '%s' "$out" | jq -r '.differences[].en' | sort | tr '\n' ';' | grep -q 'digests differ;missing at the peer;missing here;' || fail "differences: $out"
run 1 guitai-admin reconcile --peer 320300 --since "$today"
says "$stranger"
# an administrator who is no superuser and no clerk
admin=reconciler_$$
sql "create role $admin login in role guitai_admin password 'admin-password'"
printf '*:*:*:*:admin-password\n' >"$work/admin.pgpass"
chmod 600 "$work/admin.pgpass"
PGUSER=$admin PGPASSFILE="$work/admin.pgpass" run 1 guitai-admin reconcile --peer 320300 --since "$today" --json
[ "$(printf '%s' "$out" | jq '.differences | length')" = 3 ] || fail "differences for an administrator: $out"
# a clerk without such a duty
person anping
export PGDATABASE=$database
run 3 guitai-admin reconcile --peer 320300 --since "$today" --division 320321
as_boss
export PGDATABASE=$database

printf 'nonsense' >"$hall/ledger-since"
run 2 guitai-admin reconcile --peer 320300 --since "$today"
run 3 guitai-admin reconcile --peer 320399 --since "$today"
run 2 guitai-admin reconcile --peer 320300 --since yesterday
hall_close
run 6 guitai-admin reconcile --peer 320300 --since "$today"
(as_boss && dropdb --force "$database" && dropuser $name && dropuser $admin)
done_testing
