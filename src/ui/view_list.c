/* A list of any forms/lists file: pages by key, live, filtered by typing, coloured with letters beside. */
#include "app.h"
#include "draw.h"
#include "term.h"
#include "view_list.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"
#include "guitai/entry/textedit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_MAX 60
#define SEARCH_DELAY_MS 150 /* a filter is sent when the fingers pause */

static struct view_list *self(struct view *v)
{
    return (struct view_list *)v;
}

#define TABLE_TOP (VIEW_TOP + 2) /* below the search line with the keys, and the headings */

static size_t page_size(void)
{
    int n = view_bottom() - TABLE_TOP;
    return n < 1 ? 1 : n > LIST_MAX_ROWS ? LIST_MAX_ROWS : (size_t)n;
}

/* ---- drawing ---- */

static int shown_width(const struct view_list *l, const struct list_column *c)
{
    int taken = 3, columns = draw_columns();
    if (c->min_screen > columns)
        return -1;
    if (c->width)
        return c->width;
    for (size_t i = 0; i < l->def.columns; i++)
        if (l->def.column[i].min_screen <= columns)
            taken += l->def.column[i].width + 1;
    return columns - taken > 4 ? columns - taken : 4;
}

static void draw_cell(int y, int x, int width, bool right, enum style style, const char *text)
{
    int cells = draw_cells(text);
    if (right && cells < width) {
        draw_fill(y, x, width - cells, style);
        draw_text(y, x + width - cells, cells, style, text);
    } else {
        draw_text(y, x, width, style, text);
    }
}

static void draw_heading(const struct view_list *l)
{
    int y = TABLE_TOP - 1, x = 3;
    for (size_t i = 0; i < l->def.columns; i++) {
        int width = shown_width(l, &l->def.column[i]);
        if (width < 0)
            continue;
        draw_cell(y, x, width, l->def.column[i].right, STYLE_LABEL, l->def.column[i].label);
        x += width + 1;
    }
}

static enum style style_of(const char *colour)
{
    if (!strcmp(colour, "red"))
        return STYLE_RED;
    return !strcmp(colour, "yellow") ? STYLE_YELLOW : !strcmp(colour, "green") ? STYLE_GREEN : STYLE_PLAIN;
}

static void draw_row(const struct view_list *l, size_t i)
{
    int y = TABLE_TOP + (int)i, x = 3;
    char text[256];
    const char *colour = *l->def.colour ? list_rows_get(&l->rows, i, l->def.colour) : "";
    enum style style = i == l->at ? STYLE_SELECTED : style_of(colour);
    draw_text(y, 0, 2, style_of(colour), list_def_mark(&l->def, colour));
    draw_fill(y, 2, draw_columns() - 2, i == l->at ? STYLE_SELECTED : STYLE_PLAIN);
    for (size_t c = 0; c < l->def.columns; c++) {
        const struct list_column *column = &l->def.column[c];
        int width = shown_width(l, column);
        if (width < 0)
            continue;
        const char *value = list_rows_words(&l->rows, i, column->name);
        draw_cell(y, x, width, column->right, style,
                  list_format_value(value, column, width, text, sizeof text));
        x += width + 1;
    }
}

static void draw_search(struct view_list *l, int *cursor_x)
{
    char text[SEARCH_MAX * UTF8_MAX + 1];
    const char *label = _("Find ");
    int x = 3 + draw_cells(label), cx;
    if (!l->def.search)
        return;
    struct textedit_row row = textedit_view_line(l->search, 40, &l->search_scroll, &cx);
    draw_text(VIEW_TOP, 3, x - 3, STYLE_LABEL, label);
    draw_edit(VIEW_TOP, x, 41, STYLE_PLAIN, textedit_slice(l->search, row.from, row.to, text, sizeof text));
    if (cursor_x)
        *cursor_x = x + cx;
}

/* The authored key, when it leads where the person's duties do; else NULL: the character means nothing special. */
static const struct jnode *key_of(const struct view_list *l, const char *key)
{
    const struct jnode *n = list_def_key(&l->def, key);
    return n && (!jn_get(n, "open") || app_may_open(l->view.app, jn_str(n, "open", ""))) ? n : NULL;
}

static void draw_keys(const struct view_list *l)
{
    int x = l->def.search ? 52 : 3, y = VIEW_TOP;
    for (const struct jnode *n = jn_first(jn_get(json_root(l->def.doc), "keys")); n; n = jn_next(n)) {
        const char *key = jn_str(n, "key", ""), *label = jn_label(jn_get(n, "label"));
        if (!key_of(l, key))
            continue;
        key = strcmp(key, "enter") ? key : "Enter";
        if (x + draw_cells(key) + draw_cells(label) + 2 > draw_columns())
            return;
        x += draw_text(y, x, draw_cells(key), STYLE_KEY, key);
        x += draw_text(y, x, draw_cells(label), STYLE_DIM, label) + 1;
    }
}

