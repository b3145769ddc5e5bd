#include "body.h"

#include "guitai/base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* `why` stays at the first thing that was wrong; every step returns false from then on. */
struct scan {
    const char *p, *end;
    int depth;
    int messages;
    enum reason why;
};

static bool value(struct scan *s, bool counted);

static bool wrong(struct scan *s, enum reason why)
{
    if (s->why == REASON_NONE)
        s->why = why;
    return false;
}

static void blanks(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
        s->p++;
}

static bool next_is(struct scan *s, char c)
{
    blanks(s);
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool escape(struct scan *s)
{
    if (s->p == s->end || *s->p == '\0' || !strchr("\"\\/bfnrtu", *s->p))
        return wrong(s, s->p < s->end && *s->p == '\0' ? REASON_NUL : REASON_JSON);
    if (*s->p++ != 'u')
        return true;
    if (s->end - s->p < 4)
        return wrong(s, REASON_JSON);
    for (int i = 0; i < 4; i++)
        if (!isxdigit((unsigned char)s->p[i]))
            return wrong(s, REASON_JSON);
    if (memcmp(s->p, "0000", 4) == 0)
        return wrong(s, REASON_NUL);
    s->p += 4;
    return true;
}

static bool string(struct scan *s)
{
    if (!next_is(s, '"'))
        return wrong(s, REASON_JSON);
    while (s->p < s->end) {
        unsigned char c = (unsigned char)*s->p++;
        if (c == '"')
            return true;
        if (c < 0x20)
            return wrong(s, c == 0 ? REASON_NUL : REASON_JSON);
        if (c == '\\' && !escape(s))
            return false;
    }
    return wrong(s, REASON_JSON);
}

static bool number(struct scan *s)
{
    const char *begin = s->p;
    long n = 0;
    while (s->p < s->end && isdigit((unsigned char)*s->p) && n <= BODY_MAX_NUMBER)
        n = n * 10 + (*s->p++ - '0');
    if (n > BODY_MAX_NUMBER || s->p == begin || (s->p < s->end && strchr(".eE", *s->p)))
        return wrong(s, REASON_NUMBER);
    return (*begin == '0' && s->p > begin + 1) ? wrong(s, REASON_JSON) : true;
}

static bool literal(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return wrong(s, REASON_JSON);
    s->p += n;
    return true;
}

static bool array(struct scan *s, bool counted)
{
    if (next_is(s, ']'))
        return true;
    do {
        if (counted && ++s->messages > BODY_MAX_MESSAGES)
            return wrong(s, REASON_MESSAGES);
        if (!value(s, false))
            return false;
    } while (next_is(s, ','));
    return next_is(s, ']') || wrong(s, REASON_JSON);
}

static bool object(struct scan *s)
{
    static const char counted[] = "\"messages\"";
    if (next_is(s, '}'))
        return true;
    do {
        blanks(s);
        const char *key = s->p;
        if (!string(s))
            return false;
        if (s->depth == 1 && memchr(key, '\\', (size_t)(s->p - key))) /* no name of the protocol has one: it hides another */
            return wrong(s, REASON_JSON);
        bool is_counted = s->depth == 1 && (size_t)(s->p - key) == sizeof counted - 1 &&
                          memcmp(key, counted, sizeof counted - 1) == 0;
        if (!next_is(s, ':'))
            return wrong(s, REASON_JSON);
        if (!value(s, is_counted))
            return false;
    } while (next_is(s, ','));
    return next_is(s, '}') || wrong(s, REASON_JSON);
}

static bool nested(struct scan *s, bool counted)
{
    bool is_object = *s->p++ == '{';
    if (++s->depth > BODY_MAX_DEPTH)
        return wrong(s, REASON_DEPTH);
    bool ok = is_object ? object(s) : array(s, counted);
    s->depth--;
    return ok;
}

static bool value(struct scan *s, bool counted)
{
    blanks(s);
    if (s->p == s->end)
        return wrong(s, REASON_JSON);
    switch (*s->p) {
    case '{':
    case '[': return nested(s, counted);
    case '"': return string(s);
    case 't': return literal(s, "true");
    case 'f': return literal(s, "false");
    case 'n': return literal(s, "null");
    case '\0': return wrong(s, REASON_NUL);
    default:
        return *s->p == '-' || isdigit((unsigned char)*s->p) ? number(s) : wrong(s, REASON_JSON);
    }
}

enum reason body_check(const char *text, size_t n, int *messages)
{
    struct scan s = { .p = text, .end = text + n };
    *messages = 0;
    if (!utf8_valid(text, n))
        return REASON_UTF8;
    blanks(&s);
    if (s.p == s.end || *s.p != '{')
        return REASON_JSON;
    if (value(&s, false)) {
        blanks(&s);
        if (s.p != s.end)
            wrong(&s, *s.p == '\0' ? REASON_NUL : REASON_JSON);
    }
    *messages = s.messages;
    return s.why;
}
