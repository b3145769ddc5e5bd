/* The connection to the database: asynchronous, one call per user action, safe to repeat.
 *
 * The only user of libpq. A `struct db` is one connection of one person. Calls are queued and sent one after the
 * other; the answer goes to a callback from db_step(). A connection that breaks is opened again by itself, and the
 * call under way is repeated: every writing function takes a request id, every other one only reads (design: a retry
 * is always safe). Server, database and TLS come from the standard libpq environment and service files. */
#ifndef GUITAI_DB_DB_H
#define GUITAI_DB_DB_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

#include <stddef.h>

/* The schema version this program works with; another one is ERR_VERSION at sign-in. */
#define DB_SCHEMA_VERSION 1
#define DB_MAX_ARGS 24

struct db;
struct db_result;

/* name without p_; value NULL sends SQL null. Both are copied by db_call. */
struct db_arg {
    const char *name;
    const char *value;
};

/* Exactly one of `r` and `e` is non-NULL; both are borrowed for the time of the call. A refusal by a rule (an
 * answer with "ok": false) arrives as `e` with kind ERR_RULE. */
typedef void db_answer_fn(void *ctx, const struct db_result *r, const struct err *e);
/* Something changed in the database: a hint to read again. `payload` is data from anybody: never trust it. */
typedef void db_notify_fn(void *ctx, const char *payload);

enum db_state {
    DB_CLOSED,     /* never opened, or closed for good */
    DB_CONNECTING, /* first sign-in under way */
    DB_READY,
    DB_LOST        /* broken; opening again by itself */
};

/* Loads the PostgreSQL client library (some 5 ms) ahead of the first db_open, which would do it too. Without effect when
 * it is loaded or missing: db_open reports what is wrong. */
void db_preload(void);

/* What a connection works with. A workstation needs none of it: schema `api`, greeting `me`, answers parsed. */
struct db_profile {
    const char *schema;      /* whose functions db_call calls */
    const char *greeting;    /* its function that tells "schema_version" when a connection opens */
    const char *application; /* as the server's list of sessions shows it */
    bool text;               /* answers stay text (db_value), whatever their size: for a program that passes them on */
};

struct db *db_new(void);
/* Before db_open. `profile` is borrowed for the life of `db`. */
void db_set_profile(struct db *db, const struct db_profile *profile);
void db_free(struct db **db);

/* Starts signing in. `user` NULL: the libpq default; `password` NULL: libpq's own (passfile, service). The
 * password is copied, kept for reconnecting in memory that is wiped by db_close. `done` hears of success (r is the
 * answer of api.me(), see db_json) or why not (ERR_DENIED, ERR_OFFLINE, ERR_VERSION). False only when it could not even start. */
bool db_open(struct db *db, const char *user, const char *password, db_answer_fn *done, void *ctx, struct err *e);
/* A second connection of the person who is signed in through `person`, so that long work does not stand before his
 * calls. The password is copied inside of this layer and seen by nobody. ERR_OFFLINE when nobody is signed in there. */
bool db_open_as(struct db *db, const struct db *person, db_answer_fn *done, void *ctx, struct err *e);
void db_close(struct db *db);
enum db_state db_state(const struct db *db);
/* What api.me() last said: the person, hall, windows of today. NULL before the first sign-in. Borrowed. */
const struct jnode *db_me(const struct db *db);
/* Calls queued or under way. */
size_t db_pending(const struct db *db);

/* For the caller's poll(): -1 when there is nothing to watch; POLLIN/POLLOUT; milliseconds until db_step wants to
 * run though nothing happened (-1: never). */
int db_fd(const struct db *db);
short db_events(const struct db *db);
int db_timeout_ms(const struct db *db);
/* Goes on with whatever is ready; never blocks. May call callbacks, which may queue further calls. */
void db_step(struct db *db);

/* Queues `select * from api.<function>(p_<name> => …)`, or of the profile's schema. Function and argument names must be
 * plain identifiers (ERR_BUG otherwise). Copies its arguments. */
bool db_call(struct db *db, const char *function, const struct db_arg *args, size_t n, db_answer_fn *done, void *ctx,
             struct err *e);

/* Prepares the statement of such a call without running it, so that the first one is as quick as the later ones. */
bool db_warm(struct db *db, const char *function, const char *const *names, size_t n, struct err *e);
/* Asks the server to give up the call under way and drops what is queued; the callbacks hear ERR_CONFLICT
 * "cancelled". */
void db_cancel(struct db *db);
/* Drops the callbacks that would go to `ctx` (its owner is going away); the calls themselves still run. */
void db_forget(struct db *db, const void *ctx);
/* Listens on channel `guitai`; the callback comes from db_step. It also comes, with payload "", after a lost
 * connection is back: what was announced meanwhile is gone. */
void db_listen(struct db *db, db_notify_fn *fn, void *ctx);

/* Result of a table function: rows by column name. NULL for SQL null or an unknown column. Borrowed. */
size_t db_rows(const struct db_result *r);
const char *db_value(const struct db_result *r, size_t row, const char *column);
size_t db_columns(const struct db_result *r);
const char *db_column_name(const struct db_result *r, size_t column);
/* Result of a function that returns one jsonb: its document, or NULL. Borrowed. */
const struct json *db_json(const struct db_result *r);

/* All rows as an array of objects by column name: numbers, truth values and jsonb as such, all else as text. Owner:
 * the caller. */
struct json *db_rows_json(const struct db_result *r) __attribute__((warn_unused_result));

/* Blocking forms for commands without a screen. The result is owned by the caller. */
bool db_open_wait(struct db *db, const char *user, const char *password, struct err *e);
bool db_call_wait(struct db *db, const char *function, const struct db_arg *args, size_t n, struct db_result **out,
                  struct err *e);
void db_result_free(struct db_result **r);

#endif
