/* The workstation's screen: one terminal, one clerk, one poll loop.
 *
 * The only layer that uses curses. Calls the database through guitai/db, forms through guitai/entry, paper
 * through guitai/print; knows nothing of permits: what a screen shows comes from forms/. */
#ifndef GUITAI_UI_UI_H
#define GUITAI_UI_UI_H

#include <stdbool.h>

struct ui_options {
    const char *user;         /* login name filled in at sign-in, or NULL */
    const char *window;       /* counter window code ("03"), or NULL: today's shift decides */
    const char *print_to;     /* folder ending in '/', or a file; NULL: no printer at this station */
    const char *print_format; /* "text" or "pdf"; NULL: text */
    int idle_minutes;         /* the password is asked again after so long without a key; 0: 10, -1: never */
    int escape_ms;            /* how long a lone Esc waits for the rest of a key; 0: 50 (100 on slow links) */
    bool monochrome;          /* no colours even if the terminal has them */
    bool ascii;               /* borders of + - | only */
};

/* Runs the workstation until the clerk leaves. All strings are borrowed for that time. Returns an exit
 * status: 0 left in order, 2 no usable terminal, 7 forms missing, 70 the screen could not be kept. The
 * terminal is always restored, also on a signal. i18n_init() must have been called. */
int ui_main(const struct ui_options *options);

#endif
