#include "guitai/base/date.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TYPED_MAX 32
#define OFFSET_MAX 3660 /* ten years: more is a slip of the finger */

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool date_valid(struct date d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
        return false;
    return d.day <= days[d.month - 1] + (d.month == 2 && leap(d.year));
}

struct date date_today(void)
{
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    return (struct date){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday };
}

/* Days-from-civil and back by eras of 400 years (H. Hinnant, "chrono-compatible low-level date algorithms"). */
long date_to_days(struct date d)
{
    long y = d.month <= 2 ? d.year - 1 : d.year;
    long era = (y >= 0 ? y : y - 399) / 400;
    long yoe = y - era * 400;
    long doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    long doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct date date_from_days(long days)
{
    days += 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long doe = days - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    int day = (int)(doy - (153 * mp + 2) / 5 + 1);
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    int year = (int)(yoe + era * 400 + (month <= 2));
    return (struct date){ year, month, day };
}

int date_weekday(struct date d)
{
    long r = (date_to_days(d) + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(r < 0 ? r + 7 : r) + 1;
}

const char *date_weekday_name(struct date d)
{
    static const char *const zh[] = { "一", "二", "三", "四", "五", "六", "日" };
    static const char *const en[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    int i = date_weekday(d) - 1;
    return i18n_english() ? en[i] : zh[i];
}

bool date_parse_iso(const char *text, struct date *out)
{
    struct date d;
    for (size_t i = 0; i < 10; i++) /* sscanf alone takes blanks and signs for digits */
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    if (text[10] || sscanf(text, "%4d-%2d-%2d", &d.year, &d.month, &d.day) != 3 || !date_valid(d))
        return false;
    *out = d;
    return true;
}

const char *date_iso(struct date d, char *out, size_t size)
{
    snprintf(out, size, "%04d-%02d-%02d", d.year, d.month, d.day);
    return out;
}

/* ASCII form of what was typed: full width folded, 年月 and / become -, 日 and blanks go. */
static bool normalise(const char *text, char *out, size_t size)
{
    size_t n = strlen(text), len = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(text + i, n - i, &cp);
        cp = utf8_fold_width(cp);
        if (cp == 0x5E74 || cp == 0x6708 || cp == '/' || cp == '.') /* 年 月 */
            cp = '-';
        if (cp == ' ' || cp == 0x65E5) /* 日 */
            continue;
        if (cp >= 0x80 || len + 1 >= size)
            return false;
        out[len++] = (char)tolower((int)cp);
    }
    out[len] = '\0';
    return len > 0;
}

static bool all_digits(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "0123456789") == n;
}

/* t, t+3, t-1, +5w */
static bool parse_relative(const char *s, struct date today, struct date *out, int *working)
{
    const char *p = s;
    if (*p == 't')
        p++;
    if (*p == '\0' && p != s) {
        *out = today;
        return true;
    }
    if (*p != '+' && *p != '-')
        return false;
    char *end;
    long n = strtol(p, &end, 10);
    if (end == p + 1 || n > OFFSET_MAX || n < -OFFSET_MAX)
        return false;
    if (strcmp(end, "w") == 0 && n >= 0) {
        *working = (int)n;
        *out = today;
        return true;
    }
    if (*end != '\0')
        return false;
    *out = date_from_days(date_to_days(today) + n);
    return true;
}

static bool parse_absolute(const char *s, struct date today, struct date *out)
{
    struct date d = { 0, 0, 0 };
    int n = 0;
    if (all_digits(s, 8))
        sscanf(s, "%4d%2d%2d", &d.year, &d.month, &d.day);
    else if (all_digits(s, 4)) {
        d.year = today.year;
        sscanf(s, "%2d%2d", &d.month, &d.day);
    } else if (sscanf(s, "%4d-%2d-%2d%n", &d.year, &d.month, &d.day, &n) == 3 && s[n] == '\0' && d.year > 31) {
    } else if (sscanf(s, "%2d-%2d%n", &d.month, &d.day, &n) == 2 && s[n] == '\0')
        d.year = today.year;
    else
        return false;
    *out = d;
    return date_valid(d);
}

bool date_parse_typed(const char *text, struct date today, struct date *out, int *working, struct err *e)
{
    char s[TYPED_MAX];
    *working = 0;
    if (normalise(text, s, sizeof s) && (parse_relative(s, today, out, working) || parse_absolute(s, today, out)))
        return true;
    err_set(e, ERR_INPUT, _("“%s” is not a date"), text);
    return err_hint(e, "%s", _("type 2026-11-23, 1123, t (today), t+3 or +5w (working days)"));
}
