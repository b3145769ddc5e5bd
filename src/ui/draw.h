/* Putting text into cells: styles, clipping at cell borders, substitutes for what this terminal cannot draw.
 *
 * Stored text is never changed: only what is drawn. Coordinates are screen rows and cells from 0. */
#ifndef GUITAI_UI_DRAW_H
#define GUITAI_UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum style {
    STYLE_PLAIN,
    STYLE_HEADER,
    STYLE_TITLE,
    STYLE_RULE,
    STYLE_LABEL,
    STYLE_FOCUS,
    STYLE_DIM,
    STYLE_NOTE,
    STYLE_OK,
    STYLE_WARN,
    STYLE_ERROR,
    STYLE_RED,
    STYLE_YELLOW,
    STYLE_GREEN,
    STYLE_SELECTED,
    STYLE_KEY,
    STYLE_POPUP,
    STYLE_POPUP_SELECTED,
    STYLE_COUNT
};

/* `colours` false: bold and reverse only. `ascii`: lines and marks of ASCII. */
void draw_init(bool colours, bool ascii);
/* The terminal draws ambiguous characters two cells wide: they are replaced by narrow look-alikes. */
void draw_set_wide_ambiguous(bool wide);
int draw_rows(void);
int draw_columns(void);
void draw_erase(void);
/* Text in exactly `width` cells: cut with a mark, or filled with blanks. Returns the cells of text drawn. */
int draw_text(int y, int x, int width, enum style style, const char *utf8);
/* The same from printf. */
int draw_textf(int y, int x, int width, enum style style, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Without a cut mark: the visible part of something being edited. */
void draw_edit(int y, int x, int width, enum style style, const char *utf8);
/* The same where `before` stands already: only what differs is drawn. */
void draw_edit_changed(int y, int x, int width, const char *before, const char *after);
/* Right-aligned; returns the first cell used. */
int draw_right(int y, int right, int width, enum style style, const char *utf8);
void draw_fill(int y, int x, int width, enum style style);
/* A horizontal line with a label in it ("" for none) and something at its right end. */
void draw_rule(int y, int x, int width, const char *label, const char *right);
/* Repeats one ASCII character, e.g. the dots of an empty field. */
void draw_repeat(int y, int x, int width, enum style style, char c);
void draw_cursor(int y, int x);
/* Sends what changed to the terminal. */
void draw_flush(void);
/* Everything is sent again (Ctrl-L, return from the shell). */
void draw_repaint(void);
/* Cells that `utf8` takes when drawn. */
int draw_cells(const char *utf8);
/* What is drawn for `cp`: itself, a look-alike, 〓, or 0 for nothing. */
uint32_t draw_glyph(uint32_t cp);
/* One line of `utf8` from *from that fits `cells`: its bytes; broken after a blank or between wide
 * characters, never before closing punctuation. *from is moved behind it. */
size_t draw_wrap(const char *utf8, size_t *from, int cells);

#endif
