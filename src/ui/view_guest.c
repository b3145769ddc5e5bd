/* Quick change of user: a second person signs in beside the clerk for one act on one case. */
#include "app.h"
#include "draw.h"
#include "secret.h"
#include "term.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/entry/textedit.h"

#include <stdio.h>
#include <string.h>

struct view_guest {
    struct view view;
    char number[32], name[96];
    struct textedit *login;
    size_t scroll;
    struct secret secret;
    bool on_login, fixed, busy;
};

#define LOGIN_ROW (VIEW_TOP + 5)
#define PASSWORD_ROW (VIEW_TOP + 7)
#define FIELD_X 16
#define FIELD_WIDTH 24

static void draw_login(struct view_guest *g, int *cursor_x)
{
    char text[FIELD_WIDTH * UTF8_MAX + 1];
    int cx;
    struct textedit_row row = textedit_view_line(g->login, FIELD_WIDTH, &g->scroll, &cx);
    draw_edit(LOGIN_ROW, FIELD_X, FIELD_WIDTH, STYLE_PLAIN,
              textedit_slice(g->login, row.from, row.to, text, sizeof text));
    if (cursor_x)
        *cursor_x = FIELD_X + cx;
}

static void guest_draw(struct view *v)
{
    struct view_guest *g = (struct view_guest *)v;
    draw_textf(VIEW_TOP + 1, 3, draw_columns() - 4, STYLE_PLAIN, _("Case %s"), g->number);
    draw_text(VIEW_TOP + 2, 3, draw_columns() - 4, STYLE_DIM,
              _("For one act on this case; afterwards the window is the clerk's again. F12 gives it up."));
    draw_text(LOGIN_ROW, 3, 12, g->on_login ? STYLE_FOCUS : STYLE_LABEL, _("Login"));
    draw_text(PASSWORD_ROW, 3, 12, g->on_login ? STYLE_LABEL : STYLE_FOCUS, _("Password"));
    draw_text(LOGIN_ROW, FIELD_X + FIELD_WIDTH + 2, 36, STYLE_NOTE, g->name);
    draw_text(PASSWORD_ROW, FIELD_X + FIELD_WIDTH + 2, 36, STYLE_DIM, _("(is not shown)"));
    draw_login(g, NULL);
}

static void guest_draw_part(struct view *v)
{
    draw_login((struct view_guest *)v, NULL);
}

static void guest_cursor(struct view *v, int *y, int *x)
{
    struct view_guest *g = (struct view_guest *)v;
    *y = g->on_login ? LOGIN_ROW : PASSWORD_ROW;
    *x = FIELD_X;
    if (g->on_login)
        draw_login(g, x);
}

/* ---- signing in ---- */

static void on_shown(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_guest *g = owner;
    char summary[256] = "";
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *root = json_root(db_json(r)), *c = jn_get(root, "case");
    snprintf(summary, sizeof summary, "%s  %s", jn_str(c, "item_name", ""), jn_str(c, "name", ""));
    if (view_next_choose(g->view.app, g->view.session, g->number, jn_get(root, "actions"), summary))
        view_pop(&g->view);
}

static void on_signed_in(void *ctx, const struct err *e)
{
    struct view_guest *g = ctx;
    struct app *app = g->view.app;
    struct call_args a = {.n = 0};
    call_release(app);
    g->busy = false;
    view_dirty(&g->view, VIEW_ALL);
    if (e) {
        app_error(app, e);
        return;
    }
    app->header_dirty = app->footer_dirty = true;
    app_clear_message(app);
    call_add(&a, "number", g->number);
    call_send(app, g->view.session, g, "case__show", &a, CALL_HOLD, on_shown, 0);
}

static enum view_dirt submit(struct view_guest *g)
{
    struct app *app = g->view.app;
    const char *login = textedit_get(g->login);
    if (!*login) {
        g->on_login = true;
        app_say(app, MESSAGE_ERROR, _("Type the login name first"));
        return VIEW_ALL;
    }
    if (!strcmp(login, app->clerk.login)) {
        app_say(app, MESSAGE_ERROR, _("That is yourself: the second person must be another one"));
        return VIEW_ALL;
    }
    app_say(app, MESSAGE_NOTE, _("Signing in…"));
    call_hold(app);
    g->busy = true;
    session_start(&app->guest, app, login, g->secret.text, app->clerk.window, on_signed_in, g);
    secret_wipe(&g->secret);
    return VIEW_ALL;
}

