#include "sender_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_SERVICE_MS 5000  /* a service hears announcements; this finds what only time made due */
#define IDLE_BESIDE_MS 15000
#define IDLE_MOST_MS 60000
#define TROUBLE_MS 5000       /* after a claim that failed */
#define CLOSED_FIRST_MS 2000  /* a peer that failed is left alone: twice as long each time */
#define CLOSED_MOST_MS 60000
#define CLOSED_ASKED_MS 3600000  /* at most, when it says Retry-After */
#define CLOSED_REFUSED_MS 300000 /* it refuses deliveries as such */
#define EXCEPT_MAX (PEERS_MAX * 8)

/* ---- what is known of a peer ---- */

static struct route *route_of(struct sender *s, const char *peer)
{
    for (size_t i = 0; i < s->route_count; i++)
        if (strcmp(s->routes[i].peer, peer) == 0)
            return &s->routes[i];
    if (s->route_count == PEERS_MAX)
        return NULL;
    struct route *r = &s->routes[s->route_count++];
    snprintf(r->peer, sizeof r->peer, "%s", peer);
    r->limit = BATCH_MOST;
    return r;
}

static bool takes_more(const struct route *r, long long now)
{
    unsigned window = r->failures > 0 ? 1 : WINDOW; /* one batch finds out whether it is well again */
    return r->under_way < window && now >= r->closed_to;
}

/* The peers that the claim leaves out, as an array of the database. Owner: the caller. */
static char *except(const struct sender *s, long long now)
{
    struct str text;
    str_init(&text, EXCEPT_MAX);
    str_add(&text, "{");
    for (size_t i = 0; i < s->route_count; i++)
        if (!takes_more(&s->routes[i], now))
            str_addf(&text, "%s%s", text.len > 1 ? "," : "", s->routes[i].peer);
    str_add(&text, "}");
    return str_steal(&text);
}

/* One size for all peers of a claim: the smallest of those that it is for. */
static int batch_limit(const struct sender *s, long long now)
{
    int limit = BATCH_MOST;
    for (size_t i = 0; i < s->route_count; i++)
        if (takes_more(&s->routes[i], now) && s->routes[i].limit < limit)
            limit = s->routes[i].limit;
    return limit;
}

/* How long a hall is left alone: longer each time, and as long as it asked for. Where a person must look, it is asked again
 * after minutes, not after its messages' hour: it may be put right at any time. */
static long long closed_for(const struct route *r, const struct verdict *v)
{
    long long wait = CLOSED_FIRST_MS << (r->failures < 6 ? r->failures : 6);
    long long wish = v->retry_after * 1000LL, most = v->kind == VERDICT_REFUSED ? CLOSED_REFUSED_MS : CLOSED_ASKED_MS;
    wait = sender_spread(wait < CLOSED_MOST_MS ? wait : CLOSED_MOST_MS);
    wish = wish < most ? wish : most;
    return wait > wish ? wait : wish;
}

static void route_failed(struct batch *b, enum verdict_kind kind)
{
    struct sender *s = b->s;
    struct route *r = b->route;
    long long wait = closed_for(r, &b->verdict);
    r->failures++;
    if (kind == VERDICT_SMALLER && b->messages > 0 && b->messages < (size_t)r->limit)
        r->limit = (int)b->messages; /* half of what was sent, not of what might have been */
    r->limit = verdict_next_limit(r->limit, BATCH_MOST, kind);
    r->more = true;
    if (s->mode == SENDER_ONCE && (kind != VERDICT_SMALLER || r->limit == 1))
        r->closed_to = LLONG_MAX; /* tried once is enough for now */
    else
        r->closed_to = sender_now() + wait;
}

static void route_worked(struct route *r)
{
    r->failures = 0;
    r->closed_to = 0;
    r->limit = verdict_next_limit(r->limit, BATCH_MOST, VERDICT_ANSWERS);
}

/* ---- the end of a batch ---- */

