/* Errors: what went wrong, where, and what the clerk can do about it.
 *
 * A function that can fail returns bool and takes a `struct err *` last. The caller owns the struct; it
 * holds fixed buffers, so that reporting an error never needs memory. This header includes nothing of guitai. */
#ifndef GUITAI_BASE_ERR_H
#define GUITAI_BASE_ERR_H

#include <stdbool.h>

enum err_kind {
    ERR_NONE,
    ERR_INPUT,    /* what was typed, or a file, is wrong: the place is named */
    ERR_RULE,     /* the database refused: code is GT…, see sql/README.md */
    ERR_DENIED,   /* sign-in refused, or no right to the object */
    ERR_CONFLICT, /* somebody else was faster */
    ERR_OFFLINE,  /* the database or the printer cannot be reached; trying again is safe */
    ERR_VERSION,  /* the database is of another version than this program */
    ERR_IO,       /* a file or a device of this station */
    ERR_BUG       /* should not happen; the log has more */
};

struct err {
    enum err_kind kind;
    char code[6];      /* SQLSTATE, or "" */
    char field[64];    /* id of the guilty form field, or "" */
    char message[768]; /* one sentence in the user's language */
    char hint[384];    /* the remedy, or "" */
    char law[160];     /* the article behind a refusal, or "" */
};

/* Sets kind and message (printf style; cut to fit, never inside a character; control characters but line ends become
 * blanks). Clears the rest.
 * Returns false always, so that a failing function can `return err_set(…)`. `e` may be NULL. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "name: message", unless the message begins with the name already; "message: more". Return false. */
bool err_prefix(struct err *e, const char *name);
bool err_add(struct err *e, const char *more);

/* Adds the remedy / the field to an error that is already set. Returns false. */
bool err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool err_field(struct err *e, const char *field);

/* Empties `e`. */
void err_reset(struct err *e);

/* Exit status of a command for this kind, as documented in guitai(1): 0 none, 2 input, 3 rule,
 * 4 denied, 5 conflict, 6 offline or version, 7 io, 70 bug. */
int err_exit_status(const struct err *e);

#endif
