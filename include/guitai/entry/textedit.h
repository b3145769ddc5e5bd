/* A line or a paragraph being edited: code points, a cursor, limits. No screen, no form.
 *
 * Why not libform: see src/entry/README.md. Columns exist only in the view functions. The caller owns what
 * textedit_new gives; the text is wiped when it is freed (it may be a password). Includes nothing of
 * guitai. */
#ifndef GUITAI_ENTRY_TEXTEDIT_H
#define GUITAI_ENTRY_TEXTEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct textedit;

enum textedit_move {
    TEXTEDIT_LEFT,
    TEXTEDIT_RIGHT, /* by cluster: base and its zero-width marks */
    TEXTEDIT_WORD_LEFT,
    TEXTEDIT_WORD_RIGHT,
    TEXTEDIT_HOME,
    TEXTEDIT_END, /* of the line */
    TEXTEDIT_UP,
    TEXTEDIT_DOWN /* multi-line only, by drawn row; false when there is none */
};

/* `max_chars` code points at most; `multiline` allows newlines. */
struct textedit *textedit_new(size_t max_chars, bool multiline);
void textedit_free(struct textedit **t);
/* Replaces the text (UTF-8, cut at the limit: false when cut; what textedit_insert would refuse is left
 * out, a tab is a blank); cursor after the last character. */
bool textedit_set(struct textedit *t, const char *utf8);
/* The text as UTF-8, owned by `t`, valid until the next change. */
const char *textedit_get(const struct textedit *t);
size_t textedit_length(const struct textedit *t); /* code points */
size_t textedit_cursor(const struct textedit *t);
bool textedit_full(const struct textedit *t);
/* The code point before the cursor, 0 at the start. */
uint32_t textedit_char_before(const struct textedit *t);
/* Cells of a row as it is drawn, for up and down; 0 (the start): stored lines. */
void textedit_set_wrap(struct textedit *t, int cells);
/* Another limit; a text that is longer already stays. */
void textedit_set_max(struct textedit *t, size_t max_chars);
/* Inserts before the cursor. False, and nothing changed, when full or not allowed here (newline in a single
 * line, what utf8_is_garble() says). */
bool textedit_insert(struct textedit *t, uint32_t cp);
bool textedit_move(struct textedit *t, enum textedit_move how);
bool textedit_backspace(struct textedit *t); /* one cluster */
bool textedit_delete(struct textedit *t);
bool textedit_delete_word(struct textedit *t);  /* before the cursor */
bool textedit_clear_to_end(struct textedit *t); /* of the line */
bool textedit_clear(struct textedit *t);

/* One row as drawn. */
struct textedit_row {
    size_t from, to; /* code-point range [from, to) */
};
/* Single line: the window of `width` cells that shows the cursor; *scroll is the caller's remembered first
 * code point and is changed only when the cursor would leave the window; never starts inside a cluster or
 * a wide character. *cursor_x receives the cursor's cell (0…width-1). */
struct textedit_row textedit_view_line(const struct textedit *t, int width, size_t *scroll, int *cursor_x);
/* Multi-line: wraps at `width` cells into rows[0…max), no ，。、；：！？）》」 at a row start. Returns the
 * number of rows (may exceed max); *cursor_row, *cursor_x where the cursor stands. */
size_t textedit_view_rows(const struct textedit *t, int width, struct textedit_row *rows, size_t max,
                          size_t *cursor_row, int *cursor_x);
/* Copies the code points [from, to) as UTF-8 into out; unknown glyphs stay themselves (the drawer
 * substitutes). */
const char *textedit_slice(const struct textedit *t, size_t from, size_t to, char *out, size_t size);

#endif
