/* The comparison of ledgers that the night asks for. The database says when, leads the conversation and judges
 * (sql/modules/sync_ledger.sql); here its questions are carried to the other hall and the answers back. */
#include "sender_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define EVERY_MS 60000 /* how often the database is asked whether one is due */

struct comparison {
    struct sender *s;
    char peer[7];
    char *asked; /* JSON: what the database wants back beside the answer */
};

void sender_drop_comparison(struct sender *s)
{
    if (!s->comparison)
        return;
    free(s->comparison->asked);
    free(s->comparison);
    s->comparison = NULL;
}

static void give_up(struct comparison *c, const char *words)
{
    struct sender *s = c->s;
    log_line("comparison of ledgers with %s: %s", c->peer, words);
    if (*c->peer)
        sender_tell(s, &(struct sender_event){ .kind = SENDER_UNCOMPARED, .peer = c->peer, .words = words });
    sender_drop_comparison(s);
}

static void on_step(void *ctx, const struct db_result *r, const struct err *e);

static void on_posted(void *ctx, const struct peer_answer *a)
{
    struct comparison *c = ctx;
    struct err e;
    if (a->status != 200) {
        peer_refused(a, &e);
        give_up(c, e.message);
        return;
    }
    struct db_arg args[] = { { "peer", c->peer }, { "asked", c->asked }, { "theirs", a->text } };
    if (!db_call(c->s->db, "ledger__heard", args, 3, on_step, c, &e))
        on_step(c, NULL, &e);
}

static void ask(struct comparison *c, const struct jnode *step)
{
    struct err e;
    struct sender *s = c->s;
    const char *question = jn_str(step, "question", "");
    free(c->asked);
    c->asked = jn_write(jn_get(step, "asked"), false);
    if (!sender_ask(s, jn_str(step, "url", ""), jn_str(step, "path", ""), xstrdup(question), strlen(question), on_posted, c, &e))
        give_up(c, e.message);
}

static void finish(struct comparison *c, const struct jnode *step)
{
    struct sender *s = c->s;
    long long differences = jn_int(step, "differences", 0);
    sender_tell(s, &(struct sender_event){ .kind = SENDER_COMPARED, .peer = c->peer, .words = "",
                                           .messages = (size_t)differences, .hopeless = differences > 0 });
    s->compare_at = sender_now(); /* the next hall */
    s->changed = s->changed || differences > 0;
    sender_drop_comparison(s);
}

static void on_step(void *ctx, const struct db_result *r, const struct err *e)
{
    struct comparison *c = ctx;
    const struct jnode *step = r && db_json(r) ? json_root(db_json(r)) : NULL;
    if (e && (e->kind == ERR_INPUT || e->kind == ERR_RULE)) {
        give_up(c, *c->peer ? _("it answered something that cannot be read") : e->message);
    } else if (e) {
        give_up(c, e->code[0] ? e->code : e->message);
    } else if (jn_get(step, "question")) {
        snprintf(c->peer, sizeof c->peer, "%s", jn_str(step, "peer", ""));
        ask(c, step);
    } else if (*c->peer) {
        finish(c, step);
    } else {
        sender_drop_comparison(c->s); /* none is due */
    }
}

void sender_compare(struct sender *s)
{
    struct err e;
    struct comparison *c = xcalloc(1, sizeof *c);
    c->s = s;
    s->comparison = c;
    s->compare_at = sender_now() + sender_spread(EVERY_MS);
    if (!db_call(s->db, "ledger__due", NULL, 0, on_step, c, &e))
        on_step(c, NULL, &e);
}
