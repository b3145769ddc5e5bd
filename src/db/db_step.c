#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/xalloc.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define MAX_REPEATS 8          /* a call that breaks the connection so often is given up */
#define CANCEL_POLL_MS 10
#define AFTER_SQL "select api.case__after($1)"

void db_drop_connection(struct db *db)
{
    if (db->conn)
        pq.PQfinish(db->conn);
    db->conn = NULL;
    db_cancel_abandon(&db->cancel);
    for (size_t i = 0; i < db->statement_count; i++)
        db->statements[i].name[0] = '\0';
    db->preparing = NULL;
    db_result_free(&db->answer);
    db->failed = false;
}

bool db_begin(struct db *db, struct err *e)
{
    struct db_login login = { .user = db->user,
                              .password = db->password,
                              .application = db->profile->application };
    db->conn = db_connect_begin(&login, e);
    if (!db->conn)
        return false;
    db->phase = PHASE_CONNECT;
    db->polling = PGRES_POLLING_WRITING;
    db->deadline = db_now_ms() + db_connect_limit_ms(db->conn);
    return true;
}

/* ---- what the caller's poll() wants to know ---- */

int db_fd(const struct db *db)
{
    return db->conn ? pq.PQsocket(db->conn) : -1;
}

short db_events(const struct db *db)
{
    if (!db->conn)
        return 0;
    if (db->phase == PHASE_CONNECT)
        return db->polling == PGRES_POLLING_WRITING ? POLLOUT : POLLIN;
    return db->phase >= PHASE_BUSY && pq.PQflush(db->conn) == 1 ? POLLIN | POLLOUT : POLLIN;
}

bool db_call_under_way(const struct db *db)
{
    return db->phase == PHASE_BUSY || db->phase == PHASE_AFTER;
}

static bool call_cancelled(const struct db *db)
{
    return db_call_under_way(db) && db->head->cancelled;
}

int db_timeout_ms(const struct db *db)
{
    if (db->phase == PHASE_CONNECT || db->phase == PHASE_WAIT || call_cancelled(db)) {
        long long left = db->deadline - db_now_ms();
        return left > 0 ? (int)left : 0;
    }
    if (db->phase == PHASE_IDLE && db->cancel)
        return CANCEL_POLL_MS;
    return db->phase == PHASE_IDLE && db->head ? 0 : -1;
}

/* ---- losing and finding ---- */

static unsigned random_number(void)
{
    unsigned n = 0;
    (void)!getrandom(&n, sizeof n, 0); /* only spreads the back-off: 0 does as well */
    return n;
}

/* Our own calls belong to one connection; the caller's stay and are repeated. */
static void drop_own_calls(struct db *db)
{
    for (struct db_call **p = &db->head; *p;) {
        struct db_call *call = *p;
        if (call->kind == CALL_FUNCTION) {
            p = &call->next;
            continue;
        }
        *p = call->next;
        db->pending -= call->kind == CALL_WARM;
        db_call_free(call);
    }
}

static void tell_opened(struct db *db, const struct db_result *r, const struct err *e)
{
    db_answer_fn *opened = db->opened;
    db->opened = NULL;
    if (opened)
        opened(db->opened_ctx, r, e);
}

/* The end of a sign-in, or of a person's right to one: nothing is tried again. */
static void give_up(struct db *db, const struct err *e)
{
    struct err why = *e;
    db_fail_all(db, &why);
    tell_opened(db, NULL, &why);
}

static void wait_and_retry(struct db *db)
{
    db->phase = PHASE_WAIT;
    db->deadline = db_now_ms() + db_connect_backoff_ms(db->attempts, random_number());
    db->attempts++;
}

