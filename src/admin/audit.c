#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"

#include <stdio.h>
#include <string.h>

#define STATUS_BROKEN 3

/* Prints what is broken; returns how many chains. */
static size_t print_broken(const struct db_result *r)
{
    size_t broken = 0;
    for (size_t row = 0; row < db_rows(r); row++) {
        const char *ok = db_value(r, row, "ok"), *at = db_value(r, row, "broken_at");
        const char *reason = db_value(r, row, i18n_pick("reason", "reason_en"));
        if (ok && strcmp(ok, "t") == 0)
            continue;
        broken++;
        printf(_("%s: BROKEN at event %s: %s\n"), db_value(r, row, "number"), at ? at : "?",
               reason ? reason : "");
    }
    return broken;
}

/* A record that is gone is no whole record. */
static int tell(const struct db_result *r, const char *number)
{
    struct err e;
    if (number && db_rows(r) == 0) {
        err_set(&e, ERR_RULE, _("there is no case %s in this database, or it is another division's"), number);
        return admin_fail(&e);
    }
    size_t broken = print_broken(r);
    printf(_("%zu chains verified, %zu broken\n"), db_rows(r), broken);
    return broken ? STATUS_BROKEN : 0;
}

int audit_verify_verb(int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
        return admin_usage();
    char number[ID_CASE_MAX + 1];
    struct err e;
    if (argc == 2 && !idcheck_case_number(argv[1], number, &e))
        return admin_fail(&e);
    int status = 0;
    struct db_admin *a = admin_connect(&status);
    struct db_arg args[] = { { "number", argc == 2 ? number : NULL } };
    struct db_result *r = NULL;
    if (a && !db_admin_call(a, "audit__verify", args, 1, &r, &e))
        status = admin_fail(&e);
    else if (a)
        status = tell(r, args[0].value);
    db_result_free(&r);
    db_admin_close(&a);
    return status;
}
