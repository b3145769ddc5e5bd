#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CANCEL_LIMIT_MS 5000 /* a cancelled call that is not ended by then ends with its connection */

long long db_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct db_profile workstation = { .schema = "api", .greeting = "me", .application = "guitai" };

struct db *db_new(void)
{
    struct db *db = xcalloc(1, sizeof *db);
    db->profile = &workstation;
    return db;
}

void db_set_profile(struct db *db, const struct db_profile *profile)
{
    db->profile = profile;
}

static void forget_login(struct db *db)
{
    if (db->password)
        wipe(db->password, strlen(db->password));
    free(db->password);
    free(db->user);
    db->user = db->password = NULL;
}

void db_free(struct db **db)
{
    if (!*db)
        return;
    (*db)->notify = NULL;
    for (struct db_call *call = (*db)->head; call; call = call->next)
        call->done = NULL;
    db_close(*db);
    for (size_t i = 0; i < (*db)->statement_count; i++)
        free((*db)->statements[i].sql);
    free(*db);
    *db = NULL;
}

/* ---- the queue ---- */

struct db_call *db_call_new(const char *schema, const char *function, const struct db_arg *args, size_t n,
                            struct err *e)
{
    char *sql;
    if (!db_statement_text(schema, function, args, n, &sql, e))
        return NULL;
    struct db_call *call = xcalloc(1, sizeof *call);
    call->sql = sql;
    call->count = n;
    call->is_act = strcmp(schema, "api") == 0 && strncmp(function, "case__", 6) == 0 && n > 0 &&
                     strcmp(args[0].name, "request") == 0;
    for (size_t i = 0; i < n; i++)
        call->values[i] = args[i].value ? xstrdup(args[i].value) : NULL;
    return call;
}

void db_call_free(struct db_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        /* a value may be a person's number: it does not stay in freed memory */
        if (call->values[i])
            wipe(call->values[i], strlen(call->values[i]));
        free(call->values[i]);
    }
    free(call->sql);
    free(call);
}

static bool is_own(const struct db_call *call)
{
    return call->kind == CALL_HELLO || call->kind == CALL_LISTEN;
}

void db_push_front(struct db *db, struct db_call *call)
{
    call->next = db->head;
    db->head = call;
    db->pending += !is_own(call);
}

static void push_back(struct db *db, struct db_call *call)
{
    struct db_call **end = &db->head;
    while (*end)
        end = &(*end)->next;
    *end = call;
    db->pending += !is_own(call);
}

void db_finish_head(struct db *db, const struct db_result *r, const struct err *e)
{
    struct db_call *call = db->head;
    db->head = call->next;
    db->pending -= !is_own(call);
    if (call->done)
        call->done(call->ctx, r, e);
    db_call_free(call);
}

void db_fail_all(struct db *db, const struct err *e)
{
    struct err why = *e; /* the caller's may be overwritten by what a callback does */
    db_drop_connection(db);
    db->phase = PHASE_NONE;
    db->state = DB_CLOSED;
    /* A callback may open again and queue: only what is here now is told. */
    struct db_call *call = db->head;
    db->head = NULL;
    db->pending = 0;
    while (call) {
        struct db_call *next = call->next;
        if (call->done && !is_own(call))
            call->done(call->ctx, NULL, &why);
        db_call_free(call);
        call = next;
    }
}

struct db_statement *db_statement_of(struct db *db, const char *sql)
{
    for (size_t i = 0; i < db->statement_count; i++)
        if (strcmp(db->statements[i].sql, sql) == 0)
            return &db->statements[i];
    if (db->statement_count == DB_MAX_STATEMENTS)
        return NULL;
    struct db_statement *s = &db->statements[db->statement_count++];
    s->sql = xstrdup(sql);
    s->name[0] = '\0';
    return s;
}

static bool enqueue(struct db *db, const char *schema, const char *function, const struct db_arg *args,
                    size_t n, enum db_call_kind kind, db_answer_fn *done, void *ctx, struct err *e)
{
    if (db->state == DB_CLOSED)
        return err_set(e, ERR_OFFLINE, _("nobody is signed in"));
    struct db_call *call = db_call_new(schema, function, args, n, e);
    if (!call)
        return false;
    call->kind = kind;
    call->done = done;
    call->ctx = ctx;
    push_back(db, call);
    return true;
}

