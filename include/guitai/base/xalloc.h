/* Allocation that does not return NULL: a counter station without memory stops, it does not guess. */
#ifndef GUITAI_BASE_XALLOC_H
#define GUITAI_BASE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, warn_unused_result));
/* Zeroed; aborts when n * size overflows. */
void *xcalloc(size_t n, size_t size) __attribute__((malloc, warn_unused_result));
void *xrealloc(void *p, size_t n, size_t size) __attribute__((warn_unused_result));
char *xstrdup(const char *s) __attribute__((malloc, warn_unused_result));
char *xstrndup(const char *s, size_t n) __attribute__((malloc, warn_unused_result));
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2), malloc, warn_unused_result));

/* Overwrites memory that held a password, in a way that the compiler keeps. */
void wipe(void *p, size_t n);

#endif
