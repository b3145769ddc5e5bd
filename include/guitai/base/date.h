/* Civil dates: parsing what clerks type, arithmetic by day, words. Working days are the database's business. */
#ifndef GUITAI_BASE_DATE_H
#define GUITAI_BASE_DATE_H

#include "guitai/base/err.h"

#include <stddef.h>

struct date {
    int year, month, day;
};

/* True when the date exists (proleptic Gregorian, years 1 to 9999). */
bool date_valid(struct date d);
struct date date_today(void); /* local time */
/* Days since 1970-01-01, and back. */
long date_to_days(struct date d);
struct date date_from_days(long days);
/* 1 Monday … 7 Sunday. */
int date_weekday(struct date d);
/* "一" … "日" or "Mon" … in the user's language. */
const char *date_weekday_name(struct date d);

/* Strict ISO: 2026-11-23. */
bool date_parse_iso(const char *text, struct date *out);
/* What may be typed: 2026-11-23, 2026/11/23, 2026年11月23日, 20261123, 1123 and 11-23 (this year), t, t+3, t-1
 * (calendar days from `today`), +5w (working days: *working receives 5 and *out is `today`; the caller asks the
 * database). Full-width characters are folded. Errors name what was expected. */
bool date_parse_typed(const char *text, struct date today, struct date *out, int *working, struct err *e);
/* "2026-11-23" into out (>= 11 bytes). Returns out. */
const char *date_iso(struct date d, char *out, size_t size);

#endif
