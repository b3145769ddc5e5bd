/* The flow chart on paper: every character in its own cell of a grid. */
#include "paint.h"

#include "guitai/base/str.h"
#include "guitai/base/utf8.h"

#include <string.h>

#define CHART_FACE "Noto Sans Mono CJK SC"
#define MAX_CELL 5.5     /* points: half of the largest character */
#define LINE_FACTOR 2.6  /* height of a line in cells */

struct raster {
    struct sheet *s;
    double cell, line;
};

enum { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };

static unsigned arms_of(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        unsigned arms;
    } shapes[] = {
        { 0x2502, 3 }, { 0x2500, 12 }, { 0x250C, 10 }, { 0x2510, 6 }, { 0x2514, 9 }, { 0x2518, 5 },
        { 0x251C, 11 }, { 0x2524, 7 }, { 0x252C, 14 }, { 0x2534, 13 }, { 0x253C, 15 },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].cp == cp)
            return shapes[i].arms;
    return 0;
}

static void stroke_arms(const struct raster *r, unsigned arms, double x, double y)
{
    cairo_t *cr = r->s->cr;
    double cx = x + r->cell / 2, cy = y + r->line / 2;
    const double ends[4][2] = { { cx, y }, { cx, y + r->line }, { x, cy }, { x + r->cell, cy } };
    cairo_set_line_width(cr, 0.6);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_SQUARE);
    for (int i = 0; i < 4; i++) {
        if (!(arms >> i & 1))
            continue;
        cairo_move_to(cr, cx, cy);
        cairo_line_to(cr, ends[i][0], ends[i][1]);
        cairo_stroke(cr);
    }
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

/* The shaft from above and the head on the lower edge of the cell. */
static void fill_arrow(const struct raster *r, double x, double y)
{
    cairo_t *cr = r->s->cr;
    double cx = x + r->cell / 2, head = r->cell * 0.9, bottom = y + r->line;
    stroke_arms(r, ARM_UP | ARM_DOWN, x, y);
    cairo_move_to(cr, cx - head / 2, bottom - head);
    cairo_line_to(cr, cx + head / 2, bottom - head);
    cairo_line_to(cr, cx, bottom);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static bool put_character(const struct raster *r, const char *bytes, size_t n, uint32_t cp, double x)
{
    char text[UTF8_MAX + 1];
    double y = r->s->y;
    if (cp == ' ')
        return true;
    if (arms_of(cp)) {
        stroke_arms(r, arms_of(cp), x, y);
        return true;
    }
    if (cp == 0x25BC) {
        fill_arrow(r, x, y);
        return true;
    }
    memcpy(text, bytes, n);
    text[n] = '\0';
    struct type t = { .family = CHART_FACE, .points = r->cell * 2 };
    PangoLayout *layout = sheet_layout(r->s, text, &t);
    if (!layout)
        return false;
    double room = r->cell * utf8_cell_width(cp);
    x += (room - sheet_layout_width(layout)) / 2;
    y += (r->line - sheet_layout_height(layout)) / 2;
    sheet_draw(r->s, layout, x, y);
    g_object_unref(layout);
    return true;
}

static bool put_line(const struct raster *r, const char *line, size_t n)
{
    double x = r->s->left;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = utf8_decode(line + i, n - i, &cp);
        if (!put_character(r, line + i, used, cp, x))
            return false;
        x += r->cell * utf8_cell_width(cp);
        i += used;
    }
    return true;
}

bool paint_chart(struct sheet *s, const char *text, int columns)
{
    double cell = s->width / columns;
    struct raster r = { .s = s, .cell = cell < MAX_CELL ? cell : MAX_CELL };
    r.line = r.cell * LINE_FACTOR;
    while (*text) {
        size_t n = strcspn(text, "\n");
        sheet_need(s, r.line);
        if (!put_line(&r, text, n))
            return false;
        s->y += r.line;
        text += n + (text[n] == '\n');
    }
    return true;
}