static void lost(struct db *db, const struct err *e)
{
    struct err why = *e;
    log_line("database connection failed: %s", why.code[0] ? why.code : "no answer");
    struct db_call *under_way = db_call_under_way(db) && db->head->kind == CALL_FUNCTION ? db->head : NULL;
    db_drop_connection(db);
    db->phase = PHASE_NONE;
    if (db->state == DB_CONNECTING || why.kind == ERR_DENIED || why.kind == ERR_VERSION) {
        give_up(db, &why);
        return;
    }
    db->state = DB_LOST;
    drop_own_calls(db);
    wait_and_retry(db);
    if (under_way && under_way->cancelled)
        err_set(&why, ERR_CONFLICT, _("cancelled"));
    else if (!under_way || ++under_way->repeats <= MAX_REPEATS)
        return;
    db_finish_head(db, NULL, &why);
}

static void broke(struct db *db)
{
    struct err e;
    err_set(&e, ERR_OFFLINE, _("the connection to the database broke"));
    lost(db, &e);
}

/* ---- signing in ---- */

static bool same_version(const struct db_result *r, struct err *e)
{
    const struct json *doc = db_json(r);
    long long version = doc ? jn_int(json_root(doc), "schema_version", 0) : 0;
    if (version == DB_SCHEMA_VERSION)
        return true;
    err_set(e, ERR_VERSION, _("the database has version %lld, this program works with version %d"), version,
            DB_SCHEMA_VERSION);
    return err_hint(e, "%s", version < DB_SCHEMA_VERSION
                                 ? _("the administrator brings it up to date with guitai-admin init-db")
                                 : _("install the newer program on this station"));
}

static void hello_done(void *ctx, const struct db_result *r, const struct err *e)
{
    struct db *db = ctx;
    struct err why;
    if (e && db->state == DB_LOST && (e->kind == ERR_OFFLINE || e->kind == ERR_CONFLICT)) {
        lost(db, e); /* it may well answer next time */
    } else if (e) {
        why = *e;
        if (why.kind == ERR_RULE)
            why.kind = ERR_DENIED; /* a login without an office today */
        give_up(db, &why);
    } else if (!same_version(r, &why)) {
        give_up(db, &why);
    } else {
        bool again = db->state == DB_LOST;
        db->state = DB_READY;
        db->attempts = 0;
        json_free(&db->me);
        db->me = json_clone(json_root(db_json(r)));
        tell_opened(db, r, NULL);
        /* What was announced while we were away is gone: the listener reads anew. */
        if (again && db->notify)
            db->notify(db->notify_ctx, "");
    }
}

static void greet(struct db *db)
{
    db->phase = PHASE_IDLE;
    pq.PQsetErrorVerbosity(db->conn, PQERRORS_DEFAULT);
    if (pq.PQsetnonblocking(db->conn, 1) != 0 || !pq.PQenterPipelineMode(db->conn)) {
        broke(db);
        return;
    }
    if (db->notify) {
        struct db_call *listen = xcalloc(1, sizeof *listen);
        listen->kind = CALL_LISTEN;
        listen->sql = xstrdup("listen guitai");
        db_push_front(db, listen);
    }
    struct db_call *hello = xcalloc(1, sizeof *hello);
    hello->kind = CALL_HELLO;
    hello->sql = xasprintf("select * from %s.%s()", db->profile->schema, db->profile->greeting);
    hello->done = hello_done;
    hello->ctx = db;
    db_push_front(db, hello);
}

/* libpq wants to be called only when the socket is ready as it asked. */
static bool socket_ready(const struct db *db)
{
    struct pollfd p = { .fd = pq.PQsocket(db->conn), .events = db_events(db) };
    return p.fd >= 0 && poll(&p, 1, 0) > 0;
}

static void connect_step(struct db *db)
{
    struct err e;
    if (db_now_ms() >= db->deadline) {
        err_set(&e, ERR_OFFLINE, _("the database did not answer in time"));
        err_hint(&e, "%s", _("check the network and PGHOST, PGPORT or PGSERVICE; nothing typed is lost"));
        lost(db, &e);
        return;
    }
    if (!socket_ready(db))
        return;
    db->polling = pq.PQconnectPoll(db->conn);
    if (db->polling == PGRES_POLLING_FAILED) {
        db_connect_error(db->conn, &e);
        lost(db, &e);
    } else if (db->polling == PGRES_POLLING_OK) {
        greet(db);
    }
}

