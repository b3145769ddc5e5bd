#include "app.h"

#include "draw.h"
#include "term.h"
#include "views.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/log.h"
#include "guitai/base/paths.h"
#include "guitai/db/db.h"
#include "guitai/entry/textedit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECENT_MAX 9

/* ---- message line ---- */

void app_say(struct app *app, enum message_kind kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(app->message, sizeof app->message, fmt, args);
    va_end(args);
    app->message_kind = kind;
    app->message_dirty = true;
}

void app_say_also(struct app *app, enum message_kind kind, const char *text)
{
    size_t used = strlen(app->message);
    snprintf(app->message + used, sizeof app->message - used, "%s%s", used ? " – " : "", text);
    if (kind > app->message_kind)
        app->message_kind = kind;
    app->message_dirty = true;
}

void app_clear_message(struct app *app)
{
    app->message[0] = '\0';
    app->message_kind = MESSAGE_NONE;
    app->message_dirty = true;
    err_reset(&app->last_error);
}

void app_stop_keys(struct app *app)
{
    size_t dropped = decode_flush(&app->keys);
    app->draining = dropped > 0;
    if (dropped)
        log_line("stopped, %zu keys typed ahead dropped", dropped);
    app->digit_run = 0;
    term_beep();
}

void app_error_quiet(struct app *app, const struct err *e)
{
    const char *code = *e->code ? e->code : "";
    app_say(app, MESSAGE_ERROR, *code ? "%s%s%s [%s]" : "%s%s%s", e->message, *e->hint ? " – " : "", e->hint,
            code);
    app->last_error = *e;
}

void app_error(struct app *app, const struct err *e)
{
    app_error_quiet(app, e);
    app_stop_keys(app);
}

/* ---- opening ---- */

static bool split(const char *what, const char *prefix, const char **rest)
{
    size_t n = strlen(prefix);
    if (strncmp(what, prefix, n) || (what[n] && what[n] != ':'))
        return false;
    *rest = what[n] ? what + n + 1 : "";
    return true;
}

static bool open_case(struct app *app, const char *arg)
{
    char number[ID_CASE_MAX + 1];
    struct err e;
    if (!arg || !*arg) {
        command_open(app, "c ");
        return true;
    }
    if (idcheck_case_number(arg, number, &e)) {
        app_open_case(app, number);
        return true;
    }
    if (view_list_open(app, "search", arg, &e)) /* a name or the tail of an ID number */
        return true;
    app_error(app, &e);
    return false;
}

static bool open_due(struct app *app, const char *arg)
{
    char from[64];
    if (!arg || !*arg) {
        command_open(app, "due ");
        return true;
    }
    snprintf(from, sizeof from, "%s", arg);
    char *days = strchr(from, ' ');
    if (days)
        *days++ = '\0';
    if (idcheck_case_number(from, (char[ID_CASE_MAX + 1]){0}, NULL))
        view_text_case_due(app, from);
    else
        view_text_due(app, from, days ? days : "20");
    return true;
}

static bool open_print(struct app *app, const char *arg)
{
    char number[ID_CASE_MAX + 1];
    struct err e;
    if (arg && *arg) {
        if (!idcheck_case_number(arg, number, &e)) {
            app_error(app, &e);
            return false;
        }
    } else if (!app->top->ops->number || !app->top->ops->number(app->top, number)) {
        app_say(app, MESSAGE_ERROR, _("Print what? Open the case first, or type p and its number"));
        return false;
    }
    view_print_open(app, &app->clerk, number);
    return true;
}

void app_open_case(struct app *app, const char *number)
{
    view_case_open(app, &app->clerk, number);
}

bool app_open(struct app *app, const char *what, const char *arg)
{
    const char *rest;
    struct err e;
    err_reset(&e);
    if (split(what, "entry", &rest)) {
        if (view_entry_open(app, rest, arg, &e))
            return true;
    } else if (split(what, "list", &rest)) {
        if (view_list_open(app, rest, arg, &e))
            return true;
    } else if (split(what, "text", &rest)) {
        if (view_text_open_named(app, rest, &e))
            return true;
    } else if (split(what, "case", &rest)) {
        return open_case(app, arg);
    } else if (split(what, "due", &rest)) {
        return open_due(app, arg);
    } else if (split(what, "print", &rest)) {
        return open_print(app, arg);
    } else if (split(what, "chart", &rest)) {
        view_text_chart(app, arg && *arg ? arg : *rest ? rest : "spot");
        return true;
    } else if (split(what, "item", &rest)) {
        view_text_item(app, arg && *arg ? arg : rest);
        return true;
    } else if (split(what, "draft", &rest)) {
        view_entry_take_draft(app, arg);
        return true;
    } else if (split(what, "note", &rest)) {
        view_text_note(app, arg && *arg ? arg : rest);
        return true;
    } else if (split(what, "lock", &rest)) {
        app_lock(app);
        return true;
    } else if (split(what, "signout", &rest) || split(what, "quit", &rest)) {
        app_sign_out(app);
        return true;
    } else {
        err_set(&e, ERR_INPUT, _("This program cannot open \"%s\" (forms of a newer version?)"), what);
    }
    app_error(app, &e);
    return false;
}

