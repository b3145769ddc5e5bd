#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <getopt.h>
#include <stdio.h>

#define OLDER_DEFAULT "7"

static bool tidy(struct db_admin *a, void *ctx, struct err *e)
{
    struct db_arg args[] = { { "days", ctx } };
    struct db_result *answer;
    if (!admin_call(a, "leftover__tidy", args, 1, &answer, e))
        return false;
    const struct jnode *n = json_root(db_json(answer));
    printf(_("older than %s: %lld remembered answers and %lld parked forms, dropped or of people who left, removed\n"),
           jn_str(n, "before", "?"), jn_int(n, "requests", 0), jn_int(n, "drafts", 0));
    db_result_free(&answer);
    return true;
}

int tidy_verb(int argc, char **argv)
{
    static const struct option options[] = { { "older", required_argument, NULL, 'o' }, { 0 } };
    char *days = OLDER_DEFAULT;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        long n;
        if (c != 'o' || !str_number(optarg, 0, 99999, &n))
            return admin_usage();
        days = optarg;
    }
    if (optind != argc)
        return admin_usage();
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, tidy, days, &e))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}
