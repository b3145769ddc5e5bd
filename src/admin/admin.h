/* Shared by the files of guitai-admin: verbs, their options, and small helpers. Blocking throughout: a
 * command of the administrator has nothing to draw meanwhile. */
#ifndef GUITAI_ADMIN_ADMIN_H
#define GUITAI_ADMIN_ADMIN_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/db/admin.h"

#include <stdbool.h>
#include <stddef.h>

#define ADMIN_PROGRAM "guitai-admin"

/* A verb gets its own words only: argv[0] is the last word of its name. Returns an exit status. */
typedef int admin_verb(int argc, char **argv);

int initdb_verb(int argc, char **argv);
int check_forms_verb(int argc, char **argv);
int staff_add_verb(int argc, char **argv);
int staff_list_verb(int argc, char **argv);
int staff_end_verb(int argc, char **argv);
int item_import_verb(int argc, char **argv);
int item_end_verb(int argc, char **argv);
int calendar_load_verb(int argc, char **argv);
int organisation_load_verb(int argc, char **argv);
int audit_verify_verb(int argc, char **argv);
int peer_add_verb(int argc, char **argv);
int peer_list_verb(int argc, char **argv);
int peer_end_verb(int argc, char **argv);
int sync_set_verb(int argc, char **argv);
int endpoint_login_verb(int argc, char **argv);
int reconcile_verb(int argc, char **argv);
int tidy_verb(int argc, char **argv);

/* ---- admin.c ---- */

/* Prints `e` and returns its exit status. */
int admin_fail(const struct err *e);

/* The verb that runs: how it is written, as main.c lists it once. "usage: guitai-admin …" with it goes to standard error;
 * returns 2. */
void admin_running(const char *synopsis);
const char *admin_synopsis(void);
int admin_usage(void);
/* A connection as the environment says, or NULL with the error printed and *status set. */
struct db_admin *admin_connect(int *status);
/* begin … commit around `work`. A failure rolls back, but a refusal by a rule commits, because the database
 * wrote it down: so a work makes its api call before anything else, and ends when it is refused. */
typedef bool admin_work(struct db_admin *a, void *ctx, struct err *e);
bool admin_transaction(struct db_admin *a, admin_work *work, void *ctx, struct err *e);
/* Connects, runs `work` in a transaction, prints what went wrong. Returns the exit status. */
int admin_run_work(admin_work *work, void *ctx);
/* api_admin.<function> with a fresh request id first. */
bool admin_call(struct db_admin *a, const char *function, const struct db_arg *args, size_t n,
                struct db_result **out, struct err *e);
/* The division that is meant: `given`, else the only one of the database. `out` needs 7 bytes. */
bool admin_division(struct db_admin *a, const char *given, char *out, struct err *e);

/* ---- initdb.c, demo.c ---- */

/* Has file `name` been applied? `digest` (65 bytes) receives its recorded digest, "" when not. */
bool initdb_recorded(struct db_admin *a, const char *name, char *digest, struct err *e);
bool initdb_record(struct db_admin *a, const char *name, const char *kind, const char *digest, struct err *e);
/* SHA-256 of a text in hex, by the server. `out` needs 65 bytes. */
bool initdb_digest(struct db_admin *a, const char *text, char *out, struct err *e);
/* Whether there is demonstration data of a division (NULL: of all). ERR_INPUT. */
bool demo_knows(const char *division, struct err *e);
/* The demonstration data of every division under sql/demo, or of `division` only, all with one `password`. */
bool demo_load(struct db_admin *a, const char *division, const char *password, struct err *e);

/* ---- day.c ---- */

/* "today", "today+25", "today-400" as an ISO date counted from `today` (days since 1970-01-01); false when
 * `text` is nothing of the kind. `out` needs 11 bytes. */
bool day_resolve(const char *text, long today, char *out);
/* A copy of `n` with every such text replaced. Owner: the caller. */
struct json *day_resolve_tree(const struct jnode *n, long today);

/* ---- item.c ---- */

/* Publishes an item object; adds pinyin initials to it and to its choices where none are authored. */
bool item_publish(struct db_admin *a, const char *division, const struct jnode *item, struct err *e);

/* ---- pinyin.c: the only user of ICU ---- */

/* First letters of the syllables: "个体工商户" -> "gtgsh". ASCII letters and digits stay (lower case), the
 * rest goes. Owner: the caller. */
char *pinyin_initials(const char *name);

/* ---- staff.c ---- */

/* What to do when the cluster has a role of that name already (another database, or this one made anew). */
enum staff_role {
    STAFF_ROLE_NEW,   /* refuse */
    STAFF_ROLE_REUSE, /* let it in, with the password that it has */
    STAFF_ROLE_RESET  /* set its password if it is a sign-in of ours, refuse otherwise */
};
/* Enters `person` (an object as in sql/demo/staff-*.json) and creates the sign-in role, in the caller's
 * transaction. */
bool staff_enter(struct db_admin *a, const char *division, const struct jnode *person, const char *password,
                 enum staff_role policy, struct err *e);

/* ---- role.c ---- */

/* Makes the sign-in role `login` with this password, in the caller's transaction. STAFF_ROLE_RESET gives a role that is
 * a member of `group` already a new password. ERR_CONFLICT when the cluster has another of that name. */
bool role_provide(struct db_admin *a, const char *login, const char *group, const char *password,
                  enum staff_role policy, struct err *e);
/* Whether the cluster has a role of that name. */
bool role_exists(struct db_admin *a, const char *login, bool *exists, struct err *e);
/* Runs what the database asks for once the role is there ("after" of its answer): memberships, time limits. */
bool role_finish(struct db_admin *a, const struct db_result *answer, struct err *e);

/* ---- secret.c ---- */

#define SECRET_HEX 64 /* 32 random bytes */

/* The secret in the first line of a file / a fresh one, written to a new file of mode 0600 (an existing one is never
 * overwritten). `out` needs SECRET_HEX + 1 bytes; the caller wipes it. */
bool secret_read(const char *file, char *out, struct err *e);
bool secret_make(const char *file, char *out, struct err *e);

/* ---- password.c ---- */

#define PASSWORD_MIN_CHARS 8
#define PASSWORD_MAX_BYTES 512

/* First line of the file, or (file NULL) asked twice on the terminal without echo. `out` needs
 * PASSWORD_MAX_BYTES; the caller wipes it. */
bool password_read(const char *file, const char *login, char *out, struct err *e);

/* ---- calendar.c ---- */

struct calendar_row {
    char date[11];
    char kind[5]; /* off, work */
    char holiday[64];
    int edition;  /* the year whose notice the row is of */
};
#define CALENDAR_MAX_ROWS 2000

/* Parses the text of a notice file. *rows: owner the caller (free). `name` starts every complaint; *document
 * receives the first comment line, borrowed from `text` (which is cut up), or NULL. */
bool calendar_parse(char *text, const char *name, struct calendar_row **rows, size_t *count,
                    const char **document, struct err *e);
/* Calls calendar__load once for every year of the file. */
bool calendar_load(struct db_admin *a, const char *path, const char *document, struct err *e);

#endif
