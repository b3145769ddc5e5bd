/* How a text is cut into rows of cells. Pure functions over the text and a width; nothing is drawn here. */
#include "textedit_private.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NO_WRAP (INT_MAX / 2)

int textedit_cells(const struct textedit *t, size_t from, size_t to)
{
    int cells = 0;
    for (size_t i = from; i < to && i < t->len; i++)
        cells += utf8_cell_width(t->cp[i]);
    return cells;
}

/* Cells that the cursor needs: those of the cluster under it, or one after the last character. */
static int cursor_cells(const struct textedit *t)
{
    int cells = textedit_cells(t, t->cursor, textedit_after(t, t->cursor));
    return cells > 0 ? cells : 1;
}

/* The first cluster from which at most `cells` cells lie before the cursor. */
static size_t start_for(const struct textedit *t, int cells)
{
    size_t at = t->cursor;
    while (at > 0) {
        size_t before = textedit_before(t, at);
        if (textedit_cells(t, before, t->cursor) > cells)
            break;
        at = before;
    }
    return at;
}

/* Jumps by a third of the window: a scroll repaints the row, and one for every character typed would cost
 * a row of bytes a key. */
static size_t scrolled(const struct textedit *t, int width, size_t scroll)
{
    if (scroll > t->len)
        scroll = t->len;
    while (!textedit_at_boundary(t, scroll))
        scroll--;
    bool hidden_left = scroll > 0 && t->cursor <= scroll;
    bool hidden_right = textedit_cells(t, scroll, t->cursor) + cursor_cells(t) > width;
    if (hidden_left)
        return start_for(t, width / 3);
    if (hidden_right)
        return start_for(t, width > 6 ? width * 2 / 3 : width - cursor_cells(t));
    return scroll;
}

struct textedit_row textedit_view_line(const struct textedit *t, int width, size_t *scroll, int *cursor_x)
{
    *scroll = scrolled(t, width, *scroll);
    struct textedit_row row = { *scroll, *scroll };
    int used = 0;
    while (row.to < t->len) {
        size_t next = textedit_after(t, row.to);
        int cells = textedit_cells(t, row.to, next);
        if (used + cells > width)
            break;
        used += cells;
        row.to = next;
    }
    int x = textedit_cells(t, *scroll, t->cursor);
    *cursor_x = x < width ? x : width - 1;
    return row;
}

static bool one_of(uint32_t cp, const uint32_t *set)
{
    for (; *set; set++)
        if (*set == cp)
            return true;
    return false;
}

/* Must not begin a row (GB/T 15834 5.1: 点号 and closing marks stay with what is before them). */
static bool closes(uint32_t cp)
{
    static const uint32_t set[] = { 0xFF0C, 0x3002, 0x3001, 0xFF1B, 0xFF1A, 0xFF1F, 0xFF01,
                                    0xFF09, 0x300B, 0x300D, 0x300F, 0x3011, 0x3009, 0x3015,
                                    0x201D, 0x2019, 0xB7,   ',',    '.',    ';',    ':',
                                    '!',    '?',    ')',    ']',    '}',    '%',    0 };
    return one_of(cp, set);
}

/* Must not end a row. */
static bool opens(uint32_t cp)
{
    static const uint32_t set[] = { 0xFF08, 0x300A, 0x300C, 0x300E, 0x3010, 0x3008, 0x3014,
                                    0x201C, 0x2018, '(',    '[',    '{',    0 };
    return one_of(cp, set);
}

static bool word_char(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

static bool may_break(const struct textedit *t, size_t at)
{
    return textedit_at_boundary(t, at) && !closes(t->cp[at]) && !opens(t->cp[at - 1])
           && !(word_char(t->cp[at]) && word_char(t->cp[at - 1]));
}

/* End of the row that begins at `from`: before a newline, else the last allowed break that fits; where
 * none is allowed (one long word), wherever the width ends. */
static size_t row_end(const struct textedit *t, size_t from, int width)
{
    size_t to = from;
    int used = 0;
    while (to < t->len && t->cp[to] != '\n') {
        size_t next = textedit_after(t, to);
        int cells = textedit_cells(t, to, next);
        if (used + cells > width && to > from)
            break;
        used += cells;
        to = next;
    }
    if (to >= t->len || t->cp[to] == '\n')
        return to;
    for (size_t at = to; at > from; at = textedit_before(t, at))
        if (may_break(t, at))
            return at;
    return to;
}

struct row_walk {
    struct textedit_row *rows;
    size_t max, count;
    size_t cursor_row;
    int cursor_x;
};

static void add_row(struct row_walk *w, const struct textedit *t, size_t from, size_t to)
{
    if (t->cursor >= from && t->cursor <= to) {
        w->cursor_row = w->count;
        w->cursor_x = textedit_cells(t, from, t->cursor);
    }
    if (w->count < w->max)
        w->rows[w->count] = (struct textedit_row){ from, to };
    w->count++;
}

static void walk_rows(struct row_walk *w, const struct textedit *t, int width)
{
    size_t from = 0;
    for (;;) {
        size_t to = row_end(t, from, width);
        add_row(w, t, from, to);
        if (to >= t->len)
            break;
        from = t->cp[to] == '\n' ? to + 1 : to;
    }
    /* After a last row that is full the cursor stands at the start of an empty one. */
    if (t->cursor == t->len && w->cursor_x >= width)
        add_row(w, t, t->len, t->len);
    if (w->cursor_x >= width)
        w->cursor_x = width - 1;
}

size_t textedit_view_rows(const struct textedit *t, int width, struct textedit_row *rows, size_t max,
                          size_t *cursor_row, int *cursor_x)
{
    struct row_walk w = { .rows = rows, .max = max };
    walk_rows(&w, t, width < 2 ? 2 : width);
    *cursor_row = w.cursor_row;
    *cursor_x = w.cursor_x;
    return w.count;
}

/* The place in `row` nearest to cell `x`, not past it. A wrapped row's end belongs to the next row. */
static size_t at_cell(const struct textedit *t, struct textedit_row row, int x, bool last)
{
    size_t at = row.from;
    while (at < row.to) {
        size_t next = textedit_after(t, at);
        if (textedit_cells(t, row.from, next) > x)
            break;
        if (next == row.to && !last && (row.to == t->len || t->cp[row.to] != '\n'))
            break;
        at = next;
    }
    return at;
}

bool textedit_move_row(struct textedit *t, int step)
{
    size_t max = t->len + 2, row;
    int x;
    struct textedit_row *rows = xcalloc(max, sizeof *rows);
    size_t n = textedit_view_rows(t, t->wrap > 0 ? t->wrap : NO_WRAP, rows, max, &row, &x);
    bool there = step < 0 ? row > 0 : row + 1 < n;
    if (there) {
        int goal = t->goal_x >= 0 ? t->goal_x : x;
        size_t to = step < 0 ? row - 1 : row + 1;
        t->cursor = at_cell(t, rows[to], goal, to + 1 == n);
        t->goal_x = goal;
    }
    free(rows);
    return there;
}

const char *textedit_slice(const struct textedit *t, size_t from, size_t to, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = from; i < to && i < t->len; i++) {
        char utf8[UTF8_MAX];
        size_t len = utf8_encode(t->cp[i], utf8);
        if (n + len >= size)
            break;
        memcpy(out + n, utf8, len);
        n += len;
    }
    out[n] = '\0';
    return out;
}
