/* A grid of terminal cells: lines that join into box characters, and text that never splits a double-width
 * character. Base only. */
#ifndef GUITAI_PRINT_CANVAS_H
#define GUITAI_PRINT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

enum { LINE_UP = 1, LINE_DOWN = 2, LINE_LEFT = 4, LINE_RIGHT = 8 };

struct canvas;

struct canvas *canvas_new(int columns, int rows);
void canvas_free(struct canvas **c);

/* Adds arms to a cell. Arms of different `owner`s (connections) that merely cross do not join: the upright
 * passes. */
void canvas_line(struct canvas *c, int x, int y, unsigned arms, int owner);
/* An upright through rows y1..y2, both with arms up and down; nothing when y2 < y1. */
void canvas_upright(struct canvas *c, int x, int y1, int y2, int owner);
/* A horizontal from x1 to x2 (x1 <= x2) whose ends have only the inner arm. */
void canvas_level(struct canvas *c, int x1, int x2, int y, int owner);
void canvas_box(struct canvas *c, int x, int y, int width, int height, int owner);
void canvas_text(struct canvas *c, int x, int y, const char *text);
/* Draws only where everything, and one cell on each side, is free; false otherwise. */
bool canvas_text_if_free(struct canvas *c, int x, int y, const char *text);
void canvas_arrow(struct canvas *c, int x, int y);

/* Appends all rows, trailing blanks left out, each ended by \n. */
void canvas_write(const struct canvas *c, bool ascii, struct str *out);

#endif
