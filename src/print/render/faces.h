/* Font faces that survive embedding.
 *
 * cairo 1.16 drops subroutines that it believes unused when it embeds a CFF font, and some Chinese
 * characters (如 of Noto Sans CJK, for one) come out blank, without an error. So glyphs of CFF fonts are
 * drawn from a subset without subroutines, made by HarfBuzz with the same glyph numbers. That needs the
 * glyphs beforehand: draw the page once to collect them (into nothing), call faces_embed, draw it again. */
#ifndef GUITAI_RENDER_FACES_H
#define GUITAI_RENDER_FACES_H

#include "guitai/base/err.h"

#include <pango/pangocairo.h>

struct faces;

struct faces *faces_new(void);
/* After the surface that was drawn to. */
void faces_free(struct faces **f);
/* Draws a line of `text` with its baseline at x, y; before faces_embed it only notes the glyphs. */
void faces_draw(struct faces *f, cairo_t *cr, PangoLayoutLine *line, const char *text, double x, double y);
/* Makes the subsets. */
bool faces_embed(struct faces *f, struct err *e);

#endif
