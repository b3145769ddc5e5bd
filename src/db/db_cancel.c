#include "db_private.h"

#include "guitai/base/log.h"
#include "guitai/base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Shared by the loop and the thread; the last one to let go frees it. */
struct db_cancel_job {
    PGcancel *cancel;
    atomic_int owners;
    atomic_bool delivered;
};

static void let_go(struct db_cancel_job *job)
{
    if (atomic_fetch_sub(&job->owners, 1) != 1)
        return;
    pq.PQfreeCancel(job->cancel);
    free(job);
}

static void *deliver(void *arg)
{
    struct db_cancel_job *job = arg;
    char why[256];
    if (!pq.PQcancel(job->cancel, why, sizeof why))
        log_line("cancel request failed: %s", why);
    atomic_store(&job->delivered, true);
    let_go(job);
    return NULL;
}

struct db_cancel_job *db_cancel_start(PGconn *conn)
{
    PGcancel *cancel = pq.PQgetCancel(conn);
    if (!cancel)
        return NULL;
    struct db_cancel_job *job = xcalloc(1, sizeof *job);
    job->cancel = cancel;
    atomic_init(&job->owners, 2);
    atomic_init(&job->delivered, false);

    /* Signals belong to the loop's thread: the new one inherits a full mask. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int rc = pthread_create(&thread, NULL, deliver, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
        pq.PQfreeCancel(cancel);
        free(job);
        return NULL;
    }
    pthread_detach(thread);
    return job;
}

bool db_cancel_reap(struct db_cancel_job **job)
{
    if (!atomic_load(&(*job)->delivered))
        return false;
    db_cancel_abandon(job);
    return true;
}

void db_cancel_abandon(struct db_cancel_job **job)
{
    if (*job)
        let_go(*job);
    *job = NULL;
}
