/* A blocking SQL connection for the hall's administrator: migrations, roles, look-ups in the system catalogue.
 *
 * Only src/admin uses it: a workstation calls functions through guitai/db/db.h and never sends SQL text. Server and
 * sign-in come from the standard libpq environment. Nothing is repeated by itself: the administrator's acts run
 * inside transactions that the caller opens with db_admin_run(a, "begin", …). */
#ifndef GUITAI_DB_ADMIN_H
#define GUITAI_DB_ADMIN_H

#include "guitai/db/db.h"

struct db_admin;

/* Connects; `database` NULL: libpq's default. Owner: the caller. NULL on error (ERR_DENIED, ERR_OFFLINE; ERR_VERSION
 * with code 3D000 when the database does not exist). */
struct db_admin *db_admin_open(const char *database, struct err *e) __attribute__((warn_unused_result));
void db_admin_close(struct db_admin **a);
/* Name of the database. Borrowed. */
const char *db_admin_database(const struct db_admin *a);
/* The database that open would take: PGDATABASE, a service file, or the user's name. Owner: the caller (free). */
char *db_admin_default_database(void) __attribute__((warn_unused_result));

/* Runs SQL text of one or many statements without parameters; rows are dropped. A syntax error names its line. */
bool db_admin_run(struct db_admin *a, const char *sql, struct err *e);
/* One statement with text parameters ($1 …; NULL sends SQL null). *out (may be NULL): owner the caller. */
bool db_admin_query(struct db_admin *a, const char *sql, const char *const *params, size_t n, struct db_result **out,
                    struct err *e);
/* api_admin.<function>(p_<name> => …) inside the caller's transaction. An answer {"ok":false} is ERR_RULE. */
bool db_admin_call(struct db_admin *a, const char *function, const struct db_arg *args, size_t n,
                   struct db_result **out, struct err *e);

/* The verifier that is sent instead of the password itself (SCRAM), so that neither log nor wire holds it. Owner: the
 * caller. NULL on error. */
char *db_admin_encrypt_password(struct db_admin *a, const char *login, const char *password, struct err *e)
    __attribute__((warn_unused_result));
/* Text quoted as an SQL identifier / literal. Owner: the caller. NULL when it is not valid UTF-8. */
char *db_admin_identifier(struct db_admin *a, const char *text) __attribute__((warn_unused_result));
char *db_admin_literal(struct db_admin *a, const char *text) __attribute__((warn_unused_result));

#endif
