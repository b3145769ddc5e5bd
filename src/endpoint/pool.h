/* A few connections to the database, and who waits for one. Nothing here blocks. */
#ifndef GUITAI_ENDPOINT_POOL_H
#define GUITAI_ENDPOINT_POOL_H

#include "guitai/base/err.h"

#include <poll.h>
#include <stddef.h>

#define POOL_MAX 8

struct job;
/* Exactly one of `answer` (the jsonb as text) and `e` is non-NULL; both are borrowed for the time of the call. */
typedef void job_done(struct job *job, const char *answer, const struct err *e);

/* One call of api_sync.<function>(p_origin => division, p_<argument> => body). The owner keeps it alive until `done`. */
struct job {
    const char *function, *argument, *division, *body;
    bool handoff;       /* or a question: each kind has its share of the connections */
    long long deadline; /* ms; then `done` hears that the database is busy */
    job_done *done;
    struct job *next;   /* private */
};

struct pool;

/* Starts `n` (at most POOL_MAX) connections as the libpq environment says. They are made, lost and made again by
 * themselves, and what becomes of them is in the journal. */
struct pool *pool_new(int n);
void pool_free(struct pool **p);
/* At least one connection is there. */
bool pool_ready(const struct pool *p);
/* Queues `job`; `done` comes from pool_take or pool_give. */
void pool_submit(struct pool *p, struct job *job);
/* Its owner is going away: `done` will not be called. A call that the database has begun goes on; repeating it is safe. */
void pool_withdraw(struct pool *p, struct job *job);

/* For the caller's poll(): fills at most POOL_MAX entries, and says in how many ms the pool wants to run (-1: never). */
size_t pool_poll(const struct pool *p, struct pollfd *fds);
int pool_timeout_ms(const struct pool *p);
/* Answers come in: those of the `n` entries that poll() found ready, and whatever is due by the clock. A connection that
 * has nothing to say is left alone: a request of half a megabyte comes in dozens of pieces, each a turn of the loop. */
void pool_take(struct pool *p, const struct pollfd *fds, size_t n);
/* Queued jobs leave for the database; those whose time is over hear so. */
void pool_give(struct pool *p);

#endif
