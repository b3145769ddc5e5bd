#include "reason.h"

#include <string.h>

struct row {
    const char *word;
    int status;
    int retry_after;
};

static const struct row rows[REASON_COUNT] = {
    [REASON_NONE] = { "none", 200, 0 },
    [REASON_NO_CERTIFICATE] = { "no_certificate", 403, 0 },
    [REASON_FOREIGN] = { "foreign", 403, 0 },
    [REASON_EXPIRED] = { "expired", 403, 0 },
    [REASON_REVOKED] = { "revoked", 403, 0 },
    [REASON_PURPOSE] = { "purpose", 403, 0 },
    [REASON_NAME] = { "name", 403, 0 },
    [REASON_PROXY] = { "proxy", 403, 0 },
    [REASON_DIVISION] = { "division", 403, 0 },
    [REASON_ADDRESS] = { "address", 404, 0 },
    [REASON_METHOD] = { "method", 405, 0 },
    [REASON_LENGTH] = { "length", 411, 0 },
    [REASON_TYPE] = { "type", 400, 0 },
    [REASON_SIZE] = { "size", 413, 0 },
    [REASON_UTF8] = { "utf8", 400, 0 },
    [REASON_JSON] = { "json", 400, 0 },
    [REASON_DEPTH] = { "depth", 400, 0 },
    [REASON_NUL] = { "nul", 400, 0 },
    [REASON_NUMBER] = { "number", 400, 0 },
    [REASON_MESSAGES] = { "messages", 400, 0 },
    [REASON_SHAPE] = { "shape", 400, 0 },
    [REASON_RATE] = { "rate", 429, 1 },
    [REASON_CONNECTIONS] = { "connections", 429, 5 },
    [REASON_SLOW] = { "slow", 408, 0 },
    [REASON_CROWD] = { "crowd", 0, 0 },
    [REASON_HANDSHAKE] = { "handshake", 0, 0 },
    [REASON_HTTP] = { "http", 0, 0 },
    [REASON_BROKEN] = { "broken", 0, 0 },
    [REASON_BUSY] = { "busy", 503, 2 },
    [REASON_AWAY] = { "away", 503, 5 },
    [REASON_STOPPING] = { "stopping", 503, 5 },
    [REASON_FAULT] = { "fault", 500, 0 },
};

const char *reason_word(enum reason r)
{
    return rows[r].word;
}

int reason_status(enum reason r)
{
    return rows[r].status;
}

int reason_retry_after(enum reason r)
{
    return rows[r].retry_after;
}

/* The first prefix that fits counts. */
static const struct {
    const char *prefix;
    enum reason reason;
} states[] = {
    { "GT081", REASON_SHAPE },  { "GT082", REASON_DIVISION }, { "22", REASON_SHAPE },   { "54", REASON_SHAPE },
    { "40001", REASON_BUSY },   { "40P01", REASON_BUSY },     { "55P03", REASON_BUSY }, { "57014", REASON_BUSY },
    { "53", REASON_BUSY },      { "57", REASON_AWAY },        { "08", REASON_AWAY },    { "25006", REASON_AWAY },
};

enum reason reason_of(const struct err *e)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strncmp(e->code, states[i].prefix, strlen(states[i].prefix)) == 0)
            return states[i].reason;
    if (e->kind == ERR_OFFLINE)
        return REASON_AWAY;
    return e->kind == ERR_CONFLICT ? REASON_BUSY : REASON_FAULT;
}
