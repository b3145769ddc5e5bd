#include "admin.h"

#include "guitai/base/i18n.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

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

static bool whole_days(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n > 0 && n <= 5 && !text[n];
}

int tidy_verb(int argc, char **argv)
{
    static const struct option options[] = { { "older", required_argument, NULL, 'o' }, { 0 } };
    static const char synopsis[] = "tidy [--older DAYS]";
    char *days = OLDER_DEFAULT;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'o' || !whole_days(optarg))
            return admin_usage(synopsis);
        days = optarg;
    }
    if (optind != argc)
        return admin_usage(synopsis);
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, tidy, days, &e))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}
