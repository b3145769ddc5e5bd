#include "entry_draw.h"

#include "draw.h"
#include "entry_layout.h"
#include "view.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <stdio.h>
#include <string.h>

#define EDIT_BYTES 4096
#define CHECK_WIDTH 40 /* cells that a checklist line wants */
#define POPUP_ROWS 9

/* ---- text-like fields ---- */

static void draw_line(const struct textedit *t, int y, const struct entry_place *p, size_t *scroll)
{
    char text[EDIT_BYTES];
    int cx;
    struct textedit_row row = textedit_view_line(t, p->width, scroll, &cx);
    draw_edit(y, p->x, p->width, STYLE_PLAIN, textedit_slice(t, row.from, row.to, text, sizeof text));
}

/* First row shown of a paragraph that is longer than its field. */
static size_t first_row(size_t rows, size_t cursor_row, int height)
{
    if (rows <= (size_t)height || cursor_row < (size_t)height)
        return 0;
    return cursor_row - (size_t)height + 1;
}

static void draw_paragraph(const struct textedit *t, int y, const struct entry_place *p)
{
    struct textedit_row rows[256];
    char text[EDIT_BYTES];
    size_t cursor_row;
    int cx;
    size_t n = textedit_view_rows(t, p->width, rows, 256, &cursor_row, &cx);
    size_t first = first_row(n, cursor_row, p->rows);
    for (int i = 0; i < p->rows; i++) {
        size_t r = first + (size_t)i;
        bool there = r < n && r < 256;
        draw_edit(y + i, p->x, p->width, STYLE_PLAIN,
                  there ? textedit_slice(t, rows[r].from, rows[r].to, text, sizeof text) : "");
    }
}

static void draw_shown(const struct entry *en, size_t i, int y, const struct entry_place *p, bool focus)
{
    const struct fielddef *d = entry_def(en, i);
    const char *shown = entry_shown(en, i);
    for (int r = 1; r < p->rows; r++)
        draw_fill(y + r, p->x, p->width, STYLE_PLAIN);
    if (*shown || focus || entry_kind(en, i) == FIELD_READONLY) {
        draw_text(y, p->x, p->width, STYLE_PLAIN, shown);
        return;
    }
    int dots = d->max_chars && (int)d->max_chars < p->width ? (int)d->max_chars : p->width;
    draw_fill(y, p->x, p->width, STYLE_PLAIN);
    draw_repeat(y, p->x, dots, STYLE_DIM, '.');
}

/* The one-line field that the keys go to: the hot path of every typed character. */
static void draw_typed(const struct textedit *t, int y, const struct entry_place *p, size_t *scroll,
                       struct entry_drawn *drawn, bool known)
{
    char text[ENTRY_DRAWN_MAX];
    int cx;
    struct textedit_row row = textedit_view_line(t, p->width, scroll, &cx);
    textedit_slice(t, row.from, row.to, text, sizeof text);
    if (known)
        draw_edit_changed(y, p->x, p->width, drawn->text, text);
    else
        draw_edit(y, p->x, p->width, STYLE_PLAIN, text);
    memcpy(drawn->text, text, strlen(text) + 1);
}

static void draw_note(const struct entry *en, size_t i, int y, const struct entry_place *p,
                      struct entry_drawn *drawn, bool known)
{
    bool warn = false;
    const char *text = entry_readout(en, i, &warn);
    if (known && !strcmp(drawn->note, text))
        return;
    if (drawn)
        snprintf(drawn->note, sizeof drawn->note, "%s", text);
    if (p->note_width > 0)
        draw_text(y, p->note_x, p->note_width, warn ? STYLE_WARN : STYLE_NOTE, text);
}

/* Typed letters of a choice, and in the rest of the field what they stand for so far. */
static void draw_choice(const struct entry *en, size_t i, int y, const struct entry_place *p, size_t *scroll)
{
    const struct choice *const *matches;
    size_t highlight = 0, n = entry_matches(en, &matches, &highlight);
    const struct textedit *t = entry_editor(en, i);
    const char *typed = t ? textedit_get(t) : "";
    int used = draw_cells(typed);
    if (!*typed) {
        draw_text(y, p->x, p->width, STYLE_PLAIN, entry_shown(en, i));
        return;
    }
    draw_line(t, y, p, scroll);
    if (used + 4 < p->width && highlight < n)
        draw_text(y, p->x + used + 2, p->width - used - 2, STYLE_DIM,
                  i18n_pick(matches[highlight]->zh, matches[highlight]->en));
}

void entry_draw_field(const struct entry *en, size_t i, int y, const struct entry_place *p, size_t *scroll,
                      struct entry_drawn *drawn)
{
    const struct textedit *t = entry_editor(en, i);
    bool focus = i == entry_focus(en), known = drawn && drawn->field == entry_def(en, i);
    if (focus && entry_kind(en, i) == FIELD_CHOICE)
        draw_choice(en, i, y, p, scroll);
    else if (t && entry_kind(en, i) == FIELD_MULTILINE && (focus || *entry_value(en, i)))
        draw_paragraph(t, y, p);
    else if (t && drawn)
        draw_typed(t, y, p, scroll, drawn, known);
    else
        draw_shown(en, i, y, p, focus);
    draw_note(en, i, y, p, drawn, known);
    if (drawn)
        drawn->field = entry_def(en, i);
}

void entry_draw_cursor(const struct entry *en, size_t i, const struct entry_place *p, size_t *scroll, int *y,
                       int *x)
{
    const struct textedit *t = entry_editor(en, i);
    int cx = 0;
    *x = p->x;
    if (!t || (entry_kind(en, i) == FIELD_CHOICE && !textedit_length(t)))
        return;
    if (entry_kind(en, i) == FIELD_MULTILINE) {
        struct textedit_row rows[1];
        size_t cursor_row;
        size_t n = textedit_view_rows(t, p->width, rows, 1, &cursor_row, &cx);
        *y += (int)(cursor_row - first_row(n, cursor_row, p->rows));
    } else {
        textedit_view_line(t, p->width, scroll, &cx);
    }
    *x = p->x + cx;
}