static void wait_step(struct db *db)
{
    struct err e;
    if (db_now_ms() < db->deadline)
        return;
    if (!db_begin(db, &e))
        wait_and_retry(db);
}

/* ---- calls ---- */

/* Under a name of its own on this connection. */
static bool send_prepare(struct db *db, struct db_statement *s, int n)
{
    snprintf(s->name, sizeof s->name, "g%u", ++db->serial);
    return pq.PQsendPrepare(db->conn, s->name, s->sql, n, NULL);
}

/* Prepares on the way when this connection has not seen the statement: one round trip all the same. */
static bool send_statement(struct db *db, struct db_call *call)
{
    const char *const *values = (const char *const *)call->values;
    int n = (int)call->count;
    struct db_statement *s = call->kind == CALL_LISTEN ? NULL : db_statement_of(db, call->sql);
    if (!s)
        return pq.PQsendQueryParams(db->conn, call->sql, n, NULL, values, NULL, NULL, 0);
    if (s->name[0] == '\0') {
        if (!send_prepare(db, s, n))
            return false;
        db->preparing = s;
    }
    return call->kind == CALL_WARM || pq.PQsendQueryPrepared(db->conn, s->name, n, values, NULL, NULL, 0);
}

/* What follows an act is a transaction of its own in the same packet: telling other desks holds a lock of the whole
 * server through the commit, and what is printed need not delay the act. After a refusal it finds nothing to do. */
static bool send_after(struct db *db, const struct db_call *call)
{
    const char *request[] = { call->values[0] };
    struct db_statement *s = db_statement_of(db, AFTER_SQL);
    if (!s)
        return pq.PQsendQueryParams(db->conn, AFTER_SQL, 1, NULL, request, NULL, NULL, 0) && pq.PQpipelineSync(db->conn);
    return (s->name[0] != '\0' || send_prepare(db, s, 1)) &&
           pq.PQsendQueryPrepared(db->conn, s->name, 1, request, NULL, NULL, 0) && pq.PQpipelineSync(db->conn);
}

static bool send_call(struct db *db, struct db_call *call)
{
    return send_statement(db, call) && pq.PQpipelineSync(db->conn) &&
           (!call->is_act || send_after(db, call));
}

static void start_next(struct db *db)
{
    db_result_free(&db->answer);
    db->failed = false;
    db->preparing = NULL;
    db->phase = PHASE_BUSY;
    if (!send_call(db, db->head) || pq.PQflush(db->conn) < 0)
        broke(db);
}

static void keep_failure(struct db *db, const PGresult *pg)
{
    if (db->failed)
        return;
    db->failed = true;
    db_result_error(pg, &db->failure);
    log_line("call failed with %s", db->failure.code[0] ? db->failure.code : "?");
    /* The statement that failed may be the preparation itself: it is made anew next time. */
    if (db->preparing)
        db->preparing->name[0] = '\0';
}

/* Takes `pg` over. */
static void keep_result(struct db *db, PGresult *pg)
{
    switch (pq.PQresultStatus(pg)) {
    case PGRES_TUPLES_OK:
        db->preparing = NULL;
        db_result_free(&db->answer);
        db->answer = db_result_new(pg, db->profile->text && db->head->kind != CALL_HELLO, &db->failure);
        db->failed = db->failed || !db->answer;
        return;
    case PGRES_COMMAND_OK: /* prepared, or listening */
        db->preparing = NULL;
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        keep_failure(db, pg);
    }
    pq.PQclear(pg);
}

/* It is prepared anew next time; false: it never was. */
static bool forget_statement(struct db *db, const char *sql)
{
    struct db_statement *s = db_statement_of(db, sql);
    if (s)
        s->name[0] = '\0';
    return s != NULL;
}

/* A reloaded function changes its plan or loses its statement: prepare it again, once. */
static bool wants_replan(struct db *db)
{
    struct db_call *call = db->head;
    if (!db->failed || call->replanned ||
        (strcmp(db->failure.code, "0A000") != 0 && strcmp(db->failure.code, "26000") != 0))
        return false;
    call->replanned = true;
    return forget_statement(db, call->sql);
}

