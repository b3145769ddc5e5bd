#include "entry_layout.h"

#include "draw.h"
#include "entry_draw.h"
#include "view.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <string.h>

#define LABEL_MAX 16
#define MARGIN 2
#define SHORT_WIDTH 20 /* two fields up to this width share a row */
#define NOTE_ROOM 32   /* kept free beside a field that explains itself */

static const char *label_of(const struct fielddef *d)
{
    return i18n_pick(d->label_zh, d->label_en);
}

static int label_column(const struct entry *en)
{
    int widest = 4;
    for (size_t i = 0; i < entry_count(en); i++) {
        int cells = draw_cells(label_of(entry_def(en, i)));
        if (entry_kind(en, i) != FIELD_CHECKLIST && cells > widest)
            widest = cells;
    }
    return widest < LABEL_MAX ? widest : LABEL_MAX;
}

static bool explains_itself(const struct entry *en, size_t i)
{
    const struct fielddef *d = entry_def(en, i);
    enum field_kind kind = entry_kind(en, i);
    return d->readout || kind == FIELD_CITIZEN || kind == FIELD_CREDIT || kind == FIELD_DATE
           || jn_get(d->spec, "lookup") || jn_get(d->spec, "load");
}

static bool is_short(const struct entry *en, size_t i)
{
    enum field_kind kind = entry_kind(en, i);
    return kind != FIELD_CHECKLIST && kind != FIELD_MULTILINE && !explains_itself(en, i)
           && entry_def(en, i)->width <= SHORT_WIDTH;
}

static int paragraph_rows(const struct entry *en, size_t i, int width)
{
    struct textedit_row rows[1];
    size_t cursor_row;
    int x;
    const struct textedit *t = entry_editor(en, i);
    size_t n = t ? textedit_view_rows(t, width, rows, 1, &cursor_row, &x) : 1;
    return n < 2 ? 2 : n > ENTRY_LAYOUT_PARAGRAPH ? ENTRY_LAYOUT_PARAGRAPH : (int)n;
}

static void place_one(struct entry_place *p, const struct entry *en, size_t i, int label_width, int left,
                      int right)
{
    int room;
    p->label_x = left;
    p->label_width = label_width;
    p->x = left + label_width + 2;
    room = right - p->x - 1;
    p->width = entry_def(en, i)->width;
    if (explains_itself(en, i) && p->width > room - NOTE_ROOM && room - NOTE_ROOM >= 18)
        p->width = room - NOTE_ROOM;
    if (p->width > room)
        p->width = room;
    if (p->width < 1)
        p->width = 1;
    p->note_x = p->x + p->width + 2;
    p->note_width = right - p->note_x;
    if (p->note_width < 0)
        p->note_width = 0;
    p->rows = entry_kind(en, i) == FIELD_MULTILINE ? paragraph_rows(en, i, p->width) : 1;
}

static void scroll_to_focus(struct entry_layout *l, const struct entry *en)
{
    size_t f = entry_focus(en);
    int height = view_height();
    if (l->rows <= height || f >= l->count) {
        l->top = 0;
        return;
    }
    const struct entry_place *p = &l->place[f];
    int first = p->row, rows = p->rows;
    if (rows > height) { /* a checklist longer than the body: by its own cursor */
        int line = entry_draw_check_line(en, f);
        first = line > 1 ? p->row + line : p->row;
        rows = line > 1 ? 1 : 2;
    }
    if (first < l->top)
        l->top = first;
    if (first + rows > l->top + height)
        l->top = first + rows - height;
    if (l->top > l->rows - height)
        l->top = l->rows - height;
}

void entry_layout_make(struct entry_layout *l, struct entry *en)
{
    int label = label_column(en), columns = draw_columns(), middle = columns / 2, row = 0;
    l->count = entry_count(en) < ENTRY_LAYOUT_MAX ? entry_count(en) : ENTRY_LAYOUT_MAX;
    for (size_t i = 0; i < l->count; i++) {
        struct entry_place *p = &l->place[i];
        p->row = row;
        if (entry_kind(en, i) == FIELD_CHECKLIST) {
            const struct check_row *rows;
            size_t cursor;
            p->label_x = MARGIN;
            p->label_width = p->x = p->width = p->note_x = p->note_width = 0;
            p->rows = 1 + entry_draw_check_rows(entry_rows(en, i, &rows, &cursor));
        } else if (is_short(en, i) && i + 1 < l->count && is_short(en, i + 1)) {
            place_one(p, en, i, label, MARGIN, middle);
            place_one(&l->place[i + 1], en, i + 1, label, middle + 1, columns);
            l->place[++i].row = row;
        } else {
            place_one(p, en, i, label, MARGIN, columns);
        }
        row += p->rows;
    }
    l->rows = row;
    for (size_t i = 0; i < l->count; i++)
        if (entry_kind(en, i) == FIELD_MULTILINE)
            entry_set_wrap(en, i, l->place[i].width);
    scroll_to_focus(l, en);
}

