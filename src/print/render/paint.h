/* Block kinds on a sheet. Private to the PDF back end. */
#ifndef GUITAI_RENDER_PAINT_H
#define GUITAI_RENDER_PAINT_H

#include "sheet.h"

/* Draws one block at the running place. False with the sheet's error set. */
bool paint_block(struct sheet *s, const struct block *b);
bool paint_table(struct sheet *s, const struct table *t);
/* A chart's text cell by cell: lines are stroked, so boxes close at any line height and with any font. */
bool paint_chart(struct sheet *s, const char *text, int columns);

#endif
