/* The log: one JSON object a line on standard error, for journald. No personal data, never a body. */
#ifndef GUITAI_ENDPOINT_JOURNAL_H
#define GUITAI_ENDPOINT_JOURNAL_H

#include "reason.h"

#include <stddef.h>

/* What the log tells of a request. */
struct journal_entry {
    const char *address;  /* "handoff", … or NULL when there was none that we know */
    const char *division; /* or "" before it is known */
    int status;           /* 0: the connection ended before an answer */
    enum reason reason;
    int messages;
    size_t bytes;         /* of its body */
    long long ms;
    const char *code;     /* SQLSTATE, or "" */
};

/* A request that came to an end. A refusal is counted by its reason, and a flood of one kind is told once a second only
 * (the counters go on). */
void journal_request(const struct journal_entry *entry, long long now);
/* Something else: started, database, certificate, reloaded, stopping … `number` < 0: none. */
void journal_event(const char *event, const char *text, long long number);
/* How often each refusal has happened, unless that was told already. */
void journal_totals(void);

#endif
