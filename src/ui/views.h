/* The openers of all views. Each view's file exports only these. */
#ifndef GUITAI_UI_VIEWS_H
#define GUITAI_UI_VIEWS_H

#include "view.h"

#include "guitai/base/err.h"
#include "guitai/base/json.h"

struct app;
struct session;

/* Sign-in (the lowest view), and the same screen over a locked workstation. */
void view_signin_open(struct app *app);
void view_lock_open(struct app *app);
void view_menu_open(struct app *app);
/* forms/lists/<id>.json; `search` may be NULL. */
bool view_list_open(struct app *app, const char *id, const char *search, struct err *e);
/* forms/entry/<id>.json; `first` goes into the first field, NULL: empty. */
bool view_entry_open(struct app *app, const char *id, const char *first, struct err *e);
/* With values by field id (an act on a case); `session` is the acting person. `done` hears of the answer after
 * success. */
typedef void view_entry_done_fn(struct app *app, struct session *session, const struct jnode *answer);
bool view_entry_open_values(struct app *app, const char *id, const struct jnode *values,
                            struct session *session, view_entry_done_fn *done, struct err *e);
/* Goes on with a parked form, which stays parked until it is saved or parked anew. */
void view_entry_take_draft(struct app *app, const char *draft);
void view_case_open(struct app *app, struct session *session, const char *number);
/* The form of `action` (forms/entry/<action>.json, else the opinion form "act") on a case; knows what follows: printing, the second person, back to the
 * clerk. */
void view_act_open(struct app *app, struct session *session, const char *number, const char *action,
                   const char *summary);
/* What the caller may do next with a fresh or changed case ("next" of an answer): a short panel of digits.
 * Opens nothing when there is nothing to offer. */
void view_next_open(struct app *app, struct session *session, const struct jnode *answer);
/* The actions (of case__actions) that are allowed, as a panel. False, and said why, when none is. */
bool view_next_choose(struct app *app, struct session *session, const char *number,
                      const struct jnode *actions, const char *summary);
/* Second person for one act on the case: who can, choose by digit, password. */
void view_guest_open(struct app *app, const char *number);

/* A panel: some text, and choices on one key each. Enter and Esc close it without choosing. */
#define CHOOSE_MAX 24
struct choose_item {
    char key;        /* '1' … '9', 'a' … */
    char label[160]; /* as drawn */
    char code[64];   /* as handed to the callback */
    bool dim;        /* shown, but only says `label` again */
};
typedef void view_choose_fn(struct app *app, struct session *session, const char *subject, const char *code);
/* `subject` (a case number) is copied and handed on. */
void view_choose_open(struct app *app, struct session *session, const char *title, const char *text,
                      const struct choose_item *items, size_t n, const char *subject, view_choose_fn *done);

/* Text with lines broken at \n, wrapped while drawing. Copied. */
void view_text_open(struct app *app, const char *title, const char *text);
/* forms/text, built-in pages ("keys", "words"). */
bool view_text_open_named(struct app *app, const char *name, struct err *e);
/* Asks the database and shows the answer as text. */
void view_text_due(struct app *app, const char *from, const char *days);
void view_text_case_due(struct app *app, const char *number);
void view_text_chart(struct app *app, const char *process);
void view_text_item(struct app *app, const char *item);
/* Guidance from or to another hall; `id` as its list gives it. */
void view_text_note(struct app *app, const char *id);
void view_text_error(struct app *app, const struct err *e);
/* Prints a document of the case again: `document` NULL asks which. */
void view_print_open(struct app *app, struct session *session, const char *number);
/* Prints one document of the case: the copy that never came out, else a further one. */
void view_print_document(struct app *app, struct session *session, const char *number, const char *document);

#endif