/* What the call under way comes to: a result, or NULL with `e`. A statement without rows gives an empty
 * result. */
static struct db_result *outcome(struct db *db, struct err *e)
{
    struct db_result *r = db->answer, none = { 0 };
    db->answer = NULL;
    if (db->failed) {
        *e = db->failure;
        if (db->head->cancelled && strcmp(e->code, "57014") == 0)
            err_set(e, ERR_CONFLICT, _("cancelled"));
        db_result_free(&r);
    } else if (!r) {
        r = db_result_steal(&none);
    } else if (r->doc && db_result_refusal(json_root(r->doc), e)) {
        db_result_free(&r);
    }
    return r;
}

static void finish_call(struct db *db)
{
    db->phase = PHASE_IDLE;
    if (wants_replan(db))
        return;
    struct err e;
    struct db_result *r = outcome(db, &e);
    db_finish_head(db, r, r ? NULL : &e);
    db_result_free(&r);
}

/* Adds what api.case__after() answered to the answer of the act, which stands whatever becomes of this. Takes `pg`
 * over. */
static void keep_after(struct db *db, PGresult *pg)
{
    struct err e;
    struct db_result *after = NULL;
    switch (pq.PQresultStatus(pg)) {
    case PGRES_TUPLES_OK:
        after = db_result_new(pg, false, &e);
        break;
    case PGRES_COMMAND_OK: /* prepared */
    case PGRES_PIPELINE_ABORTED:
        pq.PQclear(pg);
        break;
    default:
        db_result_error(pg, &e);
        log_line("api.case__after failed with %s", e.code[0] ? e.code : "?");
        forget_statement(db, AFTER_SQL);
        pq.PQclear(pg);
    }
    if (after && after->doc && db->answer && db->answer->doc)
        for (const struct jnode *n = jn_first(json_root(after->doc)); n; n = jn_next(n))
            jn_set_copy(json_edit(db->answer->doc), jn_key(n), n);
    db_result_free(&after);
}

/* One result of the stream; takes `pg` over. */
static void take(struct db *db, PGresult *pg)
{
    if (pq.PQresultStatus(pg) != PGRES_PIPELINE_SYNC) {
        if (db->phase == PHASE_BUSY)
            keep_result(db, pg);
        else
            keep_after(db, pg);
        return;
    }
    pq.PQclear(pg);
    if (db->phase == PHASE_BUSY && db->head->is_act)
        db->phase = PHASE_AFTER;
    else
        finish_call(db);
}

static void tell_notifications(struct db *db)
{
    PGnotify *n;
    while (db->conn && (n = pq.PQnotifies(db->conn)) != NULL) {
        if (db->notify)
            db->notify(db->notify_ctx, n->extra);
        pq.PQfreemem(n);
    }
}

static void read_step(struct db *db)
{
    if (!pq.PQconsumeInput(db->conn) || pq.PQflush(db->conn) < 0 || pq.PQstatus(db->conn) == CONNECTION_BAD) {
        broke(db);
        return;
    }
    while (db->phase >= PHASE_BUSY && !pq.PQisBusy(db->conn)) {
        PGresult *pg = pq.PQgetResult(db->conn);
        if (pq.PQstatus(db->conn) == CONNECTION_BAD) {
            pq.PQclear(pg);
            broke(db);
            return;
        }
        if (!pg)
            continue; /* end of one statement's results; the sync point comes */
        take(db, pg);
    }
    tell_notifications(db);
}

void db_step(struct db *db)
{
    if (db->phase == PHASE_WAIT)
        wait_step(db);
    if (db->phase == PHASE_CONNECT)
        connect_step(db);
    if (db->phase >= PHASE_IDLE)
        read_step(db);
    if (call_cancelled(db) && db_now_ms() >= db->deadline)
        broke(db);
    /* A late cancel request would hit the next statement: it is waited for. */
    if (db->phase == PHASE_IDLE && db->cancel && !db_cancel_reap(&db->cancel))
        return;
    if (db->phase == PHASE_IDLE && db->head)
        start_next(db);
}
