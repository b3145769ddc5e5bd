/* The workstation's screen: one terminal, one clerk, one poll loop.
 *
 * The only layer that uses curses. Calls the database through guitai/db, forms through guitai/entry, paper
 * through guitai/print; knows nothing of permits: what a screen shows comes from forms/. */
#ifndef GUITAI_UI_UI_H
#define GUITAI_UI_UI_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct db;

/* What another hall answered (borrowed), or, with `text` NULL, a sentence why there is no answer. */
typedef void ui_side_answer_fn(void *ctx, const char *text, const char *problem);

/* Work that lives in the loop beside the screen, draws nothing and never blocks (the hand-off). The screen knows no
 * more of it. */
#define UI_SIDE_FDS 136
struct ui_side {
    void *ctx;
    /* Fills at most UI_SIDE_FDS descriptors, lowers *timeout_ms (-1: none yet). */
    size_t (*poll)(void *ctx, struct pollfd *fds, int *timeout_ms);
    /* Goes on with what is ready. True: the counts should be read again. */
    bool (*step)(void *ctx, const struct pollfd *fds, size_t n);
    /* The counts say that `n` messages wait to be handed over; `person` is the clerk's connection, lent for this
     * call. */
    void (*waiting)(void *ctx, const struct db *person, long long n);
    /* The clerk signed off: nothing of his is used any more. */
    void (*leave)(void *ctx);
    /* Asks another hall: POSTs `body` to `base` + `path`. `done` is called at most once, from step() or at once when
     * nothing can be sent; a newer question, or leave(), silences it. */
    void (*ask)(void *ctx, const char *base, const char *path, const char *body, ui_side_answer_fn *done,
                void *done_ctx);
    /* A sentence to be told at sign-in, "" when there is none. Borrowed until the next call. */
    const char *(*warning)(void *ctx);
};

struct ui_options {
    const char *user;         /* login name filled in at sign-in, or NULL */
    const char *window;       /* counter window code ("03"), or NULL: today's shift decides */
    const char *print_to;     /* folder ending in '/', or a file; NULL: no printer at this station */
    const char *print_format; /* "text" or "pdf"; NULL: text */
    int idle_minutes;         /* the password is asked again after so long without a key; 0: 10, -1: never */
    int escape_ms;            /* how long a lone Esc waits for the rest of a key; 0: 50 */
    bool monochrome;          /* no colours even if the terminal has them */
    bool ascii;               /* borders of + - | only */
    const struct ui_side *side; /* or NULL */
};

/* Runs the workstation until the clerk leaves. All strings are borrowed for that time. Returns an exit
 * status: 0 left in order, 2 no usable terminal, 7 forms missing, 70 the screen could not be kept. The
 * terminal is always restored, also on a signal. i18n_init() must have been called. */
int ui_main(const struct ui_options *options);

#endif
