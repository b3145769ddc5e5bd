#include "pool.h"

#include "clock.h"
#include "journal.h"

#include "guitai/base/xalloc.h"
#include "guitai/db/db.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_MS 250
#define RETRY_MAX_MS 5000
#define BESIDE_MOST 2 /* hand-offs of one division at once: a sender has no more under way */

struct slot {
    struct pool *pool;
    struct db *db;
    struct job *job;    /* NULL while idle, or when its owner has gone away */
    bool busy;
    const char *function;
    char division[7];   /* of the call under way */
    bool handoff;
    long long retry_at; /* when a sign-in that failed is tried again */
    unsigned failures;
};

struct pool {
    struct slot slots[POOL_MAX];
    int count;
    struct job *head;
    struct err why; /* the last failure of a sign-in */
    bool was_ready, told;
};

static const struct db_profile profile = { .schema = "api_sync",
                                           .greeting = "hello",
                                           .application = "guitai-endpoint",
                                           .text = true };

struct pool *pool_new(int n)
{
    struct pool *p = xcalloc(1, sizeof *p);
    p->count = n;
    for (int i = 0; i < n; i++) {
        p->slots[i] = (struct slot){ .pool = p, .db = db_new() };
        db_set_profile(p->slots[i].db, &profile);
    }
    return p;
}

void pool_free(struct pool **p)
{
    if (!*p)
        return;
    for (int i = 0; i < (*p)->count; i++)
        db_free(&(*p)->slots[i].db);
    free(*p);
    *p = NULL;
}

bool pool_ready(const struct pool *p)
{
    for (int i = 0; i < p->count; i++)
        if (db_state(p->slots[i].db) == DB_READY)
            return true;
    return false;
}

/* ---- signing in ---- */

static void failed(struct slot *s, const struct err *e)
{
    int ms = s->failures < 5 ? RETRY_FIRST_MS << s->failures : RETRY_MAX_MS;
    s->failures++;
    s->retry_at = clock_ms() + ms;
    s->pool->why = *e;
}

static void opened(void *ctx, const struct db_result *r, const struct err *e)
{
    struct slot *s = ctx;
    (void)r;
    if (e)
        failed(s, e);
    else
        s->failures = 0;
}

static void open_slot(struct slot *s)
{
    struct err e;
    if (!db_open(s->db, NULL, NULL, opened, s, &e))
        failed(s, &e);
}

/* ---- jobs ---- */

void pool_submit(struct pool *p, struct job *job)
{
    struct job **end = &p->head;
    while (*end)
        end = &(*end)->next;
    job->next = NULL;
    *end = job;
}

void pool_withdraw(struct pool *p, struct job *job)
{
    for (struct job **at = &p->head; *at; at = &(*at)->next)
        if (*at == job) {
            *at = job->next;
            return;
        }
    for (int i = 0; i < p->count; i++)
        if (p->slots[i].job == job)
            p->slots[i].job = NULL;
}

static void answered(void *ctx, const struct db_result *r, const struct err *e)
{
    struct slot *s = ctx;
    struct job *job = s->job;
    struct err empty;
    const char *text = r ? db_value(r, 0, s->function) : NULL;
    s->job = NULL;
    s->busy = false;
    if (!e && !text) {
        err_set(&empty, ERR_BUG, "no answer");
        e = &empty;
    }
    if (job)
        job->done(job, e ? NULL : text, e);
}

/* How many hand-offs, or questions, of a division are under way. */
static int under_way(const struct pool *p, const char *division, bool handoffs)
{
    int n = 0;
    for (int i = 0; i < p->count; i++)
        n += p->slots[i].busy && p->slots[i].handoff == handoffs && strcmp(p->slots[i].division, division) == 0;
    return n;
}

/* A question is answered beside hand-offs that wait, but one of a division at a time: however long the ledgers take that it
 * asks for, of four connections one is left to everybody else. */
static bool may_go(const struct pool *p, const struct job *job, int beside)
{
    return under_way(p, job->division, job->handoff) <= (job->handoff ? beside : 0);
}

