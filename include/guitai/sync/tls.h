/* The certificates that a station shows to other halls: standard PEM files, named by the environment. */
#ifndef GUITAI_SYNC_TLS_H
#define GUITAI_SYNC_TLS_H

#include "guitai/base/err.h"

#include <stddef.h>

#define TLS_WARN_DAYS 30 /* expiry is told so long ahead */

/* Paths borrowed from the environment. */
struct tls_files {
    const char *certificate; /* GUITAI_TLS_CERT: own, with what leads to the authority */
    const char *key;         /* GUITAI_TLS_KEY */
    const char *authority;   /* GUITAI_TLS_CA: the authorities that peers are believed by; no other is */
    const char *revoked;     /* GUITAI_TLS_CRL, or NULL */
};

/* Are certificates named at all? A station without them does not send. */
bool tls_configured(void);
/* Reads the environment and looks whether every file can be read. ERR_INPUT naming the variable, ERR_IO the file. */
bool tls_from_environment(struct tls_files *out, struct err *e);

/* Last second (Unix time) in which every certificate of the PEM file holds: the earliest notAfter. ERR_IO,
 * ERR_INPUT. */
bool tls_expiry(const char *path, long long *out, struct err *e);
/* Whether the list of revoked certificates should have been renewed by `now` (its nextUpdate): TLS believes nobody then. */
bool tls_list_overdue(const struct tls_files *files, long long now);
/* A sentence when own certificate or authority end within TLS_WARN_DAYS of `now` (Unix time), or have ended, or the list of
 * revoked ones is overdue; "" when nothing is to be said, or a file cannot be read (sending tells that). Returns out. */
const char *tls_warning(const struct tls_files *files, long long now, char *out, size_t size);

#endif
