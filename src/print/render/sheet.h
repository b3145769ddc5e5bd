/* A sheet of paper being filled from top to bottom: margins, page breaks, laid-out text. Private to the
 * PDF back end. */
#ifndef GUITAI_RENDER_SHEET_H
#define GUITAI_RENDER_SHEET_H

#include "faces.h"

#include "guitai/base/err.h"
#include "guitai/print/block.h"

#include <pango/pangocairo.h>

#define MM (72.0 / 25.4)

struct sheet {
    cairo_t *cr;
    const struct page *page;
    struct faces *faces;
    double paper_width, paper_height;
    double left, top, width, bottom; /* of the type area, points */
    double y;                        /* next free */
    double points;                   /* size of the running text */
    int page_no, page_count;         /* count 0: being measured */
    struct err *e;
};

struct type {
    const char *family; /* NULL: the text face */
    double points;
    bool bold;
    enum block_align align;
    double indent; /* points, first line */
    double width;  /* points, 0: not wrapped */
};

/* `scale` shrinks the text (1: as it should be). */
void sheet_init(struct sheet *s, cairo_t *cr, const struct page *page, double scale, struct err *e);
/* Ends the page with its foot and begins the next. */
void sheet_break(struct sheet *s);
void sheet_finish(struct sheet *s);
/* Breaks when less than `height` is left (and something stands on the page). */
void sheet_need(struct sheet *s, double height);

/* Laid-out text; NULL with the error set when a glyph is missing. Owner: the caller (g_object_unref). */
PangoLayout *sheet_layout(const struct sheet *s, const char *text, const struct type *t);
double sheet_layout_height(PangoLayout *layout);
double sheet_layout_width(PangoLayout *layout);
/* Draws at x, y without looking at the page. */
void sheet_draw(const struct sheet *s, PangoLayout *layout, double x, double y);
/* Draws the line that `iter` stands on, its upper edge at `y`. Returns its height. */
double sheet_draw_line(const struct sheet *s, PangoLayout *layout, PangoLayoutIter *iter, double x, double y);
double sheet_line_height(PangoLayoutIter *iter);
/* Draws line by line at the running place, breaking pages between lines. */
void sheet_flow(struct sheet *s, PangoLayout *layout, double x);
void sheet_line(const struct sheet *s, double x1, double x2, double y, double weight);

#endif
