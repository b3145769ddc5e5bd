#include "guitai/base/str.h"

#include "guitai/base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STR_FIRST_CAP 64

void str_init(struct str *s, size_t max)
{
    *s = (struct str){ .max = max };
}

void str_reset(struct str *s)
{
    free(s->p);
    str_init(s, s->max);
}

void str_clear(struct str *s)
{
    s->len = 0;
    s->overflow = false;
    if (s->p)
        s->p[0] = '\0';
}

static bool make_room(struct str *s, size_t n)
{
    if (n > s->max || s->len > s->max - n) {
        s->overflow = true;
        return false;
    }
    size_t need = s->len + n + 1;
    if (need <= s->cap)
        return true;
    size_t cap = s->cap ? s->cap : STR_FIRST_CAP;
    while (cap < need)
        cap *= 2;
    s->p = xrealloc(s->p, cap, 1);
    s->cap = cap;
    return true;
}

bool str_add_n(struct str *s, const char *bytes, size_t n)
{
    if (!make_room(s, n))
        return false;
    if (n)
        memcpy(s->p + s->len, bytes, n);
    s->len += n;
    s->p[s->len] = '\0';
    return true;
}

bool str_add(struct str *s, const char *text)
{
    return str_add_n(s, text, strlen(text));
}

bool str_add_char(struct str *s, char c)
{
    return str_add_n(s, &c, 1);
}

bool str_add_repeat(struct str *s, const char *text, size_t times)
{
    bool fits = true;
    for (size_t i = 0; i < times && fits; i++)
        fits = str_add(s, text);
    return fits;
}

bool str_addf(struct str *s, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    bool fits = n >= 0 && make_room(s, (size_t)n);
    if (fits) {
        vsnprintf(s->p + s->len, (size_t)n + 1, fmt, again);
        s->len += (size_t)n;
    }
    va_end(again);
    return fits;
}

char *str_steal(struct str *s)
{
    char *p = s->p ? s->p : xstrdup("");
    str_init(s, s->max);
    return p;
}

bool str_number(const char *text, long least, long most, long *out)
{
    const char *digits = text + (*text == '-');
    size_t n = strspn(digits, "0123456789");
    if (!n || digits[n] || n > 9) /* what has nine digits fits any long */
        return false;
    long value = strtol(text, NULL, 10);
    if (value < least || value > most)
        return false;
    *out = value;
    return true;
}
