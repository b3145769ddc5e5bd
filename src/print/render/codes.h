/* Bar codes and QR codes as cairo rectangles (libzint encodes, we draw: sharp at any resolution). */
#ifndef GUITAI_RENDER_CODES_H
#define GUITAI_RENDER_CODES_H

#include "guitai/base/err.h"

#include <cairo.h>

struct code; /* an encoded symbol */

/* Code128, or QR with error correction M. ASCII only. Owner: the caller. NULL on error. */
struct code *code_new(const char *text, bool qr, struct err *e);
void code_free(struct code **c);
/* Modules across (without the quiet zone). */
int code_modules(const struct code *c);
/* Draws with the upper left corner at x, y; `module` points a module; a bar code is `height` points high,
 * a QR code is square and takes no height. */
void code_draw(const struct code *c, cairo_t *cr, double x, double y, double module, double height);

#endif
