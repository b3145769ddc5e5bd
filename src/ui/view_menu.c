/* The menu: what forms/menu.json offers to the duties of the person signed in. */
#include "app.h"
#include "draw.h"
#include "views.h"

#include "guitai/base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MENU_MAX 64

struct view_menu {
    struct view view;
    const struct jnode *entry[MENU_MAX]; /* borrowed from app->menu */
    size_t count, at;
};

static int per_column(const struct view_menu *m)
{
    int rows = view_height() - 2;
    int columns = draw_columns() >= 80 ? 2 : 1;
    int wanted = ((int)m->count + columns - 1) / columns;
    if ((int)m->count <= rows)
        return rows;
    return wanted < rows ? rows : wanted;
}

static void draw_entry(struct view_menu *m, size_t i)
{
    int rows = per_column(m), column = (int)i / rows;
    int y = VIEW_TOP + 1 + (int)i % rows, x = 3 + column * 38;
    bool here = i == m->at;
    draw_text(y, x - 2, 2, STYLE_FOCUS, here ? "> " : "");
    draw_text(y, x, 3, STYLE_KEY, jn_str(m->entry[i], "key", ""));
    draw_text(y, x + 3, 26, here ? STYLE_SELECTED : STYLE_PLAIN, jn_label(jn_get(m->entry[i], "label")));
    draw_text(y, x + 30, 6, STYLE_DIM, jn_str(m->entry[i], "word", ""));
}

static void menu_draw(struct view *v)
{
    struct view_menu *m = (struct view_menu *)v;
    for (size_t i = 0; i < m->count; i++)
        draw_entry(m, i);
    int y = VIEW_TOP + 1, x = 45;
    if (per_column(m) < (int)m->count)
        return;
    for (const struct jnode *n = jn_first(jn_get(json_root(v->app->clerk.me), "notices"));
         n && y < view_bottom(); n = jn_next(n), y++)
        draw_textf(y, x, draw_columns() - x - 1, STYLE_WARN, "! %s",
                   i18n_pick(jn_str(n, "zh", ""), jn_str(n, "en", "")));
    draw_text(view_bottom() - 1, 3, draw_columns() - 4, STYLE_DIM,
              _("F2 command line: a word above, or a case number; the scanner opens a case from anywhere"));
}

static void menu_cursor(struct view *v, int *y, int *x)
{
    struct view_menu *m = (struct view_menu *)v;
    int rows = per_column(m);
    *y = VIEW_TOP + 1 + (int)m->at % rows;
    *x = 1 + (int)m->at / rows * 38;
}

static void choose(struct view_menu *m, size_t i)
{
    m->at = i;
    view_dirty(&m->view, VIEW_ALL);
    app_open(m->view.app, jn_str(m->entry[i], "open", ""), jn_str(m->entry[i], "arg", NULL));
}

static enum view_dirt choose_by_char(struct view_menu *m, uint32_t cp)
{
    for (size_t i = 0; i < m->count; i++) {
        const char *key = jn_str(m->entry[i], "key", "");
        if (strlen(key) == 1 && (unsigned char)*key == cp) {
            choose(m, i);
            return VIEW_CLEAN;
        }
    }
    app_say(m->view.app, MESSAGE_NOTE, _("No such entry; F2 opens the command line"));
    return VIEW_CLEAN;
}

static enum view_dirt menu_key(struct view *v, const struct input *in)
{
    struct view_menu *m = (struct view_menu *)v;
    size_t rows = (size_t)per_column(m);
    if (!m->count)
        return VIEW_CLEAN;
    switch (in->action) {
    case ACT_UP:
    case ACT_PREVIOUS: m->at = m->at ? m->at - 1 : m->count - 1; return VIEW_ALL;
    case ACT_DOWN:
    case ACT_NEXT: m->at = (m->at + 1) % m->count; return VIEW_ALL;
    case ACT_RIGHT: m->at = m->at + rows < m->count ? m->at + rows : m->at; return VIEW_ALL;
    case ACT_LEFT: m->at = m->at >= rows ? m->at - rows : m->at; return VIEW_ALL;
    case ACT_HOME: m->at = 0; return VIEW_ALL;
    case ACT_END: m->at = m->count - 1; return VIEW_ALL;
    case ACT_ENTER: choose(m, m->at); return VIEW_CLEAN;
    case ACT_CHAR: return in->data ? VIEW_CLEAN : choose_by_char(m, in->cp);
    default: return VIEW_CLEAN;
    }
}

static void menu_refresh(struct view *v)
{
    app_counts(v->app);
}

static void menu_help(struct view *v)
{
    struct err e;
    if (!view_text_open_named(v->app, "help", &e))
        view_text_open_named(v->app, "keys", &e);
}

static const enum action menu_keys[] = {ACT_HELP, ACT_COMMAND, ACT_LEAVE, ACT_REFRESH, ACT_NONE};

static const struct view_ops menu_ops = {
    .name = "menu",
    .size = sizeof(struct view_menu),
    .draw = menu_draw,
    .cursor = menu_cursor,
    .key = menu_key,
    .refresh = menu_refresh,
    .help = menu_help,
    .keys = menu_keys,
    .digits_act = true,
};

void view_menu_open(struct app *app)
{
    const struct jnode *root = json_root(app->menu);
    struct view_menu *m = (struct view_menu *)view_push(app, &menu_ops, jn_label(jn_get(root, "title")));
    for (const struct jnode *n = jn_first(jn_get(root, "entries")); n && m->count < MENU_MAX; n = jn_next(n))
        if (app_has_duty(app, jn_get(n, "duty")))
            m->entry[m->count++] = n;
    if (!m->count)
        app_say(app, MESSAGE_WARN, _("The menu offers nothing for your duties"));
}