static void list_draw(struct view *v)
{
    struct view_list *l = self(v);
    draw_search(l, NULL);
    draw_keys(l);
    draw_heading(l);
    for (size_t i = 0; i < l->rows.count; i++)
        draw_row(l, i);
    if (!l->rows.count && l->loaded)
        draw_text(TABLE_TOP, 3, draw_columns() - 4, STYLE_DIM, l->def.empty);
}

static void list_draw_part(struct view *v)
{
    draw_search(self(v), NULL);
}

static void list_cursor(struct view *v, int *y, int *x)
{
    struct view_list *l = self(v);
    *y = TABLE_TOP + (int)l->at;
    *x = 2;
    if (l->def.search && (textedit_length(l->search) || !l->rows.count)) {
        *y = VIEW_TOP;
        draw_search(l, x);
    }
}

/* ---- reading ---- */

static void remember_selected(struct view_list *l)
{
    free(l->selected);
    l->selected = l->at < l->rows.count ? xstrdup(list_rows_get(&l->rows, l->at, "key")) : NULL;
}

static void update_note(struct view_list *l)
{
    if (l->page || l->rows.more)
        snprintf(l->view.note, sizeof l->view.note, _("page %zu%s"), l->page + 1,
                 l->rows.more ? " PgDn »" : "");
    else
        snprintf(l->view.note, sizeof l->view.note, "%zu", l->rows.count);
}

static void load(struct view_list *l, unsigned flags);

static void on_rows(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_list *l = owner;
    (void)tag;
    l->loading = false;
    if (!e) {
        list_rows_take(&l->rows, r, page_size());
        l->loaded = true;
        if (l->to_end)
            l->at = l->rows.count ? l->rows.count - 1 : 0;
        else if (l->selected)
            for (size_t i = 0; i < l->rows.count; i++)
                if (!strcmp(list_rows_get(&l->rows, i, "key"), l->selected))
                    l->at = i;
        if (l->at >= l->rows.count)
            l->at = l->rows.count ? l->rows.count - 1 : 0;
        l->to_end = false;
        remember_selected(l);
        update_note(l);
        view_dirty(&l->view, VIEW_ALL);
    }
    if (l->again) {
        unsigned flags = l->again_flags;
        l->again = false;
        l->again_flags = 0;
        load(l, flags);
    }
}

/* One request at a time; what changes meanwhile is asked once more afterwards. */
static void load(struct view_list *l, unsigned flags)
{
    struct call_args a = {.n = 0};
    char limit[24];
    if (l->loading) {
        l->again = true;
        l->again_flags |= flags;
        return;
    }
    l->loading = true;
    snprintf(limit, sizeof limit, "%zu", page_size() + 1);
    call_add(&a, "search", textedit_length(l->search) ? textedit_get(l->search) : NULL);
    call_add(&a, "after", l->page ? l->after[l->page] : NULL);
    call_add(&a, "limit", limit);
    call_send(l->view.app, l->view.session, l, l->def.source, &a, flags | (l->loaded ? 0 : CALL_HOLD), on_rows, 0);
}

void view_list_load(struct view_list *l)
{
    load(l, 0);
}

/* Other rows, because of a key: those that follow are meant for them. */
static void load_other(struct view_list *l)
{
    load(l, CALL_HOLD);
}

static void first_page(struct view_list *l)
{
    for (; l->page; l->page--)
        free(l->after[l->page]);
    l->at = 0;
    free(l->selected);
    l->selected = NULL;
}

static void turn_page(struct view_list *l, int step)
{
    if (step > 0 && l->rows.more && l->rows.count && l->page + 1 < LIST_MAX_PAGES) {
        l->page++;
        l->after = xrealloc(l->after, l->page + 1, sizeof *l->after);
        if (l->page == 1)
            l->after[0] = NULL;
        l->after[l->page] = xstrdup(list_rows_get(&l->rows, l->rows.count - 1, "key"));
    } else if (step < 0 && l->page) {
        free(l->after[l->page]);
        l->page--;
    } else {
        return;
    }
    free(l->selected);
    l->selected = NULL;
    l->at = 0;
    load_other(l);
}

/* ---- keys ---- */

static void select_row(struct view_list *l, size_t i)
{
    l->at = i;
    remember_selected(l);
}

static enum view_dirt move(struct view_list *l, int step)
{
    if (step < 0 && !l->at) {
        l->to_end = l->page > 0;
        turn_page(l, -1);
    } else if (step > 0 && l->at + 1 >= l->rows.count) {
        turn_page(l, 1);
    } else {
        select_row(l, l->at + (size_t)step);
    }
    return VIEW_ALL;
}

static enum view_dirt search_changed(struct view_list *l, bool ok)
{
    if (!ok)
        term_beep();
    else
        l->view.timer_at = app_clock_ms() + SEARCH_DELAY_MS;
    return VIEW_PART;
}

static enum view_dirt type(struct view_list *l, const struct input *in)
{
    char key[UTF8_MAX + 1] = "";
    uint32_t cp = utf8_fold_width(in->cp);
    bool searching = textedit_length(l->search) > 0;
    key[utf8_encode(cp, key)] = '\0';
    const struct jnode *n = searching || in->data ? NULL : key_of(l, key);
    if (n)
        return view_list_press(l, n);
    if (!l->def.search || (cp == '/' && !searching))
        return VIEW_PART;
    return search_changed(l, textedit_insert(l->search, cp == '\n' ? ' ' : cp));
}