/* The first job that may go, when a division has at most `beside` hand-offs under way. */
static struct job *take_job(struct pool *p, int beside)
{
    for (struct job **at = &p->head; *at; at = &(*at)->next)
        if (may_go(p, *at, beside)) {
            struct job *job = *at;
            *at = job->next;
            return job;
        }
    return NULL;
}

static int idle(const struct pool *p)
{
    int n = 0;
    for (int i = 0; i < p->count; i++)
        n += !p->slots[i].busy && db_state(p->slots[i].db) == DB_READY;
    return n;
}

/* A division gets a second connection for hand-offs only when nobody else waits for it, and never the last one: its
 * hand-offs may have to wait, and others shall not. */
static struct job *next_job(struct pool *p)
{
    struct job *job = take_job(p, 0);
    for (int beside = 1; !job && beside < BESIDE_MOST && idle(p) > 1; beside++)
        job = take_job(p, beside);
    return job;
}

static void give(struct slot *s, struct job *job)
{
    struct err e;
    const struct db_arg args[] = { { "origin", job->division }, { job->argument, job->body } };
    s->job = job;
    s->busy = true;
    s->function = job->function;
    strcpy(s->division, job->division);
    s->handoff = job->handoff;
    if (!db_call(s->db, job->function, args, 2, answered, s, &e))
        answered(s, NULL, &e);
}

/* Jobs whose time is over hear so; the connection of one that is under way stays busy until the server has ended it. */
static void expire(struct pool *p, long long now)
{
    struct err e;
    err_set(&e, ERR_CONFLICT, "too late");
    for (struct job **at = &p->head; *at;) {
        struct job *job = *at;
        if (job->deadline > now) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        job->done(job, NULL, &e);
    }
    for (int i = 0; i < p->count; i++) {
        struct job *job = p->slots[i].job;
        if (!job || job->deadline > now)
            continue;
        p->slots[i].job = NULL;
        job->done(job, NULL, &e);
    }
}

/* ---- the loop ---- */

size_t pool_poll(const struct pool *p, struct pollfd *fds)
{
    size_t n = 0;
    for (int i = 0; i < p->count; i++) {
        int fd = db_fd(p->slots[i].db);
        if (fd >= 0)
            fds[n++] = (struct pollfd){ .fd = fd, .events = db_events(p->slots[i].db) };
    }
    return n;
}

static int sooner(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int pool_timeout_ms(const struct pool *p)
{
    int ms = -1;
    long long now = clock_ms();
    for (int i = 0; i < p->count; i++) {
        const struct slot *s = &p->slots[i];
        if (db_state(s->db) == DB_CLOSED)
            ms = sooner(ms, s->retry_at > now ? (int)(s->retry_at - now) : 0);
        else
            ms = sooner(ms, db_timeout_ms(s->db));
    }
    return ms;
}

static void tell(struct pool *p)
{
    bool ready = pool_ready(p);
    bool known = ready || p->was_ready || p->why.kind != ERR_NONE;
    if (!known || (p->told && ready == p->was_ready))
        return;
    journal_event(ready ? "database" : "database_away", ready ? NULL : p->why.message, -1);
    p->told = true;
    p->was_ready = ready;
    err_reset(&p->why);
}

static bool is_ready(const struct slot *s, const struct pollfd *fds, size_t n)
{
    int fd = db_fd(s->db);
    for (size_t i = 0; fd >= 0 && i < n; i++)
        if (fds[i].fd == fd)
            return fds[i].revents != 0;
    return false;
}

void pool_take(struct pool *p, const struct pollfd *fds, size_t n)
{
    long long now = clock_ms();
    for (int i = 0; i < p->count; i++) {
        struct slot *s = &p->slots[i];
        if (db_state(s->db) == DB_CLOSED && now >= s->retry_at)
            open_slot(s);
        else if (is_ready(s, fds, n) || db_timeout_ms(s->db) == 0)
            db_step(s->db);
    }
    tell(p);
}

void pool_give(struct pool *p)
{
    for (int i = 0; i < p->count; i++) {
        struct slot *s = &p->slots[i];
        struct job *job = !s->busy && db_state(s->db) == DB_READY ? next_job(p) : NULL;
        if (!job)
            continue;
        give(s, job);
        db_step(s->db); /* sends it now, not after another poll() */
    }
    expire(p, clock_ms());
}
