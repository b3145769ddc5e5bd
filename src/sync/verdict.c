#include "verdict.h"

#include "guitai/base/i18n.h"
#include "guitai/base/json.h"

#include <stdio.h>
#include <string.h>

#define PROTOCOL 1

static void set(struct verdict *v, enum verdict_kind kind, int retry_after, const char *words)
{
    v->kind = kind;
    v->retry_after = retry_after;
    peer_words(v->words, words);
}

static void count(const struct jnode *answer, struct tally *t)
{
    const char *kind = jn_str(answer, "answer", "");
    t->answers++;
    if (strcmp(kind, "taken") == 0)
        t->taken++;
    else if (strcmp(kind, "refused") == 0)
        t->refused++;
    else if (strcmp(kind, "later") == 0)
        t->later++;
    else
        t->other++;
}

/* An answer with status 200: of our protocol, and one for each message? What each says is the database's to judge. */
static void read_answers(const struct peer_answer *a, size_t messages, struct verdict *v)
{
    struct err e;
    struct json *doc = json_parse(a->text, a->len, "answer", &e);
    const struct jnode *root = doc ? json_root(doc) : NULL, *answers = jn_get(root, "answers");
    if (!doc || !jn_is_object(root)) {
        set(v, VERDICT_LATER, 0, _("it answered something that cannot be read"));
    } else if (jn_int(root, "protocol", 0) != PROTOCOL) {
        set(v, VERDICT_REFUSED, VERDICT_HOUR, _("it speaks another version of the protocol: tell both administrators"));
    } else if (!jn_is_array(answers)) {
        set(v, VERDICT_LATER, 0, _("it answered something that cannot be read"));
    } else {
        for (const struct jnode *n = jn_first(answers); n; n = jn_next(n))
            count(n, &v->tally);
        if (v->tally.answers < messages)
            peer_words(v->words, _("it did not answer every message"));
    }
    json_free(&doc);
}

static void refuse(struct verdict *v, int status, const char *words)
{
    char text[PEER_WORDS];
    snprintf(text, sizeof text, "%s (HTTP %d)", words, status);
    set(v, VERDICT_REFUSED, VERDICT_HOUR, text);
}

void verdict_of(const struct peer_answer *a, size_t messages, struct verdict *v)
{
    *v = (struct verdict){ 0 };
    switch (a->status) {
    case 200: read_answers(a, messages, v); return;
    case 0: set(v, VERDICT_LATER, 0, a->problem); return;
    case 400: refuse(v, 400, _("it does not understand our messages: tell both administrators")); return;
    case 403: refuse(v, 403, _("it does not accept our certificate: tell both administrators")); return;
    case 404:
    case 405:
    case 411: refuse(v, a->status, _("its address is wrong: tell both administrators")); return;
    case 408:
    case 413:
    case 429: set(v, VERDICT_SMALLER, a->retry_after, _("it asks for smaller or fewer deliveries")); break;
    case 503: set(v, VERDICT_LATER, a->retry_after, _("it is busy and asked for a later delivery")); break;
    default:
        set(v, VERDICT_LATER, a->retry_after, "");
        snprintf(v->words, sizeof v->words, _("it answered HTTP %d"), a->status);
    }
    /* A single message that is too large does not become smaller: a person must look. */
    if (a->status == 413 && messages <= 1)
        refuse(v, 413, _("it finds a message too large: tell both administrators"));
}

size_t verdict_count_ids(const char *ids)
{
    size_t n = ids && ids[0] == '{' && ids[1] != '}' && ids[1] != '\0';
    for (const char *p = ids; n && *p; p++)
        n += *p == ',';
    return n;
}

int verdict_next_limit(int limit, int most, enum verdict_kind kind)
{
    if (kind == VERDICT_SMALLER)
        return limit > 1 ? limit / 2 : 1;
    if (kind != VERDICT_ANSWERS)
        return limit;
    return limit > most / 2 ? most : limit * 2;
}
