/* A terminal for tests: runs a program on a pseudo-terminal, keeps its screen with libvterm, sends keys,
 * waits for text. Nothing here sleeps: waiting means pumping output until the wanted thing is there, or the
 * limit is over.
 *
 * Includes nothing of guitai. One struct terminal is one running program; the caller owns it. */
#ifndef GUITAI_TESTS_TERMINAL_H
#define GUITAI_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMINAL_LIMIT_MS 5000
#define TERMINAL_ROW_MAX 2048

struct terminal;

struct terminal_options {
    const char *term;           /* TERM; NULL: xterm-256color */
    int rows, columns;          /* 0: 24 x 80 */
    bool wide_ambiguous;        /* answers the width probe as a Chinese terminal would */
    const char *const *environ; /* "NAME=value" in addition to the test's own, NULL-terminated; may be NULL */
};

/* Starts argv[0]. NULL when there is no pseudo-terminal. */
struct terminal *terminal_start(const char *const argv[], const struct terminal_options *options);
/* Ends the program if it still runs. */
void terminal_free(struct terminal **t);

/* Sends bytes as they are; a text; the function key n (1-12, 18 for Shift-F6) as this TERM sends it. */
void terminal_send(struct terminal *t, const void *bytes, size_t n);
void terminal_type(struct terminal *t, const char *text);
void terminal_function_key(struct terminal *t, int n);
void terminal_resize(struct terminal *t, int rows, int columns);
void terminal_signal(struct terminal *t, int sig);

/* Pumps until `text` stands in row `row` (-1: in any). False when the limit is over. */
bool terminal_wait(struct terminal *t, int row, const char *text);
/* Until it no longer does. */
bool terminal_wait_gone(struct terminal *t, int row, const char *text);
/* Until the cursor stands there. */
bool terminal_wait_cursor(struct terminal *t, int row, int column);
/* Until nothing came for `ms`. */
void terminal_wait_quiet(struct terminal *t, int ms);
/* Until the program has ended; its wait status, -1 when the limit is over. */
int terminal_wait_exit(struct terminal *t);

/* Row as text without trailing blanks; valid until the next call. */
const char *terminal_row(struct terminal *t, int row);
bool terminal_has(struct terminal *t, int row, const char *text);
int terminal_find(struct terminal *t, const char *text); /* its row, -1 */
/* Width in cells of the character in that cell (0: right half of a wide one); its first code point;
 * attributes. */
int terminal_cell_width(struct terminal *t, int row, int column);
uint32_t terminal_cell_char(struct terminal *t, int row, int column);
bool terminal_cell_plain(struct terminal *t, int row, int column); /* no bold, reverse, underline */
void terminal_cursor(struct terminal *t, int *row, int *column);
/* Bytes the program has written so far; the raw bytes themselves (the last 64 kB). */
size_t terminal_bytes(const struct terminal *t);
const char *terminal_output(const struct terminal *t, size_t *n);
/* Microseconds from the last terminal_send until the first byte that came after it. */
long terminal_echo_us(const struct terminal *t);
/* The line settings are what they were before the program started. */
bool terminal_restored(const struct terminal *t);
/* The whole screen on standard error, for a failed test. */
void terminal_show(struct terminal *t);

#endif
