/* What a peer's answer to a batch means for the sender (src/sync/README.md, "status"). Pure; private to src/sync. */
#ifndef GUITAI_SYNC_VERDICT_H
#define GUITAI_SYNC_VERDICT_H

#include "guitai/sync/peer.h"

#include <stddef.h>

#define VERDICT_HOUR 3600

enum verdict_kind {
    VERDICT_ANSWERS, /* every message has an answer for the database to look at */
    VERDICT_LATER,   /* away, busy, or nonsense: the whole batch waits */
    VERDICT_SMALLER, /* the same with half of the batch */
    VERDICT_REFUSED  /* as the two halls are set up it cannot work: a person must look, hourly until then */
};

/* Answers by kind. */
struct tally {
    size_t answers, taken, refused, later, other;
};

struct verdict {
    enum verdict_kind kind;
    int retry_after;        /* seconds that the batch waits at least; 0: as the database thinks right */
    char words[PEER_WORDS]; /* what is told to people, "" with answers */
    struct tally tally;
};

/* `messages`: how many were sent; fewer answers than that is nonsense. */
void verdict_of(const struct peer_answer *a, size_t messages, struct verdict *v);
/* How many ids an array of the database ("{uuid,uuid}") holds. */
size_t verdict_count_ids(const char *ids);
/* The next size of a batch after one of `limit` met `kind`: halved, or doubled up to `most`. At least 1. */
int verdict_next_limit(int limit, int most, enum verdict_kind kind);

#endif
