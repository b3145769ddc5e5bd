#!/usr/bin/env bash
# The administrator makes the city's and the county's database, twice: the second time changes nothing.
set -u
. "$(dirname "$0")/lib.sh"

for division in 320300 320321; do
    export PGDATABASE=guitai_$division
    run 0 guitai-admin init-db --demo --division $division --password-file "$GUITAI_TEST_PASSWORD_FILE"
    run 0 guitai-admin init-db --demo --division $division --password-file "$GUITAI_TEST_PASSWORD_FILE"
done
export PGDATABASE=guitai_320300
run 0 guitai-admin check-forms --database
run 0 guitai-admin audit verify
says " 0 "
number=$(psql -XAt -c 'select min(number) from data.case_file')
run 0 guitai-admin audit verify "$number"
PGDATABASE=guitai_320321 run 3 guitai-admin audit verify "$number" # a record that is not there is not whole
run 2 guitai-admin init-db --demo --division 999999 --password-file "$GUITAI_TEST_PASSWORD_FILE"
complains 999999
run 2 guitai-admin init-db --division 320300
run 2 guitai-admin staff list zhang li
run 2 guitai-admin staff add --form nobody.json --name 某某
# A post is one in the person's own department, whatever the order of the options; a role that comes back needs no password.
run 0 guitai-admin staff add t_order --name 顾序 --division 320300 --post verify --department SCJG --post accept:JYJJ \
    --password-file "$GUITAI_TEST_PASSWORD_FILE"
posts="select string_agg(p.duty || ' ' || coalesce(d.code, 'all'), ', ' order by p.id) from data.post p join data.staff s on s.id = p.staff
    left join data.department d on d.id = p.department where s.login = 't_order'"
[ "$(psql -XAt -c "$posts")" = "verify SCJG, accept JYJJ" ] || fail "posts: $(psql -XAt -c "$posts")"
psql -Xq -c "delete from data.post where staff = (select id from data.staff where login = 't_order')" \
    -c "delete from data.staff where login = 't_order'"
run 0 guitai-admin staff add t_order --name 顾序 --division 320300 --reuse-role </dev/null
psql -Xq -c "delete from data.staff where login = 't_order'" -c 'drop owned by t_order' -c 'drop role t_order'
# What was kept for a while goes on the administrator's word, nothing of the last day, and not on nonsense.
run 0 guitai-admin tidy
says " 0 "
run 0 guitai-admin tidy --older 30
run 3 guitai-admin tidy --older 0
run 2 guitai-admin tidy --older soon
run 2 guitai-admin tidy now
export PGDATABASE=guitai_nowhere_$$ PGPORT=1
run 6 guitai-admin init-db
done_testing
