/* The frame around every view: header, title line, message line, footer. */
#include "app.h"
#include "draw.h"
#include "term.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/db/db.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ECHO_SETTLE_MS 8

static void draw_clock(int y, int width, int *left)
{
    char text[64];
    time_t now = time(NULL);
    struct tm tm;
    struct date d = date_today();
    localtime_r(&now, &tm);
    snprintf(text, sizeof text, "%02d-%02d %s %02d:%02d ", d.month, d.day, date_weekday_name(d), tm.tm_hour,
             tm.tm_min);
    *left = draw_right(y, width, width / 3, STYLE_HEADER, text);
}

static void window_label(const struct session *s, char *out, size_t size)
{
    const struct jnode *w = s->me ? jn_first(jn_get(json_root(s->me), "windows")) : NULL;
    for (; w; w = jn_next(w))
        if (!strcmp(jn_str(w, "code", ""), s->window)) {
            snprintf(out, size, "%s", jn_str(w, "name", s->window));
            return;
        }
    snprintf(out, size, *s->window ? _("Window %s") : "%s", s->window);
}

static void draw_header(struct app *app)
{
    int width = draw_columns(), left;
    char place[512], who[256], window[96];
    const struct session *acting = session_active(&app->guest) ? &app->guest : &app->clerk;

    draw_fill(0, 0, width, STYLE_HEADER);
    if (!session_active(&app->clerk)) {
        draw_clock(0, width, &left);
        draw_textf(0, 1, left - 2, STYLE_HEADER, "%s", _("Counter"));
        return;
    }
    window_label(&app->clerk, window, sizeof window);
    snprintf(place, sizeof place, "%s  %s %s", session_text(&app->clerk, "division.hall"), window,
             session_text(&app->clerk, "department.name"));
    snprintf(who, sizeof who, "%s%s %s", acting == &app->guest ? "» " : "", session_name(acting),
             session_text(acting, "staff.title"));
    draw_clock(0, width, &left);
    int cells = draw_cells(who);
    if (cells > width / 3)
        cells = width / 3;
    draw_text(0, left - 2 - cells, cells, STYLE_HEADER, who);
    draw_text(0, 1, left - 4 - cells, STYLE_HEADER, place);
}

static const enum style message_style[] = {
    [MESSAGE_NONE] = STYLE_PLAIN, [MESSAGE_DONE] = STYLE_OK,     [MESSAGE_NOTE] = STYLE_NOTE,
    [MESSAGE_WARN] = STYLE_WARN,  [MESSAGE_ERROR] = STYLE_ERROR,
};

/* One row of a message; colour only under the text. */
static void draw_message_row(int y, enum style style, const char *text)
{
    int width = draw_columns();
    int used = draw_text(y, 1, width - 1, style, text);
    draw_fill(y, 0, 1, STYLE_PLAIN);
    draw_fill(y, 1 + used, width - 1 - used, STYLE_PLAIN);
}

/* A message too long for its row takes the line above it as well. */
static void draw_message(struct app *app)
{
    char first[APP_MESSAGE_MAX];
    int y = draw_rows() - 2, width = draw_columns();
    enum style style = message_style[app->message_kind];
    const char *text = app->message;
    size_t at = 0;
    if (!*text && call_holding(app) && !app->waiting_at)
        text = _("One moment…");
    bool two = !app->commanding && draw_cells(text) > width - 2;
    if (two) {
        snprintf(first, sizeof first, "%.*s", (int)draw_wrap(text, &at, width - 2), text);
        draw_message_row(y - 1, style, first);
    } else {
        draw_rule(y - 1, 0, width, "", "");
    }
    if (!app->commanding)
        draw_message_row(y, style, text + at);
}

/* ---- footer ---- */

static const char *db_mark(const struct app *app)
{
    if (!app->clerk.db)
        return "○";
    switch (db_state(app->clerk.db)) {
    case DB_READY: return "●";
    case DB_CONNECTING: return "…";
    case DB_LOST: return "✗";
    default: return "○";
    }
}

static const char *print_mark(const struct app *app)
{
    switch (app->prints.state) {
    case PRINTING_BUSY: return "…";
    case PRINTING_FAILED: return "✗";
    default: return app->options->print_to ? "●" : "○";
    }
}

static int draw_state(struct app *app, int y, int width)
{
    char text[160], waiting[64] = "";
    if (app->waiting >= 0)
        snprintf(waiting, sizeof waiting, app->waiting >= 100 ? _("Out%lld+ ") : _("Out%lld "), app->waiting);
    if (app->alarms)
        snprintf(waiting + strlen(waiting), sizeof waiting - strlen(waiting), _("Alarm%lld "), app->alarms);
    if (app->top && app->top->session == &app->guest)
        snprintf(text, sizeof text, _("Second person: %s "), session_name(&app->guest));
    else if (app->red || app->yellow)
        snprintf(text, sizeof text, _("DB%s To do %lld %sPaper%s Late%lld Near%lld "), db_mark(app), app->todo,
                 waiting, print_mark(app), app->red, app->yellow);
    else
        snprintf(text, sizeof text, _("DB%s To do %lld %sPaper%s "), db_mark(app), app->todo, waiting,
                 print_mark(app));
    enum style style = app->red || app->waiting_old || app->alarms ? STYLE_RED : app->yellow ? STYLE_YELLOW : STYLE_DIM;
    if (app->clerk.db && db_state(app->clerk.db) == DB_LOST)
        style = STYLE_ERROR;
    return draw_right(y, width, width / 2, style, text);
}

