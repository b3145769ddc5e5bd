/* What the files of this folder share. Nobody else includes it, and nobody else sees libpq. */
#ifndef GUITAI_DB_PRIVATE_H
#define GUITAI_DB_PRIVATE_H

#include "guitai/db/db.h"

#include "db_text.h"

#include "pq.h"

/* ---- db_connect.c: from the environment to a usable connection ---- */

struct db_login {
    const char *user;        /* NULL: libpq's default */
    const char *password;    /* NULL: passfile or service */
    const char *database;    /* NULL: libpq's default */
    const char *application; /* as pg_stat_activity shows it */
};

/* Starts a connection without waiting. Owner: the caller. NULL with `e` when it could not even start. */
PGconn *db_connect_begin(const struct db_login *login, struct err *e);
/* How long the whole attempt may take: libpq's own limit does not hold for asynchronous connections. */
int db_connect_limit_ms(PGconn *conn);
/* Turns the failure of a connection into a sentence. `conn` may be NULL. Returns false. */
bool db_connect_error(PGconn *conn, struct err *e);

/* ---- db_result.c: answers and refusals ---- */

struct db_result {
    PGresult *pg;
    struct json *doc; /* the one jsonb of a function that returns one */
};

/* Takes `pg` over; `text`: a jsonb is left unparsed. NULL with `e` when the answer cannot be read. */
struct db_result *db_result_new(PGresult *pg, bool text, struct err *e);
/* Moves the contents into a result of its own; `r` is empty afterwards. */
struct db_result *db_result_steal(struct db_result *r);
/* A failed statement as an error. Returns false. */
bool db_result_error(const PGresult *pg, struct err *e);

/* ---- db_cancel.c ---- */

struct db_cancel_job;
/* Asks the server in a thread of its own, since libpq's cancel waits for the network. NULL when it cannot. */
struct db_cancel_job *db_cancel_start(PGconn *conn);
/* True, and *job gone, when the request has been delivered (or has failed). */
bool db_cancel_reap(struct db_cancel_job **job);
/* Leaves the job to itself. */
void db_cancel_abandon(struct db_cancel_job **job);

/* ---- db.c: the queue ---- */

enum db_call_kind {
    CALL_FUNCTION,
    CALL_HELLO,  /* api.me(): schema version, and that the person may work here */
    CALL_LISTEN,
    CALL_WARM    /* prepares the statement and runs nothing */
};

struct db_call {
    struct db_call *next;
    enum db_call_kind kind;
    char *sql;
    char *values[DB_MAX_ARGS];
    size_t count;
    db_answer_fn *done;
    void *ctx;
    unsigned repeats; /* how often a broken connection made us send it again */
    bool is_act;      /* on a case: api.case__after() rides behind it and adds to its answer */
    bool cancelled;
    bool replanned;   /* its prepared plan was refused once and has been made anew */
};

#define DB_MAX_STATEMENTS 128

struct db_statement {
    char *sql;
    char name[16]; /* on the server; "" before it is prepared there */
};

enum db_phase {
    PHASE_NONE,
    PHASE_CONNECT, /* PQconnectPoll until `deadline` */
    PHASE_WAIT,    /* for `deadline`, then connect again */
    PHASE_IDLE,    /* from here on there is a connection that has been greeted */
    PHASE_BUSY,    /* the call at the head of the queue is under way */
    PHASE_AFTER    /* it has been answered; what rides behind it has not */
};

struct db {
    const struct db_profile *profile;
    PGconn *conn;
    enum db_phase phase;
    enum db_state state;
    PostgresPollingStatusType polling;
    long long deadline;
    unsigned attempts; /* failed ones since the connection was lost */
    char *user, *password;
    db_answer_fn *opened;
    void *opened_ctx;
    struct json *me;
    struct db_call *head;
    size_t pending;    /* calls of the caller, without our own hello and listen */
    struct db_statement statements[DB_MAX_STATEMENTS];
    size_t statement_count;
    unsigned serial;   /* of statement names */
    struct db_statement *preparing;
    struct db_result *answer; /* of the call under way, until its sync point */
    struct err failure;
    bool failed;
    struct db_cancel_job *cancel;
    db_notify_fn *notify;
    void *notify_ctx;
};

/* A call with its text and values copied. NULL with `e`. */
struct db_call *db_call_new(const char *schema, const char *function, const struct db_arg *args, size_t n,
                            struct err *e);
void db_call_free(struct db_call *call);
void db_push_front(struct db *db, struct db_call *call);
/* Takes the head off and tells its owner; exactly one of `r` and `e`. */
void db_finish_head(struct db *db, const struct db_result *r, const struct err *e);
/* Ends everything for good: every owner hears `e`. */
void db_fail_all(struct db *db, const struct err *e);
/* The remembered statement of this text, entered when new; NULL when the table is full. */
struct db_statement *db_statement_of(struct db *db, const char *sql);
long long db_now_ms(void);

/* ---- db_step.c ---- */

/* The head of the queue has been sent and not been answered in full. */
bool db_call_under_way(const struct db *db);

/* Begins a connection with what db_open remembered. */
bool db_begin(struct db *db, struct err *e);
/* Lets the connection go without a word to anybody. */
void db_drop_connection(struct db *db);

#endif
