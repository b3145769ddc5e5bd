#include "canvas.h"

#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define NO_OWNER (-1)

struct cell {
    uint32_t cp;       /* text, 0: none */
    bool tail;         /* right half of the character before */
    bool arrow;
    unsigned arms;
    int level_owner, upright_owner;
};

struct canvas {
    int columns, rows;
    struct cell *cells;
};

struct canvas *canvas_new(int columns, int rows)
{
    struct canvas *c = xcalloc(1, sizeof *c);
    c->columns = columns;
    c->rows = rows;
    c->cells = xcalloc((size_t)columns * (size_t)rows, sizeof *c->cells);
    for (int i = 0; i < columns * rows; i++)
        c->cells[i].level_owner = c->cells[i].upright_owner = NO_OWNER;
    return c;
}

void canvas_free(struct canvas **c)
{
    if (*c) {
        free((*c)->cells);
        free(*c);
        *c = NULL;
    }
}

static struct cell *cell_at(const struct canvas *c, int x, int y)
{
    return x >= 0 && x < c->columns && y >= 0 && y < c->rows ? &c->cells[y * c->columns + x] : NULL;
}

void canvas_line(struct canvas *c, int x, int y, unsigned arms, int owner)
{
    struct cell *cell = cell_at(c, x, y);
    if (!cell)
        return;
    cell->arms |= arms;
    if (arms & (LINE_LEFT | LINE_RIGHT))
        cell->level_owner = owner;
    if (arms & (LINE_UP | LINE_DOWN))
        cell->upright_owner = owner;
}

void canvas_upright(struct canvas *c, int x, int y1, int y2, int owner)
{
    for (int y = y1; y <= y2; y++)
        canvas_line(c, x, y, LINE_UP | LINE_DOWN, owner);
}

void canvas_level(struct canvas *c, int x1, int x2, int y, int owner)
{
    for (int x = x1; x <= x2; x++)
        canvas_line(c, x, y, (x > x1 ? LINE_LEFT : 0u) | (x < x2 ? LINE_RIGHT : 0u), owner);
}

void canvas_box(struct canvas *c, int x, int y, int width, int height, int owner)
{
    int right = x + width - 1, bottom = y + height - 1;
    canvas_level(c, x, right, y, owner);
    canvas_level(c, x, right, bottom, owner);
    canvas_upright(c, x, y + 1, bottom - 1, owner);
    canvas_upright(c, right, y + 1, bottom - 1, owner);
    canvas_line(c, x, y, LINE_DOWN, owner);
    canvas_line(c, right, y, LINE_DOWN, owner);
    canvas_line(c, x, bottom, LINE_UP, owner);
    canvas_line(c, right, bottom, LINE_UP, owner);
}

void canvas_text(struct canvas *c, int x, int y, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(text + i, n - i, &cp);
        int width = utf8_cell_width(cp);
        struct cell *cell = cell_at(c, x, y), *last = cell_at(c, x + width - 1, y);
        if (width == 0 || !cell || !last)
            continue;
        cell->cp = cp;
        if (width == 2)
            last->tail = true;
        x += width;
    }
}

static bool is_free(const struct cell *cell)
{
    return !cell->cp && !cell->tail && !cell->arrow && !cell->arms;
}

bool canvas_text_if_free(struct canvas *c, int x, int y, const char *text)
{
    int end = x + utf8_cells(text);
    if (x < 0 || end > c->columns || y < 0 || y >= c->rows)
        return false;
    for (int i = x > 0 ? x - 1 : x; i <= end && i < c->columns; i++)
        if (!is_free(cell_at(c, i, y)))
            return false;
    canvas_text(c, x, y, text);
    return true;
}

void canvas_arrow(struct canvas *c, int x, int y)
{
    struct cell *cell = cell_at(c, x, y);
    if (cell)
        cell->arrow = true;
}

static const char *line_text(const struct cell *cell, bool ascii)
{
    static const char *const boxes[] = { " ", "│", "│", "│", "─", "┘", "┐", "┤",
                                         "─", "└", "┌", "├", "─", "┴", "┬", "┼" };
    static const char *const plain[] = { " ", "|", "|", "|", "-", "+", "+", "+",
                                         "-", "+", "+", "+", "-", "+", "+", "+" };
    unsigned arms = cell->arms;
    if (arms == 15 && cell->level_owner != cell->upright_owner)
        arms = LINE_UP | LINE_DOWN;
    return ascii ? plain[arms] : boxes[arms];
}

static void write_cell(const struct cell *cell, bool ascii, struct str *out)
{
    char bytes[UTF8_MAX];
    if (cell->tail)
        return;
    if (cell->cp)
        str_add_n(out, bytes, utf8_encode(cell->cp, bytes));
    else if (cell->arrow)
        str_add(out, ascii ? "v" : "▼");
    else
        str_add(out, line_text(cell, ascii));
}

void canvas_write(const struct canvas *c, bool ascii, struct str *out)
{
    for (int y = 0; y < c->rows; y++) {
        int end = c->columns;
        while (end > 0 && is_free(cell_at(c, end - 1, y)))
            end--;
        for (int x = 0; x < end; x++)
            write_cell(cell_at(c, x, y), ascii, out);
        str_add_char(out, '\n');
    }
}