static void draw_footer(struct app *app)
{
    int y = draw_rows() - 1, width = draw_columns(), x = 1;
    int right = draw_state(app, y, width);
    const enum action *keys = app->top ? app->top->ops->keys : NULL;
    draw_fill(y, 0, right, STYLE_PLAIN);
    for (; keys && *keys != ACT_NONE; keys++) {
        const char *name = keymap_key(*keys), *label = keymap_label(*keys);
        if (*keys == ACT_SAVE && *app->top->save_label)
            label = app->top->save_label;
        int cells = draw_cells(name) + draw_cells(label);
        if (x + cells + 1 > right)
            break;
        x += draw_text(y, x, draw_cells(name), STYLE_KEY, name);
        x += draw_text(y, x, draw_cells(label), STYLE_PLAIN, label) + 1;
    }
}

/* ---- all ---- */

static void draw_too_small(void)
{
    draw_erase();
    draw_textf(0, 0, draw_columns(), STYLE_PLAIN,
               _("Screen too small: %d x %d needed, %d x %d here. Nothing is lost."), TERM_MIN_COLUMNS,
               TERM_MIN_ROWS, draw_columns(), draw_rows());
    draw_cursor(0, 0);
    draw_flush();
}

static void draw_top(struct app *app)
{
    struct view *v = app->top;
    if (app->all_dirty || v->dirt == VIEW_ALL || (v->dirt == VIEW_PART && !v->ops->draw_part)) {
        for (int y = VIEW_TOP; y < view_bottom(); y++)
            draw_fill(y, 0, draw_columns(), STYLE_PLAIN);
        draw_rule(1, 0, draw_columns(), v->title, v->note);
        v->ops->draw(v);
    } else if (v->dirt == VIEW_PART) {
        v->ops->draw_part(v);
    }
    v->dirt = VIEW_CLEAN;
}

/* ---- the echo of a typed key ---- */

static bool nothing_dirty(const struct app *app)
{
    return !app->all_dirty && !app->header_dirty && !app->message_dirty && !app->footer_dirty
           && app->top->dirt == VIEW_CLEAN;
}

bool screen_echo(struct app *app, const char *bytes, size_t n, int y, int x, int width, const char *text)
{
    struct echo *e = &app->echo;
    int end = x + draw_cells(text);
    char one[8];
    snprintf(one, sizeof one, "%.*s", (int)n, bytes);
    if (!nothing_dirty(app) || app->commanding || app->small || decode_peek(&app->keys, 0)
        || e->n + n > sizeof e->bytes || app->cursor_y != y || app->cursor_x != end - draw_cells(one))
        return false;
    term_echo(bytes, n);
    memcpy(e->bytes + e->n, bytes, n);
    e->n += n;
    e->y = y;
    e->x = x;
    e->width = width;
    e->text = text;
    e->settle_at = app_clock_ms() + ECHO_SETTLE_MS;
    app->cursor_x = end;
    return true;
}

void screen_settle(struct app *app)
{
    struct echo *e = &app->echo;
    if (!e->n)
        return;
    draw_edit(e->y, e->x, e->width, STYLE_PLAIN, e->text);
    draw_cursor(e->y, app->cursor_x);
    if (!term_refresh_unseen(e->bytes,
                             e->n)) { /* what curses believes and what stands there are made one again */
        draw_repaint();
        draw_flush();
    }
    e->n = 0;
    e->settle_at = 0;
}

void screen_draw(struct app *app)
{
    int y = 0, x = 0;
    if (!app->top)
        return;
    if (!nothing_dirty(app))
        screen_settle(app);
    if (term_too_small()) {
        if (app->all_dirty)
            draw_too_small();
        app->all_dirty = false;
        app->small = true;
        return;
    }
    if (app->small) {
        app->small = false;
        app->all_dirty = true;
    }
    if (nothing_dirty(app))
        return;
    if (app->all_dirty)
        draw_erase();
    if (app->all_dirty || app->header_dirty)
        draw_header(app);
    draw_top(app);
    if (app->all_dirty || app->message_dirty)
        draw_message(app);
    if (app->all_dirty || app->footer_dirty)
        draw_footer(app);
    app->all_dirty = app->header_dirty = app->message_dirty = app->footer_dirty = false;
    if (app->commanding) {
        y = draw_rows() - 2;
        command_draw(app, y, &x);
    } else if (app->top->ops->cursor) {
        app->top->ops->cursor(app->top, &y, &x);
    }
    draw_cursor(y, x);
    app->cursor_y = y;
    app->cursor_x = x;
    draw_flush();
}
