/* Why a request was refused: the words of the log and of the answer, each with its status and its counter. */
#ifndef GUITAI_ENDPOINT_REASON_H
#define GUITAI_ENDPOINT_REASON_H

#include "guitai/base/err.h"

enum reason {
    REASON_NONE,
    REASON_NO_CERTIFICATE,
    REASON_FOREIGN,     /* of an authority that is not ours */
    REASON_EXPIRED,     /* or not valid yet */
    REASON_REVOKED,
    REASON_PURPOSE,     /* extended key usage is not clientAuth */
    REASON_NAME,        /* the common name is not the code of a division */
    REASON_PROXY,       /* the proxy did not pass who the client is */
    REASON_DIVISION,    /* speaks for another division, or no hall that we exchange with */
    REASON_ADDRESS,
    REASON_METHOD,
    REASON_LENGTH,      /* no Content-Length */
    REASON_TYPE,        /* not application/json, or compressed */
    REASON_SIZE,
    REASON_UTF8,
    REASON_JSON,
    REASON_DEPTH,
    REASON_NUL,
    REASON_NUMBER,
    REASON_MESSAGES,    /* more than 100 */
    REASON_SHAPE,       /* the database found that it is not what the protocol says */
    REASON_RATE,
    REASON_CONNECTIONS,
    REASON_SLOW,
    REASON_CROWD,       /* closed before its first request, to make room */
    REASON_HANDSHAKE,   /* the client went away before its first request: no common TLS, or it does not believe us */
    REASON_HTTP,        /* no HTTP, headers too large, or the client went away before its headers were complete */
    REASON_BROKEN,      /* the client went away within a request */
    REASON_BUSY,        /* the database, or memory for bodies */
    REASON_AWAY,        /* no database */
    REASON_STOPPING,
    REASON_FAULT,
    REASON_COUNT
};

/* The word for logs and answers, and the HTTP status. */
const char *reason_word(enum reason r);
int reason_status(enum reason r);
/* Seconds of Retry-After; 0: none. */
int reason_retry_after(enum reason r);
/* What the failure of a database call means for the peer. */
enum reason reason_of(const struct err *e);

#endif
