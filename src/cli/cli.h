/* Shared by the verbs of guitai: one connection, one answer, one exit status. Blocking: a command draws
 * nothing. */
#ifndef GUITAI_CLI_CLI_H
#define GUITAI_CLI_CLI_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CLI_PROGRAM "guitai"

/* A verb gets its own words only: argv[0] is the last word of its name. Returns an exit status. */
typedef int cli_verb(int argc, char **argv);

int check_id_verb(int argc, char **argv);
int check_credit_verb(int argc, char **argv);
int due_verb(int argc, char **argv);
int item_list_verb(int argc, char **argv);
int case_list_verb(int argc, char **argv);
int case_show_verb(int argc, char **argv);
int case_accept_verb(int argc, char **argv);
int case_act_verb(int argc, char **argv);
int print_verb(int argc, char **argv);
int sync_verb(int argc, char **argv);

/* ---- cli.c ---- */

/* Prints `e` and returns its exit status. */
int cli_fail(const struct err *e);
/* The verb that runs: how it is written, as main.c lists it once. "usage: guitai …" with it goes to standard error;
 * returns 2. */
void cli_running(const char *synopsis);
int cli_usage(void);
/* Signs in as the libpq environment says. NULL with `e`. */
struct db *cli_connect(struct err *e);
/* A reading function that answers one JSON document. *out: owner the caller; its document: db_json(). */
bool cli_ask(struct db *db, const char *function, const struct db_arg *args, size_t n, struct db_result **out,
             struct err *e);
/* A writing function under the request id `request` (NULL: a fresh one). */
bool cli_act(struct db *db, const char *request, const char *function, const struct db_arg *args, size_t n,
             struct db_result **out, struct err *e);
/* All pages of a list function with (search, after, limit), at most `limit` rows (0: no limit). NULL with
 * `e`. Owner: the caller. */
struct json *cli_list(struct db *db, const char *function, const char *search, size_t limit, struct err *e);
/* The counter window that is meant: `given`, else GUITAI_WINDOW, else the person's only one of today, else
 * NULL (a department's terminal). False when there are several. Borrowed. */
bool cli_window(struct db *db, const char *given, const char **out, struct err *e);
/* Indented JSON on standard output. */
void cli_print_json(const struct jnode *n);

/* Columns of a list for people. */
struct cli_column {
    const char *name;    /* member of each row; its twin in the user's language where there is one */
    const char *heading; /* message id */
};
void cli_print_rows(const struct jnode *rows, const struct cli_column *columns, size_t n);

/* ---- side.c: what lives beside the screen ---- */

struct ui_side;
/* The hand-off as the loop of the screen runs it, or NULL at a station without certificates. Once; side_end() frees. */
const struct ui_side *side_begin(void);
void side_end(void);

/* ---- paper.c ---- */

struct cli_paper {
    const char *to;     /* file, or folder ending in '/'; NULL: do not print now */
    const char *format; /* "text", "pdf" */
};
bool paper_format_ok(const char *format, struct err *e);
/* The same for a paper that goes beside an answer, which has standard output for itself. */
bool paper_ok(const struct cli_paper *paper, struct err *e);
/* Prints what an act answered (its "paper" and "data") and tells the print ledger how it went. `path` (may be
 * NULL) receives where the page lies. No paper in the answer: true, with *path empty. */
bool paper_deliver(struct db *db, const struct jnode *answer, const struct cli_paper *paper, char *path,
                   size_t size, struct err *e);

/* ---- explain.c ---- */

/* The day-by-day reason of a due date (the answer of api.due) as lines. */
void explain_print(const struct jnode *due, FILE *out);

#endif
