#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/report.h"
#include "guitai/base/uuid.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int admin_fail(const struct err *e)
{
    return report_error(ADMIN_PROGRAM, e);
}

static const char *running = "";

void admin_running(const char *synopsis)
{
    running = synopsis;
}

const char *admin_synopsis(void)
{
    return running;
}

int admin_usage(void)
{
    fprintf(stderr, _("usage: %s"), ADMIN_PROGRAM);
    fprintf(stderr, " %s\n", running);
    return 2;
}

struct db_admin *admin_connect(int *status)
{
    struct err e;
    struct db_admin *a = db_admin_open(NULL, &e);
    if (!a)
        *status = admin_fail(&e);
    return a;
}

bool admin_transaction(struct db_admin *a, admin_work *work, void *ctx, struct err *e)
{
    if (!db_admin_run(a, "begin", e))
        return false;
    if (work(a, ctx, e) && db_admin_run(a, "commit", e))
        return true;
    /* A refusal has been recorded by the function that refused: the record must outlive the attempt. */
    struct err ignored;
    db_admin_run(a, e->kind == ERR_RULE ? "commit" : "rollback", &ignored);
    return false;
}

int admin_run_work(admin_work *work, void *ctx)
{
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, work, ctx, &e))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}

bool admin_call(struct db_admin *a, const char *function, const struct db_arg *args, size_t n,
                struct db_result **out, struct err *e)
{
    struct db_arg all[DB_MAX_ARGS];
    char request[37];
    uuid_new(request);
    if (n + 1 > DB_MAX_ARGS)
        return err_set(e, ERR_BUG, _("%s: too many arguments"), function);
    all[0] = (struct db_arg){ "request", request };
    memcpy(all + 1, args, n * sizeof *args);
    return db_admin_call(a, function, all, n + 1, out, e);
}

bool admin_division(struct db_admin *a, const char *given, char *out, struct err *e)
{
    struct db_result *r;
    if (given) {
        snprintf(out, 7, "%s", given);
        if (strlen(given) != 6 || strspn(given, "0123456789") != 6)
            return err_set(e, ERR_INPUT, _("“%s” is not the code of a division: six digits are expected"),
                           given);
        return true;
    }
    if (!db_admin_query(a, "select code from api_admin.division__list()", NULL, 0, &r, e))
        return false;
    bool one = db_rows(r) == 1;
    if (one)
        snprintf(out, 7, "%s", db_value(r, 0, "code"));
    else
        err_set(e, ERR_INPUT, _("the database holds %zu divisions: which one?"), db_rows(r));
    db_result_free(&r);
    return one ? true : err_hint(e, "%s", _("say --division CODE"));
}