static enum view_dirt edit_login(struct view_guest *g, const struct input *in)
{
    switch (in->action) {
    case ACT_CHAR: textedit_insert(g->login, utf8_fold_width(in->cp)); break;
    case ACT_BACKSPACE: textedit_backspace(g->login); break;
    case ACT_CLEAR: textedit_clear(g->login); break;
    default: return VIEW_CLEAN;
    }
    g->name[0] = '\0';
    return VIEW_PART;
}

static enum view_dirt guest_key(struct view *v, const struct input *in)
{
    struct view_guest *g = (struct view_guest *)v;
    bool full = false;
    switch (in->action) {
    case ACT_ENTER:
    case ACT_SAVE:
        if (g->on_login && in->action == ACT_ENTER) {
            g->on_login = false;
            return VIEW_ALL;
        }
        return submit(g);
    case ACT_NEXT:
    case ACT_PREVIOUS:
    case ACT_UP:
    case ACT_DOWN: g->on_login = !g->on_login && !g->fixed; return VIEW_ALL;
    case ACT_ESCAPE: view_pop(v); return VIEW_CLEAN;
    default: break;
    }
    if (g->on_login)
        return edit_login(g, in);
    secret_key(&g->secret, in, &full);
    if (full)
        term_beep();
    return VIEW_CLEAN;
}

static void guest_destroy(struct view *v)
{
    struct view_guest *g = (struct view_guest *)v;
    if (g->busy)
        call_release(v->app);
    secret_wipe(&g->secret);
    textedit_free(&g->login);
}

static const enum action guest_keys[] = {ACT_ENTER, ACT_NEXT, ACT_CANCEL, ACT_NONE};

static const struct view_ops guest_ops = {
    .name = "guest",
    .size = sizeof(struct view_guest),
    .draw = guest_draw,
    .draw_part = guest_draw_part,
    .cursor = guest_cursor,
    .key = guest_key,
    .destroy = guest_destroy,
    .keys = guest_keys,
};

static void open_password(struct app *app, const char *number, const char *login, const char *name)
{
    struct view_guest *g = (struct view_guest *)view_push(app, &guest_ops, _("Second person"));
    g->view.session = &app->guest;
    g->login = textedit_new(sizeof app->guest.login - 1, false);
    textedit_set(g->login, login);
    g->fixed = *login != '\0';
    g->on_login = !g->fixed;
    snprintf(g->number, sizeof g->number, "%s", number);
    snprintf(g->name, sizeof g->name, "%s", name);
}

/* ---- who can ---- */

static void chosen(struct app *app, struct session *session, const char *number, const char *code)
{
    char login[64];
    (void)session;
    snprintf(login, sizeof login, "%s", code);
    char *name = strchr(login, ' ');
    if (name)
        *name++ = '\0';
    open_password(app, number, login, name ? name : "");
}

static void on_verifiers(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct choose_item items[CHOOSE_MAX];
    const char *number = app->guest_number;
    size_t n = 0;
    (void)tag;
    if (e)
        return;
    for (size_t i = 0; i < db_rows(r) && n < 9; i++, n++) {
        const char *behalf = db_value(r, i, "on_behalf_of"), *title = db_value(r, i, "title");
        items[n] = (struct choose_item){.key = (char)('1' + n)};
        snprintf(items[n].label, sizeof items[n].label, "%s  %s  %s%s%s", db_value(r, i, "name"),
                 title ? title : "", db_value(r, i, "authorisation") ? db_value(r, i, "authorisation") : "",
                 behalf ? _("  for ") : "", behalf ? behalf : "");
        snprintf(items[n].code, sizeof items[n].code, "%s %s", db_value(r, i, "login"),
                 db_value(r, i, "name"));
    }
    if (n == 0) {
        open_password(app, number, "", "");
        app_say(app, MESSAGE_NOTE,
                _("Nobody holds an authorisation to verify this case now; somebody else may sign in"));
        return;
    }
    items[n] = (struct choose_item){.key = '0', .code = ""};
    snprintf(items[n].label, sizeof items[n].label, "%s", _("somebody else"));
    view_choose_open(app, &app->clerk, _("Second person: who?"), number, items, n + 1, number, chosen);
}

void view_guest_open(struct app *app, const char *number)
{
    struct call_args a = {.n = 0};
    snprintf(app->guest_number, sizeof app->guest_number, "%s", number);
    call_add(&a, "number", number);
    call_send(app, &app->clerk, app, "case__verifiers", &a, CALL_HOLD, on_verifiers, 0);
}
