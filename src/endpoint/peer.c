#include "peer.h"

#include "clock.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define VERDICT_SECONDS 60 /* a certificate may run out while its connection lasts */

/* What a proxy tells of the client. */
struct told {
    const char *name, *verify;
    int names, verifies;
};

static enum MHD_Result look_at(void *ctx, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct told *told = ctx;
    (void)kind;
    if (strcasecmp(key, "X-Client-CN") == 0) {
        told->name = value;
        told->names++;
    } else if (strcasecmp(key, "X-Client-Verify") == 0) {
        told->verify = value;
        told->verifies++;
    }
    return MHD_YES;
}

static enum reason by_proxy(const struct told *told, char *code)
{
    if (told->names != 1 || told->verifies != 1 || !told->name || !told->verify)
        return REASON_PROXY;
    if (strcmp(told->verify, "NONE") == 0)
        return REASON_NO_CERTIFICATE;
    if (strcmp(told->verify, "SUCCESS") != 0)
        return REASON_FOREIGN;
    if (!keys_is_division(told->name))
        return REASON_NAME;
    strcpy(code, told->name);
    return REASON_NONE;
}

/* Looked at again after each reload, so that a new revocation list ends nobody's connection but the revoked one's. */
static enum reason by_certificate(struct client *c, char *code)
{
    long long now = clock_ms();
    if (c->judged != c->server->generation || now - c->judged_at > VERDICT_SECONDS * 1000LL) {
        const union MHD_ConnectionInfo *tls =
            MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
        c->verdict = tls ? keys_client(c->server->keys, (gnutls_session_t)tls->tls_session, c->code) :
                           REASON_NO_CERTIFICATE;
        c->judged = c->server->generation;
        c->judged_at = now;
    }
    if (c->verdict == REASON_NONE)
        strcpy(code, c->code);
    return c->verdict;
}

enum reason peer_identify(struct client *c, char *code)
{
    struct told told = { 0 };
    MHD_get_connection_values(c->connection, MHD_HEADER_KIND, look_at, &told);
    if (!c->tls)
        return by_proxy(&told, code);
    /* nobody who speaks to us directly has a reason to send these */
    return told.names + told.verifies > 0 ? REASON_PROXY : by_certificate(c, code);
}

enum reason peer_admit(struct client *c, const char *code, struct division **division)
{
    struct limits *l = &c->server->limits;
    struct division *d = limits_division(l, code);
    if (!c->division) {
        if (!limits_connect(l, d))
            return REASON_CONNECTIONS;
        if (c->tls)
            c->division = d; /* leaves with the connection */
        else
            *division = d;
    }
    if (limits_request(l, d, clock_ms()))
        return REASON_NONE;
    peer_leave(c, division);
    return REASON_RATE;
}

void peer_leave(const struct client *c, struct division **division)
{
    if (*division && !c->tls)
        limits_leave(*division);
    *division = NULL;
}
