/* The parts of this folder that are texts and numbers only: no libpq, no connection, testable by themselves. */
#ifndef GUITAI_DB_TEXT_H
#define GUITAI_DB_TEXT_H

#include "guitai/db/db.h"

/* ---- db_connect.c ---- */

/* SQLSTATE inside a verbose libpq message ("FATAL:  28P01: …") into `code` (6 bytes), or "". */
void db_connect_sqlstate(const char *message, char *code);
/* Milliseconds before attempt number `attempt` (0: first repeat): doubling, capped, spread by `random`. */
int db_connect_backoff_ms(unsigned attempt, unsigned random);

/* ---- db_result.c ---- */

/* An answer {"ok":false, …} as an error: true when it is one. */
bool db_result_refusal(const struct jnode *answer, struct err *e);
/* Kind and sentence for a SQLSTATE. Returns false. */
bool db_result_sqlstate(const char *code, const char *primary, struct err *e);

/* ---- db_statement.c: calls as text ---- */

/* "select * from api.f(p_a => $1)"; *sql: owner the caller. ERR_BUG when a name is no plain identifier. */
bool db_statement_text(const char *schema, const char *function, const struct db_arg *args, size_t n,
                       char **sql, struct err *e);
bool db_statement_name_ok(const char *name);

#endif
