/* Calls to the database that belong to a view: forgotten with it, and able to hold the keyboard.
 *
 * While a call with CALL_HOLD is under way, typed keys wait and are played after its answer (type-ahead). */
#ifndef GUITAI_UI_CALL_H
#define GUITAI_UI_CALL_H

#include "guitai/db/db.h"

#include <stdint.h>

struct app;
struct session;

#define CALL_HOLD 1u
#define CALL_QUIET 2u /* failure is not shown: the owner decides */

/* Exactly one of `r`, `e` is set. `owner` as given to call_send. */
typedef void call_answer_fn(void *owner, long tag, const struct db_result *r, const struct err *e);

struct call_args {
    struct db_arg arg[DB_MAX_ARGS];
    size_t n;
    char request[37];
};

void call_add(struct call_args *a, const char *name, const char *value);
/* Adds `request` with a fresh id, made here, at the keyboard. */
void call_add_request(struct call_args *a);
/* Sends; `done` may be NULL. A failure to send is reported to `done` before returning false. */
bool call_send(struct app *app, struct session *session, void *owner, const char *function,
               const struct call_args *a, unsigned flags, call_answer_fn *done, long tag);
/* The owner goes away: its answers are dropped. */
void call_forget(struct app *app, const void *owner);
/* The session goes away: nobody hears of its calls any more. */
void call_drop_session(struct app *app, const struct session *session);
bool call_holding(const struct app *app);
/* Holds and releases the keyboard for something that is not a call (a sign-in). A wait longer than
 * CALL_PATIENCE_MS is shown on the message line. */
#define CALL_PATIENCE_MS 300
void call_hold(struct app *app);
void call_release(struct app *app);

#endif
