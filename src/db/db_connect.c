#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_PER_HOST_MS 10000
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 5000

/* Notices (and everything an application could print) must never reach the screen. */
static void notice(void *ctx, const PGresult *r)
{
    (void)ctx;
    const char *code = pq.PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = pq.PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (code && strcmp(code, "00000") != 0)
        log_line("database notice %s: %s", code, text ? text : "");
}

PGconn *db_connect_begin(const struct db_login *login, struct err *e)
{
    /* The idle side of a dead network notices within about 7 s, the sending side within 8 s. */
    static const char *const fixed[][2] = {
        { "client_encoding", "UTF8" },   { "keepalives_idle", "5" },  { "keepalives_interval", "2" },
        { "keepalives_count", "3" },     { "tcp_user_timeout", "8000" },
    };
    const char *keys[16], *values[16];
    size_t n = 0;
    if (!pq_load(e))
        return NULL;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++, n++) {
        keys[n] = fixed[i][0];
        values[n] = fixed[i][1];
    }
    const char *given[][2] = {
        { "application_name", login->application }, { "user", login->user },
        { "password", login->password },            { "dbname", login->database },
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (!given[i][1])
            continue;
        keys[n] = given[i][0];
        values[n++] = given[i][1];
    }
    keys[n] = values[n] = NULL;

    PGconn *conn = pq.PQconnectStartParams(keys, values, 0);
    if (!conn || pq.PQstatus(conn) == CONNECTION_BAD) {
        db_connect_error(conn, e);
        pq.PQfinish(conn);
        return NULL;
    }
    /* Only a verbose message carries the SQLSTATE of a refused sign-in. */
    pq.PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
    pq.PQsetNoticeReceiver(conn, notice, NULL);
    return conn;
}

int db_connect_limit_ms(PGconn *conn)
{
    int hosts = 1, seconds = 0;
    PQconninfoOption *options = pq.PQconninfo(conn);
    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (!o->val)
            continue;
        if (strcmp(o->keyword, "host") == 0)
            for (const char *p = o->val; *p; p++)
                hosts += *p == ',';
        if (strcmp(o->keyword, "connect_timeout") == 0)
            seconds = atoi(o->val);
    }
    pq.PQconninfoFree(options);
    int each = seconds > 0 && seconds < 600 ? seconds * 1000 : LIMIT_PER_HOST_MS;
    return each * (hosts < 10 ? hosts : 10);
}

/* Where ":  28P01" stands in a verbose message (the word before it is translated), or NULL. */
static const char *find_sqlstate(const char *message)
{
    for (const char *p = strstr(message, ":  "); p; p = strstr(p + 1, ":  ")) {
        const char *s = p + 3;
        size_t n = 0;
        while (n < 5 && (isdigit((unsigned char)s[n]) || (s[n] >= 'A' && s[n] <= 'Z')))
            n++;
        if (n == 5 && (s[5] == ':' || s[5] == '\n' || s[5] == '\0'))
            return s;
    }
    return NULL;
}

void db_connect_sqlstate(const char *message, char *code)
{
    const char *found = find_sqlstate(message);
    snprintf(code, 6, "%.5s", found ? found : "");
}

/* What a libpq message says, on one line: the server's sentence, else the last line (several hosts give
 * several; lines that begin with a tab only advise). */
static void reason(const char *message, char *out, size_t size)
{
    const char *found = find_sqlstate(message);
    out[0] = '\0';
    if (found) {
        found += found[5] == ':' ? 7 : 5;
        snprintf(out, size, "%.*s", (int)strcspn(found, "\n"), found);
        return;
    }
    for (const char *p = message; *p;) {
        size_t len = strcspn(p, "\n");
        if (len > 0 && *p != '\t')
            snprintf(out, size, "%.*s", (int)len, p);
        p += len + (p[len] == '\n');
    }
}

bool db_connect_error(PGconn *conn, struct err *e)
{
    const char *message = conn ? pq.PQerrorMessage(conn) : "";
    char code[6], why[320];
    db_connect_sqlstate(message, code);
    reason(message, why, sizeof why);
    if (code[0] == '\0' && conn && pq.PQconnectionNeedsPassword(conn)) {
        err_set(e, ERR_DENIED, _("a password is needed to sign in"));
        return err_hint(e, "%s", _("give it at sign-in, in a password file (PGPASSFILE) or a service file"));
    }
    if (code[0] != '\0' && strncmp(code, "08", 2) != 0) {
        db_result_sqlstate(code, why, e);
        if (strcmp(code, "3D000") == 0) {
            err_set(e, ERR_VERSION, _("the database %s does not exist"), pq.PQdb(conn) ? pq.PQdb(conn) : "");
            snprintf(e->code, sizeof e->code, "%s", code);
            err_hint(e, "%s", _("guitai-admin init-db creates it; PGDATABASE or PGSERVICE names another"));
        }
        return false;
    }
    err_set(e, ERR_OFFLINE, _("the database cannot be reached: %s"), *why ? why : _("no answer"));
    return err_hint(e, "%s", _("check the network and PGHOST, PGPORT or PGSERVICE; nothing typed is lost"));
}

int db_connect_backoff_ms(unsigned attempt, unsigned random)
{
    int ms = BACKOFF_MAX_MS;
    if (attempt < 6)
        ms = BACKOFF_FIRST_MS << attempt;
    if (ms > BACKOFF_MAX_MS)
        ms = BACKOFF_MAX_MS;
    /* Between half and all of it: 200 stations must not come back in the same instant. */
    return ms / 2 + (int)(random % (unsigned)(ms / 2 + 1));
}
