#include "fill.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/print/block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FALLBACK 128

/* Dates arrive as PostgreSQL writes them, 2026-11-23 or 2026-11-23T09:41:07.12+08:00, and are printed as
 * written: the due dates beside them were counted in the same zone. */
static bool read_date(const char *value, struct date *d)
{
    char iso[11];
    snprintf(iso, sizeof iso, "%s", value);
    return date_parse_iso(iso, d);
}

static bool read_clock(const char *value, char clock[6])
{
    if (strlen(value) < 16 || (value[10] != 'T' && value[10] != ' ') || value[13] != ':')
        return false;
    memcpy(clock, value + 11, 5);
    clock[5] = '\0';
    return true;
}

static const char *weekday(struct date d)
{
    /* Papers are Chinese in either language of the screen. */
    static const char *const names[] = { "一", "二", "三", "四", "五", "六", "日" };
    return names[date_weekday(d) - 1];
}

static bool filter_day(const char *value, struct str *out)
{
    struct date d;
    return read_date(value, &d) && str_addf(out, "%d年%d月%d日", d.year, d.month, d.day);
}

static bool filter_date(const char *value, struct str *out)
{
    struct date d;
    return read_date(value, &d) && filter_day(value, out) && str_addf(out, " 周%s", weekday(d));
}

static bool filter_datetime(const char *value, struct str *out)
{
    char clock[6];
    return read_clock(value, clock) && filter_date(value, out) && str_addf(out, " %s", clock);
}

static bool filter_stamp(const char *value, struct str *out)
{
    char clock[6];
    struct date d;
    return read_date(value, &d) && read_clock(value, clock)
           && str_addf(out, "%04d-%02d-%02d %s", d.year, d.month, d.day, clock);
}

static bool filter_money(const char *value, struct str *out)
{
    char *end;
    long long cents = strtoll(value, &end, 10);
    if (*end || cents < 0)
        return false;
    return str_addf(out, "%lld.%02lld", cents / 100, cents % 100);
}

static bool filter_mask_id(const char *value, struct str *out)
{
    char masked[64];
    idcheck_mask_number(value, masked, sizeof masked);
    return str_add(out, masked);
}

static bool filter_mask_phone(const char *value, struct str *out)
{
    char masked[64];
    idcheck_mask_phone(value, masked, sizeof masked);
    return str_add(out, masked);
}

/* 张*: the family name only, and not how long the rest is. */
static bool filter_mask_name(const char *value, struct str *out)
{
    uint32_t cp;
    size_t n = strlen(value);
    return n > 0 && str_add_n(out, value, utf8_decode(value, n, &cp)) && str_add(out, "*");
}

static const struct filter {
    const char *name;
    bool (*apply)(const char *value, struct str *out);
} filters[] = {
    { "day", filter_day },             /* 2026年11月23日 */
    { "date", filter_date },           /* 2026年11月23日 周一 */
    { "datetime", filter_datetime },   /* 2026年11月23日 周一 09:41 */
    { "stamp", filter_stamp },         /* 2026-11-23 09:41 */
    { "money", filter_money },         /* cents as yuan: 12.50 */
    { "mask_id", filter_mask_id },     /* 320311********1236 */
    { "mask_phone", filter_mask_phone },
    { "mask_name", filter_mask_name }, /* 王* */
};

static const struct filter *find_filter(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (strlen(filters[i].name) == n && memcmp(filters[i].name, name, n) == 0)
            return &filters[i];
    return NULL;
}

/* A printer obeys ESC, and a reader is deceived by reversed text: neither comes from data. */
static bool is_unsafe(uint32_t cp)
{
    return (cp < 0x20 && cp != '\n') || (cp >= 0x7F && cp < 0xA0) || cp == UTF8_BAD || cp == 0xFEFF
           || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E)
           || (cp >= 0x2060 && cp <= 0x206F);
}

static void add_clean(struct str *out, const char *value)
{
    size_t n = strlen(value);
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = utf8_decode(value + i, n - i, &cp);
        if (!is_unsafe(cp))
            str_add_n(out, value + i, used);
        i += used;
    }
}

/* One {…} taken apart. */
struct slot {
    const struct filter *filter;
    char path[64];
    char fallback[MAX_FALLBACK];
    bool has_fallback;
};

static bool copy_part(char *to, size_t size, const char *from, size_t n)
{
    if (n >= size)
        return false;
    memcpy(to, from, n);
    to[n] = '\0';
    return true;
}

