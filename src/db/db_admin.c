#include "guitai/db/admin.h"

#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct db_admin {
    PGconn *conn;
};

/* Waits for a connection under way, at most as long as its hosts deserve. */
static bool wait_connected(PGconn *conn, struct err *e)
{
    long long end = db_now_ms() + db_connect_limit_ms(conn);
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;
    while (want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED) {
        struct pollfd p = { .fd = pq.PQsocket(conn),
                            .events = want == PGRES_POLLING_WRITING ? POLLOUT : POLLIN };
        long long left = end - db_now_ms();
        if (left <= 0)
            return err_set(e, ERR_OFFLINE, _("the database did not answer in time"));
        if (poll(&p, 1, (int)left) > 0)
            want = pq.PQconnectPoll(conn);
    }
    return want == PGRES_POLLING_OK ? true : db_connect_error(conn, e);
}

struct db_admin *db_admin_open(const char *database, struct err *e)
{
    struct db_login login = { .database = database, .application = "guitai-admin" };
    PGconn *conn = db_connect_begin(&login, e);
    if (!conn)
        return NULL;
    if (!wait_connected(conn, e)) {
        pq.PQfinish(conn);
        return NULL;
    }
    pq.PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
    struct db_admin *a = xcalloc(1, sizeof *a);
    a->conn = conn;
    return a;
}

void db_admin_close(struct db_admin **a)
{
    if (!*a)
        return;
    pq.PQfinish((*a)->conn);
    free(*a);
    *a = NULL;
}

const char *db_admin_database(const struct db_admin *a)
{
    return pq.PQdb(a->conn);
}

char *db_admin_default_database(void)
{
    /* Never connected: only libpq knows how environment, service file and user name combine. */
    PGconn *conn = pq_load(NULL) ? pq.PQconnectStart("") : NULL;
    const char *name = conn ? pq.PQdb(conn) : NULL;
    char *copy = xstrdup(name && *name ? name : "guitai");
    if (conn)
        pq.PQfinish(conn);
    return copy;
}

/* Adds ", line N" for an error that has a position in the text that was sent. */
static void add_line(const PGresult *pg, const char *sql, struct err *e)
{
    const char *position = pq.PQresultErrorField(pg, PG_DIAG_STATEMENT_POSITION);
    const char *context = pq.PQresultErrorField(pg, PG_DIAG_CONTEXT);
    if (!e || e->kind == ERR_RULE)
        return;
    if (position) {
        long at = atol(position), line = 1;
        for (const char *p = sql; *p && at > 1; p++) {
            line += *p == '\n';
            at -= ((unsigned char)*p & 0xC0) != 0x80; /* positions count characters */
        }
        err_hint(e, _("line %ld of the SQL text"), line);
    } else if (context && *context) {
        err_hint(e, "%.*s", (int)strcspn(context, "\n"), context);
    }
}

/* For the administrator the server's own words are worth more than a sentence for clerks. */
static bool failed(const struct db_admin *a, const PGresult *pg, const char *sql, struct err *e)
{
    const char *primary = pq.PQresultErrorField(pg, PG_DIAG_MESSAGE_PRIMARY);
    if (pq.PQstatus(a->conn) == CONNECTION_BAD)
        return err_set(e, ERR_OFFLINE, _("the connection to the database broke"));
    db_result_error(pg, e);
    if (e && e->kind != ERR_RULE && primary && !strstr(e->message, primary))
        err_add(e, primary);
    add_line(pg, sql, e);
    return false;
}

/* Takes `pg` over. */
static bool finish(struct db_admin *a, PGresult *pg, const char *sql, struct db_result **out, struct err *e)
{
    ExecStatusType status = pq.PQresultStatus(pg);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
        failed(a, pg, sql, e);
        pq.PQclear(pg);
        return false;
    }
    struct db_result *r = db_result_new(pg, false, e);
    if (!r)
        return false;
    if (r->doc && db_result_refusal(json_root(r->doc), e)) {
        db_result_free(&r);
        return false;
    }
    if (out)
        *out = r;
    else
        db_result_free(&r);
    return true;
}

bool db_admin_run(struct db_admin *a, const char *sql, struct err *e)
{
    return finish(a, pq.PQexec(a->conn, sql), sql, NULL, e);
}

bool db_admin_query(struct db_admin *a, const char *sql, const char *const *params, size_t n,
                    struct db_result **out, struct err *e)
{
    if (out)
        *out = NULL;
    return finish(a, pq.PQexecParams(a->conn, sql, (int)n, NULL, params, NULL, NULL, 0), sql, out, e);
}

bool db_admin_call(struct db_admin *a, const char *function, const struct db_arg *args, size_t n,
                   struct db_result **out, struct err *e)
{
    const char *values[DB_MAX_ARGS];
    char *sql;
    if (out)
        *out = NULL;
    if (!db_statement_text("api_admin", function, args, n, &sql, e))
        return false;
    for (size_t i = 0; i < n; i++)
        values[i] = args[i].value;
    bool ok = db_admin_query(a, sql, values, n, out, e);
    free(sql);
    return ok;
}

char *db_admin_encrypt_password(struct db_admin *a, const char *login, const char *password, struct err *e)
{
    char *verifier = pq.PQencryptPasswordConn(a->conn, password, login, "scram-sha-256");
    if (!verifier) {
        err_set(e, ERR_BUG, _("the password cannot be prepared: %s"), pq.PQerrorMessage(a->conn));
        return NULL;
    }
    char *own = xstrdup(verifier);
    pq.PQfreemem(verifier);
    return own;
}

static char *quoted(char *text)
{
    char *own = text ? xstrdup(text) : NULL;
    pq.PQfreemem(text);
    return own;
}

char *db_admin_identifier(struct db_admin *a, const char *text)
{
    return quoted(pq.PQescapeIdentifier(a->conn, text, strlen(text)));
}

char *db_admin_literal(struct db_admin *a, const char *text)
{
    return quoted(pq.PQescapeLiteral(a->conn, text, strlen(text)));
}