bool db_call(struct db *db, const char *function, const struct db_arg *args, size_t n, db_answer_fn *done,
             void *ctx, struct err *e)
{
    return enqueue(db, db->profile->schema, function, args, n, CALL_FUNCTION, done, ctx, e);
}

bool db_warm(struct db *db, const char *function, const char *const *names, size_t n, struct err *e)
{
    struct db_arg args[DB_MAX_ARGS];
    for (size_t i = 0; i < n && i < DB_MAX_ARGS; i++)
        args[i] = (struct db_arg){ names[i], NULL };
    return enqueue(db, db->profile->schema, function, args, n, CALL_WARM, NULL, NULL, e);
}

/* ---- opening and closing ---- */

bool db_open(struct db *db, const char *user, const char *password, db_answer_fn *done, void *ctx,
             struct err *e)
{
    db_close(db);
    db->user = user && *user ? xstrdup(user) : NULL;
    db->password = password ? xstrdup(password) : NULL;
    db->attempts = 0;
    if (!db_begin(db, e)) {
        forget_login(db);
        return false;
    }
    db->state = DB_CONNECTING;
    db->opened = done;
    db->opened_ctx = ctx;
    return true;
}

bool db_open_as(struct db *db, const struct db *person, db_answer_fn *done, void *ctx, struct err *e)
{
    if (person->state == DB_CLOSED)
        return err_set(e, ERR_OFFLINE, _("nobody is signed in"));
    return db_open(db, person->user, person->password, done, ctx, e);
}

void db_close(struct db *db)
{
    struct err e;
    err_set(&e, ERR_CONFLICT, _("cancelled"));
    db->opened = NULL;
    db_fail_all(db, &e);
    forget_login(db);
    json_free(&db->me);
}

enum db_state db_state(const struct db *db)
{
    return db->state;
}

const struct jnode *db_me(const struct db *db)
{
    return db->me ? json_root(db->me) : NULL;
}

size_t db_pending(const struct db *db)
{
    return db->pending;
}

/* Tells and removes every call after `*from`. */
static void cancel_list(struct db *db, struct db_call **from)
{
    struct err e;
    err_set(&e, ERR_CONFLICT, _("cancelled"));
    struct db_call *dropped = NULL, **end = &dropped;
    while (*from) {
        struct db_call *call = *from;
        if (is_own(call)) {
            from = &call->next;
            continue;
        }
        *from = call->next;
        call->next = NULL;
        *end = call;
        end = &call->next;
        db->pending--;
    }
    while (dropped) {
        struct db_call *call = dropped;
        dropped = call->next;
        if (call->done)
            call->done(call->ctx, NULL, &e);
        db_call_free(call);
    }
}

void db_cancel(struct db *db)
{
    if (!db->head)
        return;
    if (!db_call_under_way(db)) {
        cancel_list(db, &db->head);
        return;
    }
    if (!is_own(db->head) && !db->head->cancelled) {
        db->head->cancelled = true;
        db->deadline = db_now_ms() + CANCEL_LIMIT_MS;
        if (!db->cancel)
            db->cancel = db_cancel_start(db->conn);
    }
    cancel_list(db, &db->head->next);
}

void db_forget(struct db *db, const void *ctx)
{
    for (struct db_call *call = db->head; call; call = call->next)
        if (call->ctx == ctx)
            call->done = NULL;
    if (db->opened_ctx == ctx)
        db->opened = NULL;
    if (db->notify_ctx == ctx)
        db->notify = NULL;
}

void db_listen(struct db *db, db_notify_fn *fn, void *ctx)
{
    bool first = !db->notify;
    db->notify = fn;
    db->notify_ctx = ctx;
    if (!first || !fn || db->state != DB_READY)
        return; /* a connection that is being made listens by itself */
    struct db_call *call = xcalloc(1, sizeof *call);
    call->kind = CALL_LISTEN;
    call->sql = xstrdup("listen guitai");
    push_back(db, call);
}
