/* Text to read: help, guides, explanations. Wrapped while drawing, scrolled by keys. */
#include "app.h"
#include "draw.h"
#include "views.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (256u << 10)

struct view_text {
    struct view view;
    char *text;
    size_t *line; /* byte offset of every drawn line */
    size_t lines, cap;
    size_t top;
    int columns; /* width for which `line` holds */
};

static void break_lines(struct view_text *t)
{
    size_t at = 0, len = strlen(t->text);
    t->columns = draw_columns();
    t->lines = 0;
    while (at < len) {
        if (t->lines == t->cap) {
            t->cap = t->cap ? t->cap * 2 : 64;
            t->line = xrealloc(t->line, t->cap, sizeof *t->line);
        }
        t->line[t->lines++] = at;
        draw_wrap(t->text, &at, t->columns - 3);
    }
}

static size_t last_top(const struct view_text *t)
{
    size_t rows = (size_t)view_height();
    return t->lines > rows ? t->lines - rows : 0;
}

static void text_draw(struct view *v)
{
    struct view_text *t = (struct view_text *)v;
    if (t->columns != draw_columns())
        break_lines(t);
    if (t->top > last_top(t))
        t->top = last_top(t);
    for (int i = 0; i < view_height() && t->top + (size_t)i < t->lines; i++) {
        char text[2048];
        size_t at = t->line[t->top + (size_t)i], start = at;
        size_t n = draw_wrap(t->text, &at, t->columns - 3);
        snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text ? n : sizeof text - 1), t->text + start);
        draw_edit(VIEW_TOP + i, 1, draw_columns() - 2, STYLE_PLAIN, text);
    }
}

static void text_cursor(struct view *v, int *y, int *x)
{
    (void)v;
    *y = VIEW_TOP;
    *x = 0;
}

static enum view_dirt scroll(struct view_text *t, long step)
{
    long top = (long)t->top + step;
    t->top = top < 0 ? 0 : (size_t)top > last_top(t) ? last_top(t) : (size_t)top;
    return VIEW_ALL;
}

static enum view_dirt text_key(struct view *v, const struct input *in)
{
    struct view_text *t = (struct view_text *)v;
    switch (in->action) {
    case ACT_UP: return scroll(t, -1);
    case ACT_DOWN: return scroll(t, 1);
    case ACT_PAGE_UP: return scroll(t, -view_height());
    case ACT_PAGE_DOWN: return scroll(t, view_height());
    case ACT_HOME: return scroll(t, -(long)t->lines);
    case ACT_END: return scroll(t, (long)t->lines);
    case ACT_CHAR:
        if (in->cp == ' ' && t->top < last_top(t))
            return scroll(t, view_height());
        return VIEW_CLEAN;
    case ACT_ENTER:
    case ACT_ESCAPE: view_pop(v); return VIEW_CLEAN;
    default: return VIEW_CLEAN;
    }
}

static void text_destroy(struct view *v)
{
    struct view_text *t = (struct view_text *)v;
    free(t->text);
    free(t->line);
}

static const enum action text_keys[] = {ACT_LEAVE, ACT_ENTER, ACT_UP, ACT_MENU, ACT_NONE};

static const struct view_ops text_ops = {
    .name = "text",
    .size = sizeof(struct view_text),
    .draw = text_draw,
    .cursor = text_cursor,
    .key = text_key,
    .destroy = text_destroy,
    .keys = text_keys,
};

void view_text_open(struct app *app, const char *title, const char *text)
{
    struct view_text *t = (struct view_text *)view_push(app, &text_ops, title);
    t->text = xstrdup(text);
}

/* ---- pages by name ---- */

static char *words_page(struct app *app)
{
    struct str s;
    str_init(&s, TEXT_MAX);
    str_add(&s, _("One word, a blank, and what it is about; several commands with ; between them.\n"
                  "A case number alone opens the case.\n\n"));
    for (const struct jnode *n = jn_first(jn_get(json_root(app->menu), "entries")); n; n = jn_next(n)) {
        const char *word = jn_str(n, "word", "");
        if (!*word || !app_has_duty(app, jn_get(n, "duty")))
            continue;
        str_addf(&s, "  %s", word);
        str_add_repeat(&s, " ", strlen(word) < 8 ? 8 - strlen(word) : 1);
        str_addf(&s, "%s\n", jn_label(jn_get(n, "label")));
    }
    str_addf(&s, "  c       %s\n  p       %s\n", _("opens a case by its number, or finds one by a name"),
             _("prints papers of the case on screen again"));
    return str_steal(&s);
}

/* forms/text/<name>.zh.txt or .en.txt, as the language wants. */
static bool open_file(struct app *app, const char *name, struct err *e)
{
    char file[160], path[1024], *text = NULL;
    size_t len;
    snprintf(file, sizeof file, "forms/text/%s.%s.txt", name, i18n_english() ? "en" : "zh");
    if (!paths_share(file, path, sizeof path, e) || !file_read(path, TEXT_MAX, &text, &len, e))
        return false;
    if (!utf8_valid(text, len)) {
        free(text);
        return err_set(e, ERR_INPUT, _("%s is not UTF-8"), path);
    }
    char *end = strchr(text, '\n');
    if (end)
        *end = '\0';
    view_text_open(app, text, end ? end + 1 : "");
    free(text);
    return true;
}

bool view_text_open_named(struct app *app, const char *name, struct err *e)
{
    if (strcmp(name, "keys") && strcmp(name, "words"))
        return open_file(app, name, e);
    bool keys = name[0] == 'k';
    char *text = keys ? keymap_help() : words_page(app);
    view_text_open(app, keys ? _("Keys") : _("Command words"), text);
    free(text);
    return true;
}

void view_text_error(struct app *app, const struct err *e)
{
    struct str s;
    str_init(&s, 8192);
    str_addf(&s, "%s\n", e->message);
    if (*e->hint)
        str_addf(&s, "\n%s  %s\n", _("What to do"), e->hint);
    if (*e->law)
        str_addf(&s, "\n%s  %s\n", _("Law"), e->law);
    if (*e->code)
        str_addf(&s, "\n%s  %s\n", _("Code"), e->code);
    char *text = str_steal(&s);
    view_text_open(app, _("About the message"), text);
    free(text);
}
