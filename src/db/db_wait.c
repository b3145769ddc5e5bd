#include "db_private.h"

#include "guitai/base/i18n.h"

#include <poll.h>
#include <string.h>

#define OFFLINE_LIMIT_MS 20000 /* a command gives up after so long without a database */

struct waiting {
    bool done, ok;
    struct db_result *result;
    struct err *e;
};

static void answered(void *ctx, const struct db_result *r, const struct err *e)
{
    struct waiting *w = ctx;
    w->done = true;
    w->ok = e == NULL;
    if (e && w->e)
        *w->e = *e;
    /* The result is lent by db_step and freed after this call: its contents are ours to take. */
    if (r)
        w->result = db_result_steal((struct db_result *)r);
}

static bool run(struct db *db, struct waiting *w)
{
    long long lost_since = 0;
    while (!w->done) {
        struct pollfd p = { .fd = db_fd(db), .events = db_events(db) };
        int timeout = db_timeout_ms(db);
        poll(&p, 1, timeout < 0 || timeout > 1000 ? 1000 : timeout);
        db_step(db);
        if (db->state != DB_LOST) {
            lost_since = 0;
        } else if (lost_since == 0) {
            lost_since = db_now_ms();
        } else if (!w->done && db_now_ms() - lost_since > OFFLINE_LIMIT_MS) {
            db_forget(db, w);
            db_cancel(db);
            err_set(w->e, ERR_OFFLINE, _("the database cannot be reached"));
            return err_hint(w->e, "%s", _("whether an act was done is not known: look before you repeat it"));
        }
    }
    return w->ok;
}

bool db_open_wait(struct db *db, const char *user, const char *password, struct err *e)
{
    struct waiting w = { .e = e };
    if (!db_open(db, user, password, answered, &w, e))
        return false;
    bool ok = run(db, &w);
    db_result_free(&w.result);
    return ok;
}

static bool finish(struct db *db, struct waiting *w, struct db_result **out)
{
    bool ok = run(db, w);
    if (ok && out)
        *out = w->result;
    else
        db_result_free(&w->result);
    return ok;
}

bool db_call_wait(struct db *db, const char *function, const struct db_arg *args, size_t n,
                  struct db_result **out, struct err *e)
{
    struct waiting w = { .e = e };
    if (out)
        *out = NULL;
    return db_call(db, function, args, n, answered, &w, e) && finish(db, &w, out);
}
