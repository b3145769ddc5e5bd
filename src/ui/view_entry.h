/* A form on screen: what view_entry.c (keys, drawing, questions) and view_entry_save.c (saving, parking,
 * taking up again) share. */
#ifndef GUITAI_UI_VIEW_ENTRY_H
#define GUITAI_UI_VIEW_ENTRY_H

#include "entry_layout.h"
#include "view.h"
#include "views.h"

struct view_entry {
    struct view view;
    struct formdef *form;
    struct entry *entry;
    struct entry_layout layout;
    view_entry_done_fn *done;
    char request[37];        /* id of the last save: kept as long as its outcome is unknown */
    uint64_t request_digest; /* of the arguments it was sent with */
    char promise_days[24];   /* of the item chosen, for the explanation of its date; "": none chosen */
    bool list_shown;         /* the list of a choice was drawn last time */
    bool saving;
    bool newline; /* a line end was pasted into a one-line field: a blank if more follows */
    char draft[24];          /* the parked form that this one goes on with; "": none */
    char *looked_elsewhere; /* the values that other halls were asked about last */
    unsigned looked_no;     /* of that question */
    struct json *before_scan;
    size_t focus_before_scan;
};

/* F9: all checks passed, the function is called. */
void view_entry_save(struct view_entry *v);
/* Starts parking what was typed; the view pops when it is safe. */
void view_entry_park(struct view_entry *v);
/* A fresh, empty form in the same view. */
void view_entry_restart(struct view_entry *v);
/* The view on the stack that goes on with parked form `draft`, or NULL. */
struct view *view_entry_of_draft(struct app *app, const char *draft);
/* Goes on with parked form `draft`: what was typed then counts as typed now. False: the form of that name, or its
 * values, cannot be shown (*e says why), and no view was opened. */
bool view_entry_open_draft(struct app *app, const char *id, const struct jnode *values, const char *draft,
                           struct err *e);
/* Redraw, message and questions after anything that happened to the entry. */
void view_entry_after(struct view_entry *v, enum entry_effect effect, bool moving);

/* Asks the other halls when the form wants it and its values have changed; never waits (elsewhere.c). */
void view_entry_elsewhere(struct view_entry *v);
/* The view goes away, or its form is a new one: an answer still to come is nobody's. */
void view_entry_elsewhere_end(struct view_entry *v);

#endif
