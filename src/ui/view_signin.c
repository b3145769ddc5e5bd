/* Sign-in, and the same screen over a locked workstation. Stands before the database library is touched. */
#include "app.h"
#include "draw.h"
#include "secret.h"
#include "term.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/entry/textedit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum signin_field { SIGNIN_LOGIN, SIGNIN_PASSWORD, SIGNIN_WINDOW, SIGNIN_FIELDS };

struct view_signin {
    struct view view;
    struct textedit *login, *window;
    size_t scroll[2];
    struct secret secret;
    enum signin_field focus;
    bool lock, busy;
};

#define FIELD_WIDTH 24

static int left_edge(void)
{
    return draw_columns() / 2 - 20;
}

static int row_of(enum signin_field f)
{
    return VIEW_TOP + view_height() / 2 - 2 + 2 * (int)f;
}

static const char *label_of(enum signin_field f)
{
    static const char *const labels[] = {N_("Login"), N_("Password"), N_("Window")};
    return _(labels[f]);
}

static bool reachable(const struct view_signin *s, enum signin_field f)
{
    return !s->lock || f == SIGNIN_PASSWORD;
}

static void draw_field(struct view_signin *s, enum signin_field f, int *cursor_x)
{
    int x = left_edge(), y = row_of(f), cx = 0;
    struct textedit *t = f == SIGNIN_LOGIN ? s->login : f == SIGNIN_WINDOW ? s->window : NULL;
    char text[FIELD_WIDTH * UTF8_MAX + 1];
    draw_text(y, x, 10, f == s->focus ? STYLE_FOCUS : STYLE_LABEL, label_of(f));
    if (t) {
        struct textedit_row row = textedit_view_line(t, FIELD_WIDTH, &s->scroll[f != SIGNIN_LOGIN], &cx);
        draw_edit(y, x + 10, FIELD_WIDTH, STYLE_PLAIN,
                  textedit_slice(t, row.from, row.to, text, sizeof text));
    }
    if (cursor_x && f == s->focus)
        *cursor_x = x + 10 + cx;
}

static void draw_hint(struct view_signin *s)
{
    int x = left_edge();
    if (s->lock) {
        draw_text(VIEW_TOP + 3, x, 60, STYLE_WARN, _("Locked: type your password to go on; nothing is lost"));
        return;
    }
    draw_text(VIEW_TOP + 3, x, 60, STYLE_TITLE, _("Guitai, the counter of the government service hall"));
    draw_text(VIEW_TOP + 4, x, 60, STYLE_DIM, GUITAI_VERSION);
    draw_text(row_of(SIGNIN_PASSWORD), x + 10 + FIELD_WIDTH, 20, STYLE_DIM, _("(is not shown)"));
    draw_text(row_of(SIGNIN_WINDOW), x + 10 + FIELD_WIDTH, 20, STYLE_DIM, _("(empty: by shift)"));
}

static void signin_draw(struct view *v)
{
    struct view_signin *s = (struct view_signin *)v;
    draw_hint(s);
    for (int f = 0; f < SIGNIN_FIELDS; f++)
        draw_field(s, (enum signin_field)f, NULL);
}

static void signin_draw_part(struct view *v)
{
    struct view_signin *s = (struct view_signin *)v;
    draw_field(s, s->focus, NULL);
}

static void signin_cursor(struct view *v, int *y, int *x)
{
    struct view_signin *s = (struct view_signin *)v;
    *y = row_of(s->focus);
    draw_field(s, s->focus, x);
}

static void set_focus(struct view_signin *s, int step)
{
    do
        s->focus = (enum signin_field)(((int)s->focus + step + SIGNIN_FIELDS) % SIGNIN_FIELDS);
    while (!reachable(s, s->focus));
}

static void unlock(struct view_signin *s)
{
    struct app *app = s->view.app;
    app->locked = false;
    session_end(&app->check);
    view_pop(&s->view);
    app_clear_message(app);
}

static void on_signed_in(void *ctx, const struct err *e)
{
    struct view_signin *s = ctx;
    struct app *app = s->view.app;
    call_release(app);
    s->busy = false;
    view_dirty(&s->view, VIEW_ALL);
    if (e) {
        s->focus = SIGNIN_PASSWORD;
        app_error(app, e);
    } else if (s->lock) {
        unlock(s);
    } else {
        app_signed_in(app);
    }
}

static enum view_dirt submit(struct view_signin *s)
{
    struct app *app = s->view.app;
    const char *login = textedit_get(s->login);
    if (!*login) {
        s->focus = SIGNIN_LOGIN;
        app_say(app, MESSAGE_ERROR, _("Type your login name first"));
        return VIEW_ALL;
    }
    app_say(app, MESSAGE_NOTE, _("Signing in…"));
    screen_draw(app);
    call_hold(app);
    s->busy = true;
    session_start(s->lock ? &app->check : &app->clerk, app, login, s->secret.text, textedit_get(s->window),
                  on_signed_in, s);
    secret_wipe(&s->secret);
    return VIEW_ALL;
}