bool entry_layout_stale(const struct entry_layout *l, const struct entry *en)
{
    size_t f = entry_focus(en);
    if (l->count != entry_count(en) || (f < l->count && l->place[f].rows > view_height()))
        return true;
    return f < l->count && entry_kind(en, f) == FIELD_MULTILINE
           && l->place[f].rows != paragraph_rows(en, f, l->place[f].width);
}

/* ---- drawing ---- */

/* What is higher than the body counts as soon as a part of it is to be seen. */
static bool on_screen(const struct entry_layout *l, size_t i, int *y)
{
    int rows = l->place[i].rows;
    *y = VIEW_TOP + l->place[i].row - l->top;
    if (rows > view_height())
        return *y < view_bottom() && *y + rows > VIEW_TOP;
    return *y >= VIEW_TOP && *y + rows <= view_bottom();
}

static void sync_scroll(struct entry_layout *l, const struct entry *en)
{
    size_t f = entry_focus(en);
    const struct fielddef *d = f < entry_count(en) ? entry_def(en, f) : NULL;
    if (l->scrolled != d)
        l->scroll = 0;
    l->scrolled = d;
}

static void draw_label(const struct entry_place *p, const struct entry *en, size_t i, int y)
{
    const struct fielddef *d = entry_def(en, i);
    bool focus = i == entry_focus(en), wanted = d->mandatory && !*entry_value(en, i);
    draw_text(y, p->label_x - 2, 2, STYLE_FOCUS, focus ? "> " : "");
    draw_text(y, p->label_x, p->label_width, focus ? STYLE_FOCUS : STYLE_LABEL, label_of(d));
    draw_text(y, p->label_x + p->label_width, 2, STYLE_WARN, wanted ? "* " : "");
}

static void draw_one(struct entry_layout *l, const struct entry *en, size_t i)
{
    struct entry_place *p = &l->place[i];
    int y;
    if (!on_screen(l, i, &y))
        return;
    if (entry_kind(en, i) == FIELD_CHECKLIST) {
        entry_draw_checklist(en, i, y);
        return;
    }
    draw_label(p, en, i, y);
    entry_draw_field(en, i, y, p, &l->scroll, i == entry_focus(en) ? &l->drawn : NULL);
}

void entry_layout_draw(struct entry_layout *l, const struct entry *en)
{
    size_t f = entry_focus(en);
    int y;
    sync_scroll(l, en);
    l->drawn.field = NULL;
    for (size_t i = 0; i < l->count; i++)
        draw_one(l, en, i);
    if (f < l->count && entry_list_open(en) && on_screen(l, f, &y))
        entry_draw_popup(en, y, l->place[f].x);
}

void entry_layout_draw_focus(struct entry_layout *l, const struct entry *en)
{
    size_t f = entry_focus(en);
    int y;
    sync_scroll(l, en);
    if (f >= l->count || !on_screen(l, f, &y))
        return;
    if (entry_kind(en, f) == FIELD_CHECKLIST)
        entry_draw_checklist(en, f, y);
    else
        entry_draw_field(en, f, y, &l->place[f], &l->scroll, &l->drawn);
}

size_t entry_layout_appended(struct entry_layout *l, const struct entry *en, struct entry_place *field,
                             int *y)
{
    size_t f = entry_focus(en), old = strlen(l->drawn.text), n;
    const struct textedit *t = f < l->count ? entry_editor(en, f) : NULL;
    uint32_t cp;
    bool warn;
    if (!t || l->drawn.field != entry_def(en, f) || l->scroll || !on_screen(l, f, y)
        || entry_kind(en, f) == FIELD_CHOICE || entry_kind(en, f) == FIELD_MULTILINE
        || textedit_cursor(t) != textedit_length(t))
        return 0;
    const char *text = textedit_get(t);
    if (strncmp(text, l->drawn.text, old) || !text[old])
        return 0;
    n = utf8_decode(text + old, strlen(text + old), &cp);
    int cells = draw_cells(l->drawn.text), width = utf8_cell_width(cp);
    if (text[old + n] || width < 1 || draw_glyph(cp) != cp || cells + width >= l->place[f].width
        || old + n >= sizeof l->drawn.text || strcmp(entry_readout(en, f, &warn), l->drawn.note))
        return 0;
    memcpy(l->drawn.text + old, text + old, n + 1);
    *field = l->place[f];
    return n;
}

void entry_layout_forget(struct entry_layout *l, size_t n)
{
    l->drawn.text[strlen(l->drawn.text) - n] = '\0';
    l->drawn.field = NULL;
}

void entry_layout_cursor(struct entry_layout *l, const struct entry *en, int *y, int *x)
{
    size_t f = entry_focus(en);
    *y = VIEW_TOP;
    *x = 0;
    sync_scroll(l, en);
    if (f >= l->count || !on_screen(l, f, y))
        return;
    if (entry_kind(en, f) == FIELD_CHECKLIST)
        entry_draw_checklist_cursor(en, f, y, x);
    else
        entry_draw_cursor(en, f, &l->place[f], &l->scroll, y, x);
}