static enum view_dirt enter(struct view_list *l)
{
    if (l->view.timer_at) { /* what was typed a moment ago decides which line is meant */
        l->view.timer_at = 0;
        first_page(l);
        l->loaded = false;
        load_other(l);
        return VIEW_PART;
    }
    const struct jnode *n = key_of(l, "enter");
    return n ? view_list_press(l, n) : VIEW_CLEAN;
}

static enum view_dirt escape(struct view_list *l)
{
    if (!textedit_length(l->search))
        return VIEW_CLEAN;
    textedit_clear(l->search);
    return search_changed(l, true);
}

/* As the list's own key for printing says, else whatever the line is about. */
static enum view_dirt print(struct view_list *l)
{
    const struct jnode *n = jn_first(jn_get(json_root(l->def.doc), "keys"));
    while (n && strcmp(jn_str(n, "open", ""), "print"))
        n = jn_next(n);
    if (n)
        return view_list_press(l, n);
    app_open(l->view.app, "print", NULL);
    return VIEW_CLEAN;
}

static enum view_dirt list_key(struct view *v, const struct input *in)
{
    struct view_list *l = self(v);
    switch (in->action) {
    case ACT_UP:
    case ACT_PREVIOUS: return move(l, -1);
    case ACT_DOWN:
    case ACT_NEXT: return move(l, 1);
    case ACT_PAGE_DOWN: turn_page(l, 1); return VIEW_ALL;
    case ACT_PAGE_UP:
        if (l->page)
            turn_page(l, -1);
        else
            select_row(l, 0);
        return VIEW_ALL;
    case ACT_HOME:
        first_page(l);
        load_other(l);
        return VIEW_ALL;
    case ACT_END:
        if (l->rows.count)
            select_row(l, l->rows.count - 1);
        return VIEW_ALL;
    case ACT_ENTER: return enter(l);
    case ACT_CHAR: return type(l, in);
    case ACT_BACKSPACE: return search_changed(l, textedit_backspace(l->search));
    case ACT_DELETE_WORD: return search_changed(l, textedit_delete_word(l->search));
    case ACT_CLEAR:
    case ACT_ESCAPE: return escape(l);
    case ACT_PRINT: return print(l);
    case ACT_DAYS: app_open(v->app, "due", list_rows_get(&l->rows, l->at, "number")); return VIEW_CLEAN;
    default: return VIEW_CLEAN;
    }
}

static void list_timer(struct view *v)
{
    first_page(self(v));
    load_other(self(v));
}

static void list_refresh(struct view *v)
{
    view_list_load(self(v));
    app_counts(v->app);
}

static void list_changed(struct view *v)
{
    if (self(v)->def.live)
        view_list_load(self(v));
}

static bool list_number(struct view *v, char *out)
{
    struct view_list *l = self(v);
    return idcheck_case_number(list_rows_get(&l->rows, l->at, "number"), out, NULL);
}

static void list_scan_begin(struct view *v)
{
    struct view_list *l = self(v);
    free(l->before_scan);
    l->before_scan = xstrdup(textedit_get(l->search));
}

static void list_scan_undo(struct view *v)
{
    struct view_list *l = self(v);
    if (l->before_scan)
        textedit_set(l->search, l->before_scan);
    v->timer_at = 0;
}

static void list_help(struct view *v)
{
    struct err e;
    if (!view_text_open_named(v->app, "list", &e))
        view_text_open_named(v->app, "keys", &e);
}

static void list_destroy(struct view *v)
{
    struct view_list *l = self(v);
    view_list_talk_end(l);
    first_page(l);
    free(l->after);
    free(l->before_scan);
    textedit_free(&l->search);
    list_rows_reset(&l->rows);
    list_def_reset(&l->def);
}

static const enum action list_keys[] = {ACT_HELP,  ACT_COMMAND, ACT_LEAVE, ACT_REFRESH,
                                        ACT_PRINT, ACT_MENU,    ACT_NONE};

static const struct view_ops list_ops = {
    .name = "list",
    .size = sizeof(struct view_list),
    .draw = list_draw,
    .draw_part = list_draw_part,
    .cursor = list_cursor,
    .key = list_key,
    .resume = list_refresh,
    .changed = list_changed,
    .refresh = list_refresh,
    .help = list_help,
    .timer = list_timer,
    .scan_begin = list_scan_begin,
    .scan_undo = list_scan_undo,
    .number = list_number,
    .destroy = list_destroy,
    .keys = list_keys,
};

bool view_list_open(struct app *app, const char *id, const char *search, struct err *e)
{
    struct list_def def;
    if (!list_def_load(&def, id, e))
        return false;
    struct view_list *l = self(view_push(app, &list_ops, jn_label(jn_get(json_root(def.doc), "title"))));
    l->def = def;
    l->search = textedit_new(SEARCH_MAX, false);
    if (search)
        textedit_set(l->search, search);
    view_list_load(l);
    return true;
}
