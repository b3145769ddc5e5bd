/* Carries what waits in the outbox to the other halls and brings their answers back, from a loop that it shares.
 *
 * What waits, for how long and what an answer means is the database's business (sql/modules/sync_send.sql): the sender
 * claims batches under a lease, POSTs them and hands every answer over. Killed at any moment it loses nothing: leases
 * run out, and a repeated message gets the same receipt. Never blocks, and holds nothing (no connection, no libcurl)
 * before there is something to send. One thread: the caller's. */
#ifndef GUITAI_SYNC_SENDER_H
#define GUITAI_SYNC_SENDER_H

#include "guitai/base/err.h"
#include "guitai/db/db.h"
#include "guitai/sync/peer.h"
#include "guitai/sync/tls.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define SENDER_MAX_FDS 130 /* its connections to peers, for messages and for questions, and its own to the database */

struct sender;

enum sender_event_kind {
    SENDER_SENT,       /* a batch was answered */
    SENDER_FAILED,     /* a batch was not; its messages wait */
    SENDER_REPORTED,   /* `messages` cases were put into a report */
    SENDER_COMPARED,   /* the ledgers with a peer: `messages` differences */
    SENDER_UNCOMPARED, /* they could not be compared: `words`; tried again by itself */
    SENDER_AWAY,       /* the database cannot be reached; tried again by itself */
    SENDER_BACK
};

/* Strings are borrowed for the time of the call. No personal data: codes, counts and reasons. */
struct sender_event {
    enum sender_event_kind kind;
    const char *peer; /* division code, "" when it is not about one */
    size_t messages, taken, refused, later, other;
    long ms;
    const char *words; /* what is wrong, "" when nothing is */
    bool hopeless;     /* the way the halls are set up it cannot work: a person must look */
};
typedef void sender_event_fn(void *ctx, const struct sender_event *event);

enum sender_mode {
    SENDER_BESIDE,  /* beside a screen: a second connection of its person, opened and closed by need */
    SENDER_SERVICE, /* signs in by the libpq environment, stays, listens, composes the periodic report, compares
                       ledgers at night */
    SENDER_ONCE     /* the same until nothing is due any more; a hall that fails is left alone */
};

/* `tls` is copied, its paths stay borrowed. `heard` may be NULL. Allocates and does nothing else. Owner: the caller. */
struct sender *sender_new(enum sender_mode mode, const struct tls_files *tls, sender_event_fn *heard, void *ctx);
/* Ends at once; what is under way is repeated by whoever claims it after its lease. */
void sender_free(struct sender **s);

/* SENDER_BESIDE: the counts say that `n` messages wait for this person's departments. `person`: his connection, used
 * during this call only. */
void sender_waiting(struct sender *s, const struct db *person, long long n);
/* SENDER_BESIDE: that person leaves. */
void sender_leave(struct sender *s);
/* A question beside the messages: POSTs `body` (of `len` bytes, taken over) to `base` + `path`; needs no connection to the
 * database, and goes on when the messages cannot. `done` is called once from sender_step(), unless the person leaves before.
 * False with `e`: it could not start. */
bool sender_ask(struct sender *s, const char *base, const char *path, char *body, size_t len, peer_done_fn *done, void *ctx,
                struct err *e);
/* Ends in order: nothing more is claimed; sender_finished() when what is under way has been told. */
void sender_stop(struct sender *s);
/* Done for good: stopped, drained (SENDER_ONCE), or `e` says why it cannot go on (ERR_NONE otherwise). */
bool sender_finished(const struct sender *s, struct err *e);

/* For the caller's poll(): fills at most SENDER_MAX_FDS descriptors and lowers *timeout_ms (-1: none yet). */
size_t sender_poll(const struct sender *s, struct pollfd *fds, int *timeout_ms);
/* Goes on with whatever is ready; never blocks. True when the counts should be read again. */
bool sender_step(struct sender *s, const struct pollfd *fds, size_t n);

#endif