static void batch_free(struct batch *b)
{
    struct sender *s = b->s;
    struct batch **at = &s->batches;
    while (*at != b)
        at = &(*at)->next;
    *at = b->next;
    b->route->under_way--;
    s->under_way--;
    free(b->ids);
    free(b);
}

void sender_drop_batches(struct sender *s)
{
    while (s->batches)
        batch_free(s->batches);
}

static void batch_tell(const struct batch *b)
{
    const struct verdict *v = &b->verdict;
    struct sender_event event = {
        .kind = v->kind == VERDICT_ANSWERS ? SENDER_SENT : SENDER_FAILED,
        .peer = b->route->peer,
        .messages = b->messages,
        .taken = v->tally.taken,
        .refused = v->tally.refused,
        .later = v->tally.later,
        .other = v->tally.other,
        .ms = b->ms,
        .words = v->words,
        .hopeless = v->kind == VERDICT_REFUSED,
    };
    sender_tell(b->s, &event);
}

/* The database has heard of it: the next one may go. */
static void batch_end(struct batch *b)
{
    struct sender *s = b->s;
    batch_tell(b);
    s->changed = s->changed || b->messages > 0;
    s->claim_at = sender_now(); /* a case's next message becomes due with the answer to the one before */
    batch_free(b);
}

static void on_failed_told(void *ctx, const struct db_result *r, const struct err *e)
{
    struct batch *b = ctx;
    (void)r;
    if (e)
        log_line("outbox__failed: %s", e->code[0] ? e->code : e->message); /* its lease runs out */
    batch_end(b);
}

/* The messages wait: `retry_after` seconds at least, as long as the database thinks right otherwise. */
static void tell_failed(struct batch *b)
{
    struct err e;
    char seconds[16];
    const struct verdict *v = &b->verdict;
    snprintf(seconds, sizeof seconds, "%d", v->retry_after);
    struct db_arg args[] = { { "peer", b->route->peer },
                             { "ids", b->ids },
                             { "problem", v->words },
                             { "retry_after", v->retry_after > 0 ? seconds : NULL },
                             { "alarm", v->kind == VERDICT_REFUSED ? "true" : "false" } };
    if (!db_call(b->s->db, "outbox__failed", args, sizeof args / sizeof *args, on_failed_told, b, &e))
        on_failed_told(b, NULL, &e);
}

static void on_answered_told(void *ctx, const struct db_result *r, const struct err *e)
{
    struct batch *b = ctx;
    (void)r;
    if (e && (e->kind == ERR_INPUT || e->kind == ERR_RULE)) {
        /* JSON to us and none to the database: nonsense of the peer */
        b->verdict.kind = VERDICT_LATER;
        peer_words(b->verdict.words, _("it answered something that cannot be read"));
        route_failed(b, VERDICT_LATER);
        tell_failed(b);
    } else if (e) {
        log_line("outbox__answered: %s", e->code[0] ? e->code : e->message); /* its lease runs out, it is sent again */
        batch_end(b);
    } else if (b->verdict.words[0]) {
        tell_failed(b); /* those without an answer */
    } else {
        batch_end(b);
    }
}

static void tell_answered(struct batch *b, const char *answer)
{
    struct err e;
    struct db_arg args[] = { { "peer", b->route->peer }, { "ids", b->ids }, { "answer", answer } };
    if (!db_call(b->s->db, "outbox__answered", args, 3, on_answered_told, b, &e))
        on_answered_told(b, NULL, &e);
}

static void on_posted(void *ctx, const struct peer_answer *a)
{
    struct batch *b = ctx;
    b->ms = a->ms;
    verdict_of(a, b->messages, &b->verdict);
    if (b->verdict.kind == VERDICT_ANSWERS) {
        route_worked(b->route);
        tell_answered(b, a->text);
    } else {
        route_failed(b, b->verdict.kind);
        tell_failed(b);
    }
}

/* ---- the beginning of a batch ---- */

