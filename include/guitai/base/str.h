/* A growable string with a cap.
 *
 * Every buffer that grows with input says at init how far it may grow; past that it stops growing and
 * remembers (overflow), and the caller reports it. Allocation failure aborts (xalloc.h). */
#ifndef GUITAI_BASE_STR_H
#define GUITAI_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
    char *p;       /* always NUL-terminated after the first append; NULL when empty and never used */
    size_t len;    /* bytes without the NUL */
    size_t cap;    /* private */
    size_t max;    /* the cap in bytes */
    bool overflow; /* something did not fit */
};

/* Empty string that may grow to `max` bytes. */
void str_init(struct str *s, size_t max);
/* Frees the memory; `s` is as after str_init with the same cap. */
void str_reset(struct str *s);
/* Empties without freeing. */
void str_clear(struct str *s);

/* Append. False, with overflow set and nothing appended, when the cap is reached. */
bool str_add(struct str *s, const char *text);
bool str_add_n(struct str *s, const char *bytes, size_t n);
bool str_add_char(struct str *s, char c);
bool str_add_repeat(struct str *s, const char *text, size_t times);
bool str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Hands the buffer to the caller, who frees it; never NULL. `s` is empty afterwards. */
char *str_steal(struct str *s) __attribute__((warn_unused_result));

/* A whole number in decimal and nothing else, from `least` to `most`. False leaves *out as it was. */
bool str_number(const char *text, long least, long most, long *out);

#endif
