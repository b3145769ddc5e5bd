/* The terminal: taken over at start, given back on every way out (exit, crash, signal), its quirks measured.
 *
 * One terminal per process, so the state is the file's own. Why each measure: src/ui/README.md. */
#ifndef GUITAI_UI_TERM_H
#define GUITAI_UI_TERM_H

#include "guitai/base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct decode;

#define TERM_MIN_COLUMNS 80
#define TERM_MIN_ROWS 24

enum term_signal {
    TERM_RESIZED = 1,
    TERM_QUIT = 2,    /* SIGTERM, SIGHUP, SIGINT from outside */
    TERM_SUSPEND = 4, /* SIGTSTP from outside */
};

/* Takes the terminal over. Errors: no terminal, a terminal that cannot place the cursor. */
bool term_start(struct err *e);
/* Gives it back; may be called at any time, any number of times. */
void term_stop(void);
/* Reads what is there: bytes, 0 when there was nothing after all, -1 when the terminal is gone. Only to be
 * called when poll() says so. */
ssize_t term_read(char *bytes, size_t size);
/* Tells the decoder what this terminal's description says of its keys. */
void term_describe_keys(struct decode *d);
/* Readable when term_signals() has news. */
int term_signal_fd(void);
/* What arrived since the last call, as a set of enum term_signal. */
unsigned term_signals(void);
/* Takes over a new size. */
void term_resize(void);
/* Gives the terminal to the shell that stopped us and takes it back afterwards. */
void term_suspend(void);
/* Asks the terminal how wide it draws an ambiguous character; the answer arrives as a cursor position report.
 */
void term_probe_width(void);
/* The report. True when it answers the probe; *wide: such characters take two cells. */
bool term_probe_answer(int row, int col, bool *wide);
/* Bytes straight to the terminal, past curses: the caller then draws the same with term_refresh_unseen(). */
void term_echo(const char *bytes, size_t n);
/* Lets curses draw where nobody sees it, so that it knows what stands on the screen. True when it would have
 * written exactly `bytes`. */
bool term_refresh_unseen(const char *bytes, size_t n);
void term_beep(void);
bool term_too_small(void);
bool term_has_colours(void);

#endif