bool app_has_duty(const struct app *app, const struct jnode *duties)
{
    if (!jn_count(duties))
        return true;
    for (const struct jnode *d = jn_first(duties); d; d = jn_next(d))
        if (jn_text(d) && session_has_duty(&app->clerk, jn_text(d)))
            return true;
    return false;
}

bool app_may_open(const struct app *app, const char *what)
{
    bool named = false;
    const struct jnode *n = app->menu ? jn_first(jn_get(json_root(app->menu), "entries")) : NULL;
    for (; n; n = jn_next(n)) {
        if (strcmp(jn_str(n, "open", ""), what))
            continue;
        if (app_has_duty(app, jn_get(n, "duty")))
            return true;
        named = true;
    }
    return !named;
}

/* ---- sign-in and out ---- */

struct view *app_home(struct app *app)
{
    struct view *v = app->top;
    while (v && v->below && v->below->below)
        v = v->below;
    return v;
}

static void on_notify(void *ctx, const char *payload)
{
    struct app *app = ctx;
    (void)payload; /* a hint from anybody: never trusted, only a reason to read again */
    if (!app->notify_at)
        app->notify_at = app_clock_ms() + 150;
}

static void say_notices(struct app *app)
{
    const struct jnode *n = jn_first(jn_get(json_root(app->clerk.me), "notices"));
    if (n)
        app_say(app, MESSAGE_WARN, "%s", i18n_pick(jn_str(n, "zh", ""), jn_str(n, "en", "")));
    const char *more = app->options->side ? app->options->side->warning(app->options->side->ctx) : "";
    if (*more)
        app_say_also(app, MESSAGE_WARN, more);
}

void app_signed_in(struct app *app)
{
    app_clear_message(app);
    app->waiting = -1;
    db_listen(app->clerk.db, on_notify, app);
    app_station_load(app);
    view_menu_open(app);
    say_notices(app);
    app->counts_at = app_clock_ms() + COUNTS_DELAY_MS;
}

void app_sign_out(struct app *app)
{
    view_leave_to(app, view_lowest(app));
}

void app_lock(struct app *app)
{
    if (app->locked || !session_active(&app->clerk))
        return;
    app->commanding = false;
    decode_flush(&app->keys); /* meant for what is hidden now */
    app_clear_message(app);   /* it may show a number in full */
    view_lock_open(app);
    app->locked = true;
}

static void on_counts(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *n = json_root(db_json(r));
    app->todo = jn_int(n, "todo", 0);
    app->yellow = jn_int(n, "yellow", 0);
    app->red = jn_int(n, "red", 0);
    app->waiting = jn_int(n, "waiting", -1);
    app->waiting_old = jn_bool(n, "waiting_old", false);
    app->alarms = jn_int(n, "alarms", 0);
    if (app->options->side && session_active(&app->clerk))
        app->options->side->waiting(app->options->side->ctx, app->clerk.db, jn_int(n, "mine", 0));
    app->footer_dirty = true;
}

void app_counts(struct app *app)
{
    struct call_args a = {.n = 0};
    if (session_active(&app->clerk))
        call_send(app, &app->clerk, app, "counts", &a, CALL_QUIET, on_counts, 0);
}

/* ---- what this station remembers: codes only, nothing personal ---- */

static bool station_path(const struct app *app, char *out, size_t size)
{
    char name[96];
    struct err e;
    snprintf(name, sizeof name, "recent-%s.json", app->clerk.login);
    for (char *p = name; *p; p++)
        if (*p == '/')
            *p = '_';
    return paths_state(name, out, size, &e);
}

void app_station_load(struct app *app)
{
    char path[1024];
    struct err e;
    json_free(&app->station);
    if (station_path(app, path, sizeof path))
        app->station = json_load(path, &e);
    if (!app->station || !jn_is_object(json_root(app->station))) {
        json_free(&app->station);
        app->station = json_new_object();
    }
}

void app_station_save(struct app *app)
{
    char path[1024];
    struct err e;
    if (!app->station || !station_path(app, path, sizeof path))
        return;
    char *text = json_text(app->station, false);
    if (!file_write(path, text, strlen(text), &e))
        log_line("station memory: %s", e.message);
    free(text);
}

void app_remember(struct app *app, const char *form, const char *field, const char *code)
{
    struct json *fresh = json_new_object();
    struct jnode *list = jn_set_array(json_edit(fresh), "list");
    const struct jnode *old = jn_get(jn_get(json_root(app->station), form), field);
    size_t n = 1;
    jn_push_str(list, code);
    for (const struct jnode *c = jn_first(old); c && n < RECENT_MAX; c = jn_next(c))
        if (jn_text(c) && strcmp(jn_text(c), code)) {
            jn_push_str(list, jn_text(c));
            n++;
        }
    struct json *fields = json_new_object();
    for (const struct jnode *f = jn_first(jn_get(json_root(app->station), form)); f; f = jn_next(f))
        if (strcmp(jn_key(f), field))
            jn_set_copy(json_edit(fields), jn_key(f), f);
    jn_set_copy(json_edit(fields), field, list);
    jn_set_copy(json_edit(app->station), form, json_root(fields));
    json_free(&fields);
    json_free(&fresh);
}
