#include "request.h"

#include "answer.h"
#include "body.h"
#include "client.h"
#include "clock.h"
#include "journal.h"
#include "peer.h"

#include "guitai/base/json.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DATABASE_SECONDS 13        /* an answer comes within 15 */
#define BODIES_MAX (64u << 20)     /* of all requests together */
#define DRAIN_MAX (64u << 10)      /* so much of a refused body is read, so that the connection can stay */

struct route {
    const char *url, *name, *method, *function, *argument;
    bool handoff;
};

static const struct route routes[] = {
    { "/v1/handoff", "handoff", "POST", "handoff__receive", "envelope", true },
    { "/v1/duplicate", "duplicate", "POST", "duplicate__ask", "question", false },
    { "/v1/ledger", "ledger", "POST", "ledger__show", "question", false },
    { "/v1/health", "health", "GET", NULL, NULL, false },
};

struct request {
    struct job job; /* first: the pool gives it back */
    struct client *client;
    const struct route *route;
    struct division *division;
    char code[7];
    size_t length, seen; /* of the body: announced, and come so far */
    size_t promised;     /* its part of server.bodies */
    struct str body;
    int messages;
    bool with_database, complete;
    char *answer;
    enum reason reason;
    char text[sizeof(((struct err *)0)->message)]; /* of a refusal, for the peer */
    char sqlstate[6];
    int status;
};

static struct client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *own = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return own->socket_context;
}

void *request_line(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    (void)ctx, (void)uri;
    client_begins(client_of(connection));
    return NULL;
}

/* ---- headers ---- */

static const struct route *route_of(const char *url)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].url, url) == 0)
            return &routes[i];
    return NULL;
}

static const char *header(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->client->connection, MHD_HEADER_KIND, name);
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;
    return type && strncasecmp(type, json, n) == 0 && (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static enum reason check_form(struct request *r)
{
    const char *length = header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *encoding = header(r, MHD_HTTP_HEADER_CONTENT_ENCODING);
    if (!length || header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING))
        return REASON_LENGTH;
    /* the library has checked that these are digits */
    r->length = strlen(length) > 9 ? SIZE_MAX : (size_t)atol(length);
    if (r->length > BODY_MAX_BYTES)
        return REASON_SIZE;
    if (!is_json(header(r, MHD_HTTP_HEADER_CONTENT_TYPE)) || (encoding && strcasecmp(encoding, "identity") != 0))
        return REASON_TYPE;
    return REASON_NONE;
}

static enum reason check_peer(struct request *r)
{
    enum reason why = peer_identify(r->client, r->code);
    return why == REASON_NONE ? peer_admit(r->client, r->code, &r->division) : why;
}

static enum reason check_place(const struct request *r)
{
    const struct server *s = r->client->server;
    if (s->stopping)
        return REASON_STOPPING;
    if (s->bodies + r->length > BODIES_MAX)
        return REASON_BUSY;
    return REASON_NONE;
}

/* Who it is comes first: a stranger learns nothing of what is here. A proxy looks after our health without a name. */
static enum reason check_headers(struct request *r, const char *url, const char *method)
{
    const struct route *route = route_of(url);
    bool open = route && !route->function && !r->client->tls;
    enum reason why = open ? REASON_NONE : check_peer(r);
    r->route = route;
    if (why != REASON_NONE)
        return why;
    if (!route)
        return REASON_ADDRESS;
    if (strcmp(route->method, method) != 0)
        return REASON_METHOD;
    if (!route->function)
        return REASON_NONE;
    why = check_form(r);
    return why == REASON_NONE ? check_place(r) : why;
}

/* ---- answers ---- */

static bool closes(const struct request *r)
{
    return r->client->server->stopping || reason_status(r->reason) == 403 || r->reason == REASON_CONNECTIONS;
}

static enum MHD_Result refuse(struct request *r)
{
    const char *allow = r->reason == REASON_METHOD ? r->route->method : NULL;
    client_answers(r->client);
    r->status = reason_status(r->reason);
    return answer_refusal(r->client->connection, r->reason, r->text, allow, closes(r));
}

static enum MHD_Result tell_health(struct request *r)
{
    const struct server *s = r->client->server;
    bool ready = pool_ready(s->pool) && !s->stopping;
    int days = keys_days(s->keys);
    char number[16], text[96];
    snprintf(number, sizeof number, "%d", days);
    snprintf(text, sizeof text, "{\"ok\":%s,\"protocol\":1,\"certificate_days\":%s}", ready ? "true" : "false",
             days < 0 ? "null" : number);
    client_answers(r->client);
    r->status = ready ? 200 : 503;
    return answer_text(r->client->connection, r->status, text, ready ? 0 : reason_retry_after(REASON_AWAY), closes(r));
}