/* ---- the list of a choice ---- */

static int popup_rows(size_t matches, int y, bool *above)
{
    int below = view_bottom() - y - 1, over = y - VIEW_TOP;
    int wanted = matches < POPUP_ROWS ? (int)matches : POPUP_ROWS;
    *above = below < wanted && over > below;
    int room = *above ? over : below;
    return wanted < room ? wanted : room;
}

void entry_draw_popup(const struct entry *en, int y, int x)
{
    const struct choice *const *matches;
    char text[512];
    size_t highlight = 0, n = entry_matches(en, &matches, &highlight);
    bool above;
    int rows = popup_rows(n, y, &above), width = draw_columns() - x < 62 ? draw_columns() - x : 62;
    size_t recent = entry_recent_count(en);
    size_t first = highlight < (size_t)rows || highlight >= n ? 0 : highlight - (size_t)rows + 1;
    int top = above ? y - rows : y + 1;

    for (int r = 0; r < rows; r++) {
        const struct choice *c = matches[first + (size_t)r];
        size_t i = first + (size_t)r;
        bool here = i == highlight;
        char digit = i < recent && i < 9 ? (char)('1' + i) : ' ';
        snprintf(text, sizeof text, "%c%c %-5s %s  %s", here ? '>' : ' ', digit, c->code,
                 i18n_pick(c->zh, c->en), c->extra ? c->extra : "");
        draw_text(top + r, x, width, here ? STYLE_POPUP_SELECTED : STYLE_POPUP, text);
    }
    if ((size_t)rows < n)
        draw_textf(above ? top : top + rows - 1, x + width - 8, 8, STYLE_POPUP, " %zu/%zu",
                   highlight < n ? highlight + 1 : 0, n);
}

/* ---- checklists ---- */

static int check_columns(size_t rows)
{
    int fit = draw_columns() / CHECK_WIDTH;
    return fit < 1 || rows < 3 ? 1 : fit > 3 ? 3 : fit;
}

int entry_draw_check_rows(size_t rows)
{
    int columns = check_columns(rows);
    return ((int)rows + columns - 1) / columns;
}

static const char *state_word(const char *state)
{
    static const struct {
        const char *state, *word;
    } words[] = {{"original", N_("original")},
                 {"copy", N_("copy")},
                 {"checked", N_("checked")},
                 {"check", N_("checked")},
                 {"electronic", N_("electronic")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].state, state))
            return _(words[i].word);
    return "";
}

static void draw_check_row(const struct check_row *r, int y, int x, int width, bool here)
{
    char text[64];
    bool missing = !*r->state;
    enum style style = missing ? r->mandatory ? STYLE_WARN : STYLE_DIM : STYLE_OK;
    if (missing)
        snprintf(text, sizeof text, "%s%s%s", r->mandatory ? "!" : "", _("no "), state_word(r->form));
    else
        snprintf(text, sizeof text, "%s%d", state_word(r->state), r->copies);
    int right = draw_cells(text);
    draw_textf(y, x, 7, here ? STYLE_FOCUS : STYLE_PLAIN, "[%s]%2d", missing ? " " : "x", r->no);
    draw_text(y, x + 7, width - 8 - right, here ? STYLE_FOCUS : STYLE_PLAIN, r->name ? r->name : "");
    draw_text(y, x + width - 1 - right, right, style, text);
    draw_fill(y, x + width - 1, 1, STYLE_PLAIN);
}

static void place_check_row(size_t rows, size_t i, int *y, int *x, int *width)
{
    int lines = entry_draw_check_rows(rows);
    *width = (draw_columns() - 2) / check_columns(rows);
    *y += 1 + (int)i % lines;
    *x = 2 + (int)i / lines * *width;
}

static bool in_body(int y)
{
    return y >= VIEW_TOP && y < view_bottom();
}

int entry_draw_check_line(const struct entry *en, size_t i)
{
    const struct check_row *rows;
    size_t cursor = 0, n = entry_rows(en, i, &rows, &cursor);
    return n ? 1 + (int)cursor % entry_draw_check_rows(n) : 0;
}

void entry_draw_checklist(const struct entry *en, size_t i, int y)
{
    const struct check_row *rows;
    const struct fielddef *d = entry_def(en, i);
    char label[128], done[32];
    size_t cursor = 0, n = entry_rows(en, i, &rows, &cursor), have = 0;
    bool focus = i == entry_focus(en);

    for (size_t r = 0; r < n; r++)
        have += *rows[r].state != '\0';
    snprintf(label, sizeof label, "%s%s", focus ? "> " : "", i18n_pick(d->label_zh, d->label_en));
    snprintf(done, sizeof done, "%zu / %zu", have, n);
    if (in_body(y))
        draw_rule(y, 0, draw_columns(), label, done);
    for (size_t r = 0; r < n; r++) {
        int row_y = y, x, width;
        place_check_row(n, r, &row_y, &x, &width);
        if (in_body(row_y))
            draw_check_row(&rows[r], row_y, x, width, focus && r == cursor);
    }
}

void entry_draw_checklist_cursor(const struct entry *en, size_t i, int *y, int *x)
{
    const struct check_row *rows;
    size_t cursor = 0, n = entry_rows(en, i, &rows, &cursor);
    int width;
    if (!n)
        return;
    place_check_row(n, cursor, y, x, &width);
    *x += 1;
}
