/* UTF-8 and columns: code points in and out of bytes, and how many cells a character takes.
 *
 * Text is stored as code points; columns exist only while drawing. The width rule is our own for the blocks
 * that the C library does not know (CJK extensions G to I) and is otherwise wcwidth's. */
#ifndef GUITAI_BASE_UTF8_H
#define GUITAI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4
#define UTF8_BAD 0xFFFDu

/* Decodes one character from `s` (`n` bytes, n > 0) into *cp. Returns the bytes used; an invalid byte
 * uses 1 and gives UTF8_BAD. Overlong forms, surrogates and values over U+10FFFF are invalid. */
size_t utf8_decode(const char *s, size_t n, uint32_t *cp);
/* Encodes `cp` into `out` (room for UTF8_MAX bytes). Returns the bytes written; 0 if not encodable. */
size_t utf8_encode(uint32_t cp, char *out);
/* Whole text valid? */
bool utf8_valid(const char *s, size_t n);
/* Number of code points / of terminal cells of a NUL-terminated text. */
size_t utf8_count(const char *s);
int utf8_cells(const char *s);
/* Cells of one code point: 0 (combining, format), 1 or 2; control characters count 0. */
int utf8_cell_width(uint32_t cp);
/* True when the C library's locale tables know no glyph class for `cp`: draw 〓 instead. */
bool utf8_needs_substitute(uint32_t cp);
/* Longest prefix of `s` that fits into `cells`: its bytes; *used receives the cells. */
size_t utf8_fit(const char *s, int cells, int *used);
/* True for a zero-width mark that belongs to the character before it (a cluster). */
bool utf8_is_mark(uint32_t cp);
/* True for a character that no text may hold: controls (also the line end), marks that turn the direction of
 * writing, what has neither ink nor width, noncharacters. A joiner is lawful behind a character `before` whose
 * script joins, and behind emoji. The database has the same list: data.garble(). */
bool utf8_is_garble(uint32_t cp, uint32_t before);

/* Control characters (U+0000 to 001F, 007F to 009F) of a text become blanks, in place; `lines`: line ends stay. */
void utf8_blank_controls(char *text, bool lines);

/* True for Han ideographs: the unified blocks and extensions A to I, compatibility, 〇 (code-point ranges,
 * since regular-expression ranges over Chinese depend on the locale). */
bool utf8_is_han(uint32_t cp);
/* Full-width ASCII (U+FF01..FF5E) and the ideographic space become ASCII; other characters stay. */
uint32_t utf8_fold_width(uint32_t cp);
/* The look-alikes of the name separator (・ • . ． ‧ ∙) become · U+00B7 (GB18030 A1A4, 民委发〔2016〕33号);
 * other characters stay. */
uint32_t utf8_fold_name_dot(uint32_t cp);

#endif
