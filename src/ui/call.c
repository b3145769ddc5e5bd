#include "call.h"

#include "app.h"

#include "guitai/base/uuid.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>

struct call {
    struct call *next;
    struct app *app;
    const struct session *session;
    void *owner; /* NULL once forgotten */
    bool forgotten;
    unsigned flags;
    call_answer_fn *done;
    long tag;
};

void call_add(struct call_args *a, const char *name, const char *value)
{
    if (a->n < DB_MAX_ARGS)
        a->arg[a->n++] = (struct db_arg){name, value};
}

void call_add_request(struct call_args *a)
{
    uuid_new(a->request);
    call_add(a, "request", a->request);
}

void call_hold(struct app *app)
{
    if (!app->holding++)
        app->waiting_at = app_clock_ms() + CALL_PATIENCE_MS;
}

void call_release(struct app *app)
{
    if (--app->holding)
        return;
    if (!app->waiting_at)
        app->message_dirty = true;
    app->waiting_at = 0;
}

static void call_end(struct call *c)
{
    struct call **at = &c->app->calls;
    while (*at && *at != c)
        at = &(*at)->next;
    if (*at)
        *at = c->next;
    if (c->flags & CALL_HOLD)
        call_release(c->app);
    free(c);
}

static void on_answer(void *ctx, const struct db_result *r, const struct err *e)
{
    struct call *c = ctx;
    struct app *app = c->app;
    call_answer_fn *done = c->forgotten ? NULL : c->done;
    void *owner = c->owner;
    long tag = c->tag;
    unsigned flags = c->flags;
    bool wanted = !c->forgotten;

    call_end(c);
    if (e && wanted && !(flags & CALL_QUIET)) {
        if (flags & CALL_HOLD)
            app_error(app, e);
        else
            app_error_quiet(app, e);
    }
    if (done)
        done(owner, tag, r, e);
}

bool call_send(struct app *app, struct session *session, void *owner, const char *function,
               const struct call_args *a, unsigned flags, call_answer_fn *done, long tag)
{
    struct err e;
    struct call *c = xcalloc(1, sizeof *c);
    *c = (struct call){app->calls, app, session, owner, false, flags, done, tag};
    app->calls = c;
    if (flags & CALL_HOLD)
        call_hold(app);
    err_reset(&e);
    if (!session->db)
        err_set(&e, ERR_OFFLINE, "%s", _("not signed in"));
    else if (db_call(session->db, function, a->arg, a->n, on_answer, c, &e))
        return true;
    on_answer(c, NULL, &e);
    return false;
}

void call_forget(struct app *app, const void *owner)
{
    for (struct call *c = app->calls; c; c = c->next)
        if (c->owner == owner && owner) {
            c->forgotten = true;
            if (c->flags & CALL_HOLD) {
                c->flags &= ~CALL_HOLD;
                call_release(app);
            }
        }
}

void call_drop_session(struct app *app, const struct session *session)
{
    struct call *next;
    for (struct call *c = app->calls; c; c = next) {
        next = c->next;
        if (c->session == session) {
            db_forget(session->db, c);
            call_end(c);
        }
    }
}

bool call_holding(const struct app *app)
{
    return app->holding > 0;
}
