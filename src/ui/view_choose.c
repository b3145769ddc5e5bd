/* A panel with choices on one key each. */
#include "app.h"
#include "draw.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view_choose {
    struct view view;
    char *text;
    char subject[64];
    struct choose_item item[CHOOSE_MAX];
    size_t count, at; /* at == count: none is chosen yet, Enter goes on without */
    view_choose_fn *done;
};

static int text_rows(const struct view_choose *c)
{
    size_t at = 0;
    int rows = 0;
    while (c->text[at] && rows < view_height() - 4) {
        draw_wrap(c->text, &at, draw_columns() - 5);
        rows++;
    }
    return rows;
}

static int first_row(const struct view_choose *c)
{
    return VIEW_TOP + 1 + text_rows(c) + 1;
}

static void choose_draw(struct view *v)
{
    struct view_choose *c = (struct view_choose *)v;
    size_t at = 0;
    int rows = text_rows(c), y = first_row(c);
    for (int i = 0; i < rows; i++) {
        char line[1024];
        size_t start = at, n = draw_wrap(c->text, &at, draw_columns() - 5);
        snprintf(line, sizeof line, "%.*s", (int)n, c->text + start);
        draw_text(VIEW_TOP + 1 + i, 3, draw_columns() - 4, STYLE_PLAIN, line);
    }
    for (size_t i = 0; i < c->count && y + (int)i < view_bottom(); i++) {
        const struct choose_item *item = &c->item[i];
        draw_text(y + (int)i, 2, 2, STYLE_FOCUS, i == c->at ? ">" : "");
        draw_textf(y + (int)i, 4, 2, item->dim ? STYLE_DIM : STYLE_KEY, "%c", item->key);
        draw_text(y + (int)i, 7, draw_columns() - 8, item->dim ? STYLE_DIM : STYLE_PLAIN, item->label);
    }
}

static void choose_cursor(struct view *v, int *y, int *x)
{
    struct view_choose *c = (struct view_choose *)v;
    *y = first_row(c) + (c->at < c->count ? (int)c->at : 0);
    *x = 4;
}

static void take(struct view_choose *c, size_t i)
{
    if (c->item[i].dim) {
        app_say(c->view.app, MESSAGE_NOTE, "%s", c->item[i].label);
        return;
    }
    /* What comes next is opened before this goes: a second person stays signed in meanwhile. */
    c->done(c->view.app, c->view.session, c->subject, c->item[i].code);
    view_pop(&c->view);
}

static enum view_dirt choose_key(struct view *v, const struct input *in)
{
    struct view_choose *c = (struct view_choose *)v;
    switch (in->action) {
    case ACT_UP:
    case ACT_PREVIOUS: c->at = c->at ? c->at - 1 : c->count - 1; return VIEW_ALL;
    case ACT_DOWN:
    case ACT_NEXT: c->at = c->at + 1 < c->count ? c->at + 1 : 0; return VIEW_ALL;
    case ACT_ENTER:
    case ACT_SAVE:
        if (c->at < c->count)
            take(c, c->at);
        else
            view_pop(v);
        return VIEW_CLEAN;
    case ACT_ESCAPE: view_pop(v); return VIEW_CLEAN;
    case ACT_PRINT: app_open(v->app, "print", NULL); return VIEW_CLEAN;
    case ACT_CHAR:
        for (size_t i = 0; i < c->count && !in->data; i++)
            if ((unsigned char)c->item[i].key == in->cp) {
                c->at = i;
                take(c, i);
                return VIEW_CLEAN;
            }
        app_say(v->app, MESSAGE_NOTE, _("Choose by its key, or Enter to go on without"));
        return VIEW_CLEAN;
    default: return VIEW_CLEAN;
    }
}

static void choose_help(struct view *v)
{
    struct err e;
    view_text_open_named(v->app, "keys", &e);
}

static bool choose_number(struct view *v, char *out)
{
    struct view_choose *c = (struct view_choose *)v;
    return idcheck_case_number(c->subject, out, NULL);
}

static void choose_destroy(struct view *v)
{
    free(((struct view_choose *)v)->text);
}

static const enum action choose_keys[] = {ACT_HELP, ACT_LEAVE, ACT_ENTER, ACT_PRINT, ACT_MENU, ACT_NONE};

static const struct view_ops choose_ops = {
    .name = "choose",
    .size = sizeof(struct view_choose),
    .draw = choose_draw,
    .cursor = choose_cursor,
    .key = choose_key,
    .help = choose_help,
    .number = choose_number,
    .destroy = choose_destroy,
    .keys = choose_keys,
    .digits_act = true,
};

void view_choose_open(struct app *app, struct session *session, const char *title, const char *text,
                      const struct choose_item *items, size_t n, const char *subject, view_choose_fn *done)
{
    struct view_choose *c = (struct view_choose *)view_push(app, &choose_ops, title);
    c->view.session = session;
    c->text = xstrdup(text);
    c->count = n < CHOOSE_MAX ? n : CHOOSE_MAX;
    c->at = c->count;
    memcpy(c->item, items, c->count * sizeof *items);
    c->done = done;
    snprintf(c->subject, sizeof c->subject, "%s", subject);
}
