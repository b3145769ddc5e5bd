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
