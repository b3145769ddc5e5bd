/* Tables: ruled, the head repeated on every page, a row never torn apart. */
#include "paint.h"

#define PAD (0.8 * MM)

struct grid {
    struct sheet *s;
    const struct table *t;
    double x[PAGE_MAX_COLUMNS + 1]; /* edges of the columns */
    double points;
};

/* Widths are cells of the text form: half an em each; the free column takes the rest. */
static void measure(struct grid *g)
{
    const struct table *t = g->t;
    double cell = g->points / 2, used = 0;
    size_t free_column = t->columns;
    for (size_t i = 0; i < t->columns; i++) {
        if (t->column[i].width == 0)
            free_column = i;
        used += t->column[i].width ? t->column[i].width * cell + 2 * PAD : 0;
    }
    double rest = g->s->width - used;
    double shrink = rest < 0 ? g->s->width / used : 1;
    g->x[0] = g->s->left;
    for (size_t i = 0; i < t->columns; i++) {
        double fixed = (t->column[i].width * cell + 2 * PAD) * shrink;
        g->x[i + 1] = g->x[i] + (i < free_column || i > free_column ? fixed : rest > 0 ? rest : 0);
    }
}

static const char *cell_text(const struct table *t, size_t row, size_t column)
{
    return row == 0 ? t->column[column].label : t->cells[(row - 1) * t->columns + column];
}

static void free_row(PangoLayout **cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_clear_object(&cells[i]);
}

/* Lays out a row (0: the head). Returns its height, 0 on error. */
static double layout_row(const struct grid *g, size_t row, PangoLayout **cells)
{
    double height = 0;
    for (size_t i = 0; i < g->t->columns; i++) {
        struct type type = { .points = g->points, .bold = row == 0, .align = g->t->column[i].align,
                             .width = g->x[i + 1] - g->x[i] - 2 * PAD };
        cells[i] = sheet_layout(g->s, cell_text(g->t, row, i), &type);
        if (!cells[i]) {
            free_row(cells, i);
            return 0;
        }
        double own = sheet_layout_height(cells[i]);
        height = own > height ? own : height;
    }
    return height + PAD;
}

static void draw_row(const struct grid *g, PangoLayout **cells, double height)
{
    struct sheet *s = g->s;
    for (size_t i = 0; i < g->t->columns; i++)
        sheet_draw(s, cells[i], g->x[i] + PAD, s->y + PAD / 2);
    for (size_t i = 0; i <= g->t->columns; i++) {
        cairo_set_line_width(s->cr, 0.4);
        cairo_move_to(s->cr, g->x[i], s->y);
        cairo_line_to(s->cr, g->x[i], s->y + height);
        cairo_stroke(s->cr);
    }
    sheet_line(s, g->x[0], g->x[g->t->columns], s->y, 0.4);
    s->y += height;
    sheet_line(s, g->x[0], g->x[g->t->columns], s->y, 0.4);
}

static bool put_row(const struct grid *g, size_t row)
{
    PangoLayout *cells[PAGE_MAX_COLUMNS] = { 0 };
    double height = layout_row(g, row, cells);
    if (height == 0)
        return false;
    bool fits = g->s->y + height <= g->s->bottom;
    if (!fits && g->s->y > g->s->top) {
        sheet_break(g->s);
        if (row > 0 && !put_row(g, 0)) {
            free_row(cells, g->t->columns);
            return false;
        }
    }
    draw_row(g, cells, height);
    free_row(cells, g->t->columns);
    return true;
}

bool paint_table(struct sheet *s, const struct table *t)
{
    struct grid g = { .s = s, .t = t, .points = s->points * 0.92 };
    measure(&g);
    for (size_t row = 0; row <= t->rows; row++)
        if (!put_row(&g, row))
            return false;
    s->y += 1.5 * MM;
    return true;
}
