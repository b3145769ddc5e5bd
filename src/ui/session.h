/* A person signed in: a connection, who it is, what duties. The workstation has one, and now and then a
 * second one for the verifier's single act. */
#ifndef GUITAI_UI_SESSION_H
#define GUITAI_UI_SESSION_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

#include <stddef.h>
#include <stdint.h>

struct app;
struct db;

typedef void session_done_fn(void *ctx, const struct err *e);

struct session {
    struct app *app;
    struct db *db;   /* NULL: nobody */
    struct json *me; /* answer of session__open */
    char login[64];
    char window[16];
    session_done_fn *done; /* hears how the sign-in went; `ctx` NULL-able by session_forget */
    void *ctx;
    bool opening;
    uint64_t
        finish_by; /* signed off: what is under way may still be answered until then; 0: not signed off */
    bool closing;  /* to be freed by session_reap(), outside of its own callbacks */
    bool guest;    /* acts at another person's window: a shift of its own is not asked for */
    char wanted_window[16];
};

/* Signs in asynchronously; `window` NULL or "": today's shift decides. The password is copied by the
 * connection and not kept here. `done` is called exactly once, possibly before returning. */
void session_start(struct session *s, struct app *app, const char *login, const char *password,
                   const char *window, session_done_fn *done, void *ctx);
/* The one who waits for `done` goes away. */
void session_forget(struct session *s, const void *ctx);
/* Gives up a sign-in under way: `done` hears of it. */
void session_cancel(struct session *s);
/* Ends it at the next session_reap(): safe to call from an answer. */
void session_end(struct session *s);
/* Signs off: as session_end, but what was sent, and papers at the printer, are given a moment to be recorded.
 */
void session_finish(struct session *s);
void session_reap(struct session *s);
bool session_active(const struct session *s);
/* Texts of the header, "" when unknown. */
const char *session_name(const struct session *s);
bool session_has_duty(const struct session *s, const char *duty);
const char *session_text(const struct session *s, const char *path);

#endif
