/* What the files of the sender share. */
#ifndef GUITAI_SYNC_SENDER_PRIVATE_H
#define GUITAI_SYNC_SENDER_PRIVATE_H

#include "guitai/sync/peer.h"
#include "guitai/sync/sender.h"

#include "verdict.h"

#define BATCH_MOST 100              /* the protocol */
#define ENVELOPE_MAX (2u << 20)     /* the protocol */
#define LEASE_SECONDS "60"          /* well over PEER_LIMIT_MS and the database's own limits */
#define WINDOW 2                    /* batches under way to one peer: one travels while the other is imported */
#define BATCHES_MAX 16              /* under way in all, which bounds the memory */
#define PEERS_MAX 64

/* What is remembered of a peer while the program runs. */
struct route {
    char peer[7];
    int limit;           /* size of the next batch, 1 to BATCH_MOST */
    unsigned failures;   /* in a row */
    unsigned under_way;
    bool more;           /* its last batch was full */
    long long closed_to; /* ms: left alone until then; 0: not */
};

struct batch {
    struct batch *next;
    struct sender *s;
    struct route *route;
    char *ids; /* "{uuid,…}" as the database gave it */
    size_t messages;
    struct verdict verdict;
    long ms;
};

struct sender {
    enum sender_mode mode;
    struct tls_files tls;
    sender_event_fn *heard;
    void *heard_ctx;
    struct db *db;          /* NULL: asleep */
    struct peer_line *line; /* NULL: nothing sent yet */
    struct peer_line *questions; /* what is asked beside the messages has nothing to do with the database; NULL: none */
    long long questions_close_at;
    bool ready;             /* signed in */
    bool away;              /* the database was told to be */
    bool claiming, reporting, reported;
    bool stopping, drained;
    bool changed;           /* the counts should be read again */
    struct err dead;        /* why it cannot go on */
    struct batch *batches;
    size_t under_way;
    struct comparison *comparison; /* of ledgers, under way; NULL: none */
    struct route routes[PEERS_MAX];
    size_t route_count;
    long long waiting;      /* as the counts said last */
    long long claim_at, report_at, compare_at, open_at, wake_at, close_at; /* ms of the monotonic clock; 0: not planned */
    unsigned empty;         /* claims in a row that brought nothing */
    unsigned open_failures;
};

/* ---- sender.c ---- */

long long sender_now(void);
/* `ms`, spread by half both ways: stations must not act in the same instant. */
long long sender_spread(long long ms);
void sender_tell(struct sender *s, const struct sender_event *event);
/* It cannot go on: `e` says why. */
void sender_give_up(struct sender *s, const struct err *e);

/* ---- sender_batch.c: claim, POST, hand over ---- */

void sender_claim(struct sender *s);
/* Forgets batches under way. */
void sender_drop_batches(struct sender *s);

/* ---- sender_ledger.c: the comparison of ledgers ---- */

/* Asks the database whether one is due, and makes it. */
void sender_compare(struct sender *s);
/* Forgets the one under way. */
void sender_drop_comparison(struct sender *s);

#endif