static enum view_dirt edit_text(struct view_signin *s, const struct input *in)
{
    struct textedit *t = s->focus == SIGNIN_LOGIN ? s->login : s->window;
    bool ok = true;
    switch (in->action) {
    case ACT_CHAR: ok = textedit_insert(t, utf8_fold_width(in->cp)); break;
    case ACT_BACKSPACE: ok = textedit_backspace(t); break;
    case ACT_DELETE: ok = textedit_delete(t); break;
    case ACT_LEFT: textedit_move(t, TEXTEDIT_LEFT); break;
    case ACT_RIGHT: textedit_move(t, TEXTEDIT_RIGHT); break;
    case ACT_HOME: textedit_move(t, TEXTEDIT_HOME); break;
    case ACT_END: textedit_move(t, TEXTEDIT_END); break;
    case ACT_CLEAR: textedit_clear(t); break;
    case ACT_DELETE_WORD: textedit_delete_word(t); break;
    default: return VIEW_CLEAN;
    }
    if (!ok)
        term_beep();
    return VIEW_PART;
}

static enum view_dirt signin_key(struct view *v, const struct input *in)
{
    struct view_signin *s = (struct view_signin *)v;
    bool full = false;
    switch (in->action) {
    case ACT_ENTER:
    case ACT_SAVE:
        if (s->focus != SIGNIN_LOGIN || in->action == ACT_SAVE)
            return submit(s);
        set_focus(s, 1);
        return VIEW_ALL;
    case ACT_NEXT:
    case ACT_DOWN: set_focus(s, 1); return VIEW_ALL;
    case ACT_PREVIOUS:
    case ACT_UP: set_focus(s, -1); return VIEW_ALL;
    default: break;
    }
    if (s->focus != SIGNIN_PASSWORD)
        return edit_text(s, in);
    secret_key(&s->secret, in, &full);
    if (full)
        term_beep();
    return VIEW_CLEAN;
}

/* Coming back here means: the menu was left. */
static void signin_resume(struct view *v)
{
    struct view_signin *s = (struct view_signin *)v;
    struct app *app = v->app;
    if (s->lock || !session_active(&app->clerk))
        return;
    session_end(&app->guest);
    session_finish(&app->clerk);
    json_free(&app->repeat);
    app->todo = app->red = app->yellow = 0;
    s->focus = SIGNIN_PASSWORD;
    app->all_dirty = true;
}

static void signin_help(struct view *v)
{
    char *text = keymap_help();
    view_text_open(v->app, _("Keys"), text);
    free(text);
}

static void signin_destroy(struct view *v)
{
    struct view_signin *s = (struct view_signin *)v;
    if (s->busy)
        call_release(v->app);
    secret_wipe(&s->secret);
    textedit_free(&s->login);
    textedit_free(&s->window);
}

static const enum action signin_keys[] = {ACT_HELP, ACT_ENTER, ACT_NEXT, ACT_LEAVE, ACT_NONE};
static const enum action lock_keys[] = {ACT_ENTER, ACT_NONE};

static const struct view_ops signin_ops = {
    .name = "signin",
    .size = sizeof(struct view_signin),
    .draw = signin_draw,
    .draw_part = signin_draw_part,
    .cursor = signin_cursor,
    .key = signin_key,
    .resume = signin_resume,
    .help = signin_help,
    .destroy = signin_destroy,
    .keys = signin_keys,
};

static const struct view_ops lock_ops = {
    .name = "lock",
    .size = sizeof(struct view_signin),
    .draw = signin_draw,
    .draw_part = signin_draw_part,
    .cursor = signin_cursor,
    .key = signin_key,
    .destroy = signin_destroy,
    .keys = lock_keys,
};

static struct view_signin *open_screen(struct app *app, const struct view_ops *ops, const char *title,
                                       const char *login, const char *window)
{
    struct view_signin *s = (struct view_signin *)view_push(app, ops, title);
    s->login = textedit_new(sizeof app->clerk.login - 1, false);
    s->window = textedit_new(sizeof app->clerk.window - 1, false);
    textedit_set(s->login, login);
    textedit_set(s->window, window);
    s->focus = *login ? SIGNIN_PASSWORD : SIGNIN_LOGIN;
    return s;
}

void view_signin_open(struct app *app)
{
    open_screen(app, &signin_ops, _("Sign in"), app->options->user ? app->options->user : "",
                app->options->window ? app->options->window : "");
}

void view_lock_open(struct app *app)
{
    struct view_signin *s = open_screen(app, &lock_ops, _("Locked"), app->clerk.login, app->clerk.window);
    s->lock = true;
    s->focus = SIGNIN_PASSWORD;
}