/* `*at` stands behind the opening brace and is moved behind the closing one. */
static bool read_slot(const char **at, struct slot *s, struct err *e)
{
    const char *begin = *at, *close = strchr(begin, '}');
    if (!close)
        return err_set(e, ERR_INPUT, _("\"{%s\": the closing brace is missing"), begin);
    *s = (struct slot){ 0 };
    *at = close + 1;
    const char *bar = memchr(begin, '|', (size_t)(close - begin));
    const char *end = bar ? bar : close;
    const char *colon = memchr(begin, ':', (size_t)(end - begin));
    if (colon && !(s->filter = find_filter(begin, (size_t)(colon - begin))))
        return err_set(e, ERR_INPUT, _("\"{%.*s}\": no such format"), (int)(close - begin), begin);
    const char *path = colon ? colon + 1 : begin;
    s->has_fallback = bar != NULL;
    if (end == path || !copy_part(s->path, sizeof s->path, path, (size_t)(end - path))
        || (bar && !copy_part(s->fallback, sizeof s->fallback, bar + 1, (size_t)(close - bar - 1))))
        return err_set(e, ERR_INPUT, _("\"{%.*s}\": a name of 1 to 63 characters is expected"),
                       (int)(close - begin), begin);
    return true;
}

static bool is_blank(const char *s)
{
    return s[strspn(s, " \t\r\n")] == '\0';
}

/* "deed": {"field": "kind", "map": {"filing": "备案", "*": "行政许可"}} */
static const struct jnode *find_word(const struct fill *f, const char *name)
{
    char scalar[64];
    const struct jnode *word = jn_get(f->words, name), *map = jn_get(word, "map");
    const struct jnode *value = jn_path(f->data, jn_str(word, "field", ""));
    const struct jnode *text = jn_get(map, jn_scalar(value, scalar, sizeof scalar));
    return text ? text : jn_get(map, "*");
}

/* The text of the first path that has one; numbers and booleans are written into `scalar`. */
static const char *find_value(const struct fill *f, const char *paths, char *scalar, size_t size)
{
    char list[sizeof ((struct slot *)0)->path], *rest = list;
    snprintf(list, sizeof list, "%s", paths);
    for (char *path; (path = strsep(&rest, ","));) {
        const struct jnode *n = f->row ? jn_path(f->row, path) : NULL;
        if (!n)
            n = jn_path(f->data, path);
        if (!n)
            n = find_word(f, path);
        const char *value = jn_is_string(n) ? jn_text(n) : jn_scalar(n, scalar, size);
        if (!is_blank(value))
            return value;
    }
    return "";
}

static bool add_slot(struct fill *f, const struct slot *s, struct str *out, struct err *e)
{
    char scalar[64];
    const char *value = find_value(f, s->path, scalar, sizeof scalar);
    if (is_blank(value)) {
        if (s->has_fallback)
            return str_add(out, s->fallback);
        snprintf(f->name, sizeof f->name, "%s", s->path);
        f->missing = f->name;
        return false;
    }
    struct str clean;
    str_init(&clean, PAGE_MAX_TEXT);
    add_clean(&clean, value);
    char *text = str_steal(&clean);
    bool ok = s->filter ? s->filter->apply(text, out) : str_add(out, text);
    int cells;
    if (!ok && !out->overflow)
        err_set(e, ERR_INPUT, _("%s: \"%.*s\" cannot be printed as %s"), s->path,
                (int)utf8_fit(text, 40, &cells), text, s->filter ? s->filter->name : "text");
    free(text);
    return ok;
}

char *fill_text(struct fill *f, const char *template, struct err *e)
{
    struct str out;
    struct slot slot;
    str_init(&out, PAGE_MAX_TEXT);
    f->missing = NULL;
    for (const char *p = template; *p;) {
        bool ok;
        if (*p != '{' || p[1] == '{') {
            ok = str_add_char(&out, *p);
            p += *p == '{' ? 2 : 1;
        } else {
            p++;
            ok = read_slot(&p, &slot, e) && add_slot(f, &slot, &out, e);
        }
        if (!ok) {
            if (out.overflow)
                err_set(e, ERR_INPUT, _("a text is longer than %u bytes"), PAGE_MAX_TEXT);
            str_reset(&out);
            return NULL;
        }
    }
    return str_steal(&out);
}

bool fill_check(const char *template, struct err *e)
{
    struct slot slot;
    for (const char *p = strchr(template, '{'); p; p = strchr(p, '{')) {
        if (p[1] == '{') {
            p += 2;
            continue;
        }
        p++;
        if (!read_slot(&p, &slot, e))
            return false;
    }
    return true;
}