static void post(struct batch *b, const char *url, const char *envelope)
{
    struct err e;
    size_t len = strlen(envelope);
    struct sender *s = b->s;
    struct peer_answer a = { .text = "" };
    if (len > ENVELOPE_MAX) {
        a.status = 413; /* the peer would say so */
    } else if ((!s->line && !(s->line = peer_open(&s->tls, &e))) ||
               !peer_post(s->line, url, "/v1/handoff", xstrndup(envelope, len), len, on_posted, b, &e)) {
        peer_words(a.problem, e.message);
    } else {
        return;
    }
    on_posted(b, &a);
}

static void begin(struct sender *s, const struct db_result *r, size_t row)
{
    const char *peer = db_value(r, row, "peer"), *url = db_value(r, row, "url");
    const char *ids = db_value(r, row, "ids"), *envelope = db_value(r, row, "envelope");
    struct route *route = peer ? route_of(s, peer) : NULL;
    if (!route || !url || !ids || !envelope) {
        log_line("a claimed batch could not be sent: too many peers, or an answer without its columns");
        return;
    }
    struct batch *b = xcalloc(1, sizeof *b);
    *b = (struct batch){ .next = s->batches, .s = s, .route = route, .ids = xstrdup(ids) };
    b->messages = verdict_count_ids(ids);
    s->batches = b;
    s->under_way++;
    route->under_way++;
    route->more = b->messages >= (size_t)route->limit || strlen(envelope) > ENVELOPE_MAX / 4;
    post(b, url, envelope);
}

static void plan_next(struct sender *s, size_t messages)
{
    long long now = sender_now(), wait = s->mode == SENDER_BESIDE ? IDLE_BESIDE_MS : IDLE_SERVICE_MS;
    s->empty = messages > 0 ? 0 : s->empty + 1;
    for (size_t i = 0; i < s->route_count; i++)
        if (s->routes[i].more && takes_more(&s->routes[i], now) && messages > 0) {
            s->claim_at = now;
            return;
        }
    if (s->mode == SENDER_BESIDE)
        wait <<= s->empty < 2 ? s->empty : 2;
    wait = sender_spread(wait < IDLE_MOST_MS ? wait : IDLE_MOST_MS);
    if (s->claim_at == 0 || now + wait < s->claim_at) /* not later than what was asked for during the claim */
        s->claim_at = now + wait;
}

static void on_claimed(void *ctx, const struct db_result *r, const struct err *e)
{
    struct sender *s = ctx;
    size_t messages = 0;
    /* during the claim a batch ended, whose peer the claim had left out, or something was announced */
    bool again = s->claim_at != 0;
    s->claiming = false;
    if (e && (e->kind == ERR_DENIED || e->kind == ERR_RULE || e->kind == ERR_VERSION || s->mode == SENDER_ONCE)) {
        sender_give_up(s, e); /* a person without departments, or no longer in office */
        return;
    }
    if (e) {
        log_line("outbox__claim: %s", e->code[0] ? e->code : e->message);
        s->claim_at = sender_now() + sender_spread(TROUBLE_MS);
        return;
    }
    for (size_t i = 0; i < db_rows(r); i++) {
        messages += verdict_count_ids(db_value(r, i, "ids"));
        begin(s, r, i);
    }
    /* somebody else may have sent what the counts spoke of */
    s->changed = s->changed || (messages == 0 && s->waiting > 0);
    plan_next(s, messages);
    if (s->mode == SENDER_ONCE && messages == 0 && s->under_way == 0 && !again)
        s->drained = true;
}

void sender_claim(struct sender *s)
{
    struct err e;
    long long now = sender_now();
    char limit[16];
    char *left_out = except(s, now);
    snprintf(limit, sizeof limit, "%d", batch_limit(s, now));
    struct db_arg args[] = { { "limit", limit }, { "lease", LEASE_SECONDS }, { "except", left_out } };
    s->claim_at = 0;
    s->claiming = true;
    if (!db_call(s->db, "outbox__claim", args, 3, on_claimed, s, &e))
        on_claimed(s, NULL, &e);
    free(left_out);
}
