#include "session.h"

#include "app.h"

#include "guitai/base/i18n.h"
#include "guitai/db/db.h"

#include <stdio.h>
#include <string.h>

#define FINISH_MS 2000

static void tell(struct session *s, const struct err *e)
{
    session_done_fn *done = s->done;
    s->done = NULL;
    s->opening = false;
    if (e)
        session_end(s);
    if (done)
        done(s->ctx, e);
}

static bool take_me(struct session *s, const struct db_result *r)
{
    const struct json *doc = db_json(r);
    struct err bad;
    if (!doc) {
        err_set(&bad, ERR_BUG, _("The database did not say who you are"));
        tell(s, &bad);
        return false;
    }
    json_free(&s->me);
    s->me = json_clone(json_root(doc));
    snprintf(s->window, sizeof s->window, "%s", jn_str(json_root(s->me), "window", ""));
    return true;
}

static void on_window(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct session *s = owner;
    (void)tag;
    if (e)
        tell(s, e);
    else if (take_me(s, r))
        tell(s, NULL);
}

static bool sits_at(const struct session *s, const char *window)
{
    const struct jnode *w = jn_first(jn_get(json_root(s->me), "windows"));
    while (w && strcmp(jn_str(w, "code", ""), window))
        w = jn_next(w);
    return w != NULL;
}

/* The connection stands and says who this is. Whoever has a shift signs on at its window, and that is
 * recorded; a second person only where his shift allows it; a reviewer without a shift works from his
 * department's terminal. */
static void on_open(void *ctx, const struct db_result *r, const struct err *e)
{
    struct session *s = ctx;
    struct call_args a = {.n = 0};
    if (!s->opening)
        return;
    if (e) {
        tell(s, e);
        return;
    }
    if (!take_me(s, r))
        return;
    bool wanted = *s->wanted_window && (!s->guest || sits_at(s, s->wanted_window));
    bool shift = !s->guest && jn_count(jn_get(json_root(s->me), "windows"));
    if (!wanted && !shift) {
        tell(s, NULL);
        return;
    }
    call_add_request(&a);
    call_add(&a, "window", wanted ? s->wanted_window : NULL);
    call_send(s->app, s, s, "session__open", &a, CALL_HOLD | CALL_QUIET, on_window, 0);
}

void session_start(struct session *s, struct app *app, const char *login, const char *password,
                   const char *window, session_done_fn *done, void *ctx)
{
    struct err e;
    s->closing = true;
    session_reap(s);
    s->app = app;
    s->done = done;
    s->ctx = ctx;
    s->opening = true;
    snprintf(s->login, sizeof s->login, "%s", login);
    snprintf(s->wanted_window, sizeof s->wanted_window, "%s", window ? window : "");
    s->db = db_new();
    if (!db_open(s->db, login, password, on_open, s, &e))
        tell(s, &e);
}

void session_forget(struct session *s, const void *ctx)
{
    if (s->done && s->ctx == ctx) {
        s->done = NULL;
        session_end(s);
    }
}

void session_cancel(struct session *s)
{
    struct err e;
    if (!s->opening)
        return;
    err_set(&e, ERR_CONFLICT, "%s", _("Signing in was given up"));
    tell(s, &e);
}

void session_end(struct session *s)
{
    s->closing = true;
    s->opening = false;
}

void session_finish(struct session *s)
{
    if (s->db && !s->finish_by)
        s->finish_by = app_clock_ms() + FINISH_MS;
}

static bool finished(const struct session *s)
{
    return s->finish_by
           && ((!db_pending(s->db) && !printing_busy(&s->app->prints)) || app_clock_ms() >= s->finish_by);
}

void session_reap(struct session *s)
{
    if (!s->closing && !finished(s))
        return;
    s->closing = s->opening = false;
    s->finish_by = 0;
    s->done = NULL;
    if (s->db) {
        if (s == &s->app->clerk && s->app->options->side)
            s->app->options->side->leave(s->app->options->side->ctx);
        call_drop_session(s->app, s);
        db_free(&s->db);
    }
    json_free(&s->me);
    s->login[0] = s->window[0] = '\0';
}

bool session_active(const struct session *s)
{
    return s->db && s->me && !s->closing && !s->finish_by;
}

const char *session_text(const struct session *s, const char *path)
{
    const struct jnode *n = s->me ? jn_path(json_root(s->me), path) : NULL;
    const char *text = jn_text(n);
    return text ? text : "";
}

const char *session_name(const struct session *s)
{
    return session_text(s, "staff.name");
}

static const struct jnode *duties(const struct session *s)
{
    return s->me ? jn_first(jn_get(json_root(s->me), "duties")) : NULL;
}

bool session_has_duty(const struct session *s, const char *duty)
{
    for (const struct jnode *d = duties(s); d; d = jn_next(d))
        if (!strcmp(jn_str(d, "duty", ""), duty))
            return true;
    return false;
}
