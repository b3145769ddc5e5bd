/* A view: one screen between header and footer. Views stand on a stack; the top one gets the keys.
 *
 * A view keeps its model and draws from it; drawing never asks the database. The framework allocates each
 * view's private struct, which begins with `struct view`. */
#ifndef GUITAI_UI_VIEW_H
#define GUITAI_UI_VIEW_H

#include "keymap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct view;

struct input {
    enum action action;
    uint32_t cp; /* ACT_CHAR */
    bool data;   /* from a paste or a scanner: never a command */
};

/* How much must be drawn again after a key. */
enum view_dirt { VIEW_CLEAN, VIEW_PART, VIEW_ALL };

struct view_ops {
    const char *name;
    size_t size; /* of the private struct */
    void (*draw)(struct view *v);
    /* Only what the last key touched; NULL: draw. */
    void (*draw_part)(struct view *v);
    /* Where the cursor stands, called last of all: an input method's window follows it. */
    void (*cursor)(struct view *v, int *y, int *x);
    enum view_dirt (*key)(struct view *v, const struct input *in);
    /* Became the top one again, or the window changed its size. */
    void (*resume)(struct view *v);
    /* Something changed in the database. */
    void (*changed)(struct view *v);
    void (*refresh)(struct view *v);
    /* Asked to go away: true when it may go now. False: it is saving what was typed and pops itself
     * afterwards. */
    bool (*leave)(struct view *v);
    void (*help)(struct view *v);
    void (*timer)(struct view *v); /* view->timer_at passed */
    /* A scanner begins to type / turned out to have typed a case number: remember, take back. */
    void (*scan_begin)(struct view *v);
    void (*scan_undo)(struct view *v);
    /* Case number of what is shown or selected, into `out` (ID_CASE_MAX + 1); false when none. */
    bool (*number)(struct view *v, char *out);
    void (*destroy)(struct view *v);
    const enum action *keys; /* for the footer, up to ACT_NONE */
    bool digits_act; /* a single digit opens something: it waits a moment in case a scanner is typing */
};

struct view {
    const struct view_ops *ops;
    struct app *app;
    struct view *below;
    struct session *session; /* who acts in it */
    char title[160];
    char note[80];     /* right end of the title line */
    uint64_t timer_at; /* monotonic ms, 0: none */
    enum view_dirt dirt;
    bool leaving;        /* pops as soon as what it saves is saved */
    char save_label[32]; /* what F9 is called here; "": as in the key table */
};

/* Body rows of the screen: between title line and message line. */
#define VIEW_TOP 2
int view_bottom(void); /* first row not belonging to the body */
int view_height(void);

/* A new view on top of the stack. */
struct view *view_push(struct app *app, const struct view_ops *ops, const char *title);
/* Takes `v` (anywhere in the stack) away and frees it. */
void view_pop(struct view *v);
/* Draws `v` again as far as said. */
void view_dirty(struct view *v, enum view_dirt dirt);
/* Asks every view down to `keep` (exclusive; NULL: all but the lowest) to leave. */
void view_leave_to(struct app *app, struct view *keep);
struct view *view_lowest(struct app *app);

#endif