static enum MHD_Result respond(struct request *r)
{
    if (r->reason != REASON_NONE)
        return refuse(r);
    if (!r->route->function)
        return tell_health(r);
    client_answers(r->client);
    r->status = 200;
    return answer_text(r->client->connection, 200, r->answer, 0, closes(r));
}

/* ---- the body, and the database ---- */

static void answered(struct job *job, const char *answer, const struct err *e)
{
    struct request *r = (struct request *)job;
    r->with_database = false;
    if (answer) {
        r->answer = xstrdup(answer);
    } else {
        r->reason = reason_of(e);
        snprintf(r->sqlstate, sizeof r->sqlstate, "%s", e->code);
        /* a sentence of ours tells where it is wrong; one of the server's may hold what was sent */
        if (strncmp(e->code, "GT", 2) == 0)
            snprintf(r->text, sizeof r->text, "%s", e->message);
    }
    str_reset(&r->body);
    MHD_resume_connection(r->client->connection);
}

static enum MHD_Result work(struct request *r)
{
    struct pool *pool = r->client->server->pool;
    if (!pool_ready(pool)) {
        r->reason = REASON_AWAY;
        return refuse(r);
    }
    r->job = (struct job){ .function = r->route->function,
                           .argument = r->route->argument,
                           .division = r->code,
                           .body = r->body.p,
                           .handoff = r->route->handoff,
                           .deadline = clock_ms() + DATABASE_SECONDS * 1000,
                           .done = answered };
    r->with_database = true;
    client_works(r->client);
    pool_submit(pool, &r->job);
    MHD_suspend_connection(r->client->connection);
    return MHD_YES;
}

static enum MHD_Result finish(struct request *r)
{
    if (r->complete || r->reason != REASON_NONE || !r->route->function)
        return respond(r);
    r->complete = true;
    r->reason = body_check(r->body.p ? r->body.p : "", r->body.len, &r->messages);
    return r->reason == REASON_NONE ? work(r) : refuse(r);
}

static struct request *begin(struct client *c, const char *url, const char *method)
{
    struct request *r = xcalloc(1, sizeof *r);
    r->client = c;
    c->request = r;
    str_init(&r->body, BODY_MAX_BYTES);
    r->reason = check_headers(r, url, method);
    if (r->reason == REASON_NONE)
        c->server->bodies += r->promised = r->length;
    else if (header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING))
        r->length = SIZE_MAX;
    else if (r->length == 0 && header(r, MHD_HTTP_HEADER_CONTENT_LENGTH))
        r->length = strtoul(header(r, MHD_HTTP_HEADER_CONTENT_LENGTH), NULL, 10);
    return r;
}

enum MHD_Result request_handle(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *part, size_t *part_size, void **own)
{
    struct request *r = *own;
    (void)ctx, (void)version;
    if (!r) {
        *own = r = begin(client_of(connection), url, method);
        return r->reason != REASON_NONE && r->length > DRAIN_MAX ? refuse(r) : MHD_YES;
    }
    if (*part_size == 0)
        return finish(r);
    r->seen += *part_size;
    if (r->reason == REASON_NONE && r->route->function && !str_add_n(&r->body, part, *part_size))
        r->reason = REASON_SIZE;
    *part_size = 0;
    return MHD_YES;
}

/* ---- the end ---- */

static void tell(struct request *r, long long now)
{
    struct journal_entry entry = { .address = r->route ? r->route->name : NULL,
                                   .division = r->code,
                                   .status = r->status,
                                   .reason = r->reason,
                                   .messages = r->messages,
                                   .bytes = r->seen,
                                   .ms = now - r->client->since,
                                   .code = r->sqlstate };
    bool healthy = r->route && !r->route->function && r->status == 200;
    if (!healthy) /* a probe every second would drown the rest */
        journal_request(&entry, now);
}

void request_completed(void *ctx, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode how)
{
    struct server *s = ctx;
    struct request *r = *own;
    (void)connection;
    if (!r)
        return;
    if (r->with_database)
        pool_withdraw(s->pool, &r->job);
    if (how != MHD_REQUEST_TERMINATED_COMPLETED_OK && r->reason == REASON_NONE) {
        r->reason = r->client->cut != REASON_NONE ? r->client->cut : REASON_BROKEN;
        r->status = reason_status(r->reason);
    }
    s->bodies -= r->promised;
    tell(r, clock_ms());
    peer_leave(r->client, &r->division);
    r->client->request = NULL;
    client_rests(r->client);
    str_reset(&r->body);
    free(r->answer);
    free(r);
    *own = NULL;
}

void requests_abandon(struct server *s)
{
    for (struct client *c = s->clients.head; c; c = c->younger) {
        struct request *r = c->request;
        if (!r || !r->with_database)
            continue;
        pool_withdraw(s->pool, &r->job);
        r->with_database = false;
        r->reason = REASON_STOPPING;
        MHD_resume_connection(c->connection);
    }
}
