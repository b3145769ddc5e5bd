#!/bin/bash
# Build a database from sql/manifest, load the fixture, run every *.pg with pg_prove, then the race specs.
# Needs the libpq environment of a superuser (PGHOST, PGUSER, ...) of a cluster that may be written to.
# usage: run.sh [DATABASE] [FILE.pg ...]
set -u
here=$(cd "$(dirname "$0")" && pwd)
sql=$(cd "$here/../../sql" && pwd)
db=${1:-guitai_sqltest_$$}
shift || true
export PGOPTIONS="-c client_min_messages=warning"
psql -qX -v ON_ERROR_STOP=1 -d "${PGDATABASE:-postgres}" -c "drop database if exists \"$db\"" \
    -c "create database \"$db\" template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'" || exit 1
trap 'psql -qX -d "${PGDATABASE:-postgres}" -c "drop database if exists \"$db\" with (force)"' EXIT
apply() { psql -qX1 -v ON_ERROR_STOP=1 -d "$db" -f "$1" || { echo "run.sh: $1 failed" >&2; exit 1; }; }
files() { grep -v '^#' "$sql/manifest"; }
for f in $(files); do apply "$sql/$f"; done
# a second application of what may be applied again changes nothing and fails nowhere
for f in $(files | grep -v '^changes/'); do apply "$sql/$f"; done
psql -qX -v ON_ERROR_STOP=1 -d "$db" -c 'create extension pgtap with schema public' || exit 1
apply "$here/fixture.sql"
rules=$(grep -oE '^\| GT[0-9]{3}' "$sql/README.md" | tr -d '| ' | sort | tr '\n' ' ')
printf '%s\n' "create table test.setting as select 'readme_rules'::text as name, :'rules'::text as value;" |
    psql -qX -v ON_ERROR_STOP=1 -d "$db" -v rules="$rules" || exit 1
status=0
if [ $# -gt 0 ]; then
    pg_prove -d "$db" "$@" || status=1
else
    pg_prove -d "$db" "$here"/*.pg || status=1
    bash "$here/race.sh" "$db" || status=1
fi
exit $status
