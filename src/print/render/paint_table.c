/* Tables: ruled, the head repeated on every page, a row torn apart only when no page holds it. */
#include "paint.h"

#include "guitai/base/i18n.h"

#define PAD (0.8 * MM)

struct grid {
    struct sheet *s;
    const struct table *t;
    double x[PAGE_MAX_COLUMNS + 1]; /* edges of the columns */
    double points;
    double head; /* its height */
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

/* The lines around what was drawn, and the place below it. */
static void rule_row(const struct grid *g, double height)
{
    struct sheet *s = g->s;
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

static void draw_row(const struct grid *g, PangoLayout **cells, double height)
{
    for (size_t i = 0; i < g->t->columns; i++)
        sheet_draw(g->s, cells[i], g->x[i] + PAD, g->s->y + PAD / 2);
    rule_row(g, height);
}

static bool put_row(const struct grid *g, size_t row);

/* As many lines of a cell as this page still holds. Returns their height; *more: some are left. */
static double put_lines(const struct grid *g, PangoLayout *cell, PangoLayoutIter *at, double x, bool *more)
{
    double used = 0, room = g->s->bottom - g->s->y - PAD;
    while (*more && used + sheet_line_height(at) <= room) {
        used += sheet_draw_line(g->s, cell, at, x, g->s->y + PAD / 2 + used);
        *more = pango_layout_iter_next_line(at);
    }
    return used;
}

/* A row higher than a page goes on over the next ones, each part ruled like a row of its own. */
static bool put_tall(const struct grid *g, PangoLayout **cells)
{
    PangoLayoutIter *at[PAGE_MAX_COLUMNS];
    bool more[PAGE_MAX_COLUMNS], rest = true, ok = true;
    for (size_t i = 0; i < g->t->columns; i++) {
        at[i] = pango_layout_get_iter(cells[i]);
        more[i] = true;
    }
    while (ok && rest) {
        double height = 0;
        rest = false;
        for (size_t i = 0; i < g->t->columns; i++) {
            double own = put_lines(g, cells[i], at[i], g->x[i] + PAD, &more[i]);
            height = own > height ? own : height;
            rest = rest || more[i];
        }
        ok = height > 0 || err_set(g->s->e, ERR_IO, _("a line of a table is higher than the paper"));
        rule_row(g, height + PAD);
        if (ok && rest) {
            sheet_break(g->s);
            ok = put_row(g, 0);
        }
    }
    for (size_t i = 0; i < g->t->columns; i++)
        pango_layout_iter_free(at[i]);
    return ok;
}

static bool put_row(const struct grid *g, size_t row)
{
    PangoLayout *cells[PAGE_MAX_COLUMNS] = { 0 };
    double height = layout_row(g, row, cells);
    if (height == 0)
        return false;
    bool tall = row > 0 && g->head + height > g->s->bottom - g->s->top;
    if (!tall && g->s->y + height > g->s->bottom && g->s->y > g->s->top) {
        sheet_break(g->s);
        if (row > 0 && !put_row(g, 0)) {
            free_row(cells, g->t->columns);
            return false;
        }
    }
    bool ok = true;
    if (tall)
        ok = put_tall(g, cells);
    else
        draw_row(g, cells, height);
    free_row(cells, g->t->columns);
    return ok;
}

/* 0 on error. */
static double row_height(const struct grid *g, size_t row)
{
    PangoLayout *cells[PAGE_MAX_COLUMNS] = { 0 };
    double height = layout_row(g, row, cells);
    if (height > 0)
        free_row(cells, g->t->columns);
    return height;
}

/* A head does not stand alone at the foot of a page. */
static bool keep_head(struct grid *g)
{
    double first = g->t->rows ? row_height(g, 1) : 0;
    g->head = row_height(g, 0);
    if (g->head == 0 || (g->t->rows && first == 0))
        return false;
    if (g->head + first <= g->s->bottom - g->s->top)
        sheet_need(g->s, g->head + first);
    return true;
}

bool paint_table(struct sheet *s, const struct table *t)
{
    struct grid g = { .s = s, .t = t, .points = s->points * 0.92 };
    measure(&g);
    if (!keep_head(&g))
        return false;
    for (size_t row = 0; row <= t->rows; row++)
        if (!put_row(&g, row))
            return false;
    s->y += 1.5 * MM;
    return true;
}
