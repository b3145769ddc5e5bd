/* The one fact that is read out of a certificate here: until when it holds. DER by hand (RFC 5280, X.690), so that a
 * warning needs no TLS library in a workstation that has not sent anything yet. Pure; private to src/sync. */
#ifndef GUITAI_SYNC_CERTIFICATE_H
#define GUITAI_SYNC_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

/* notAfter of one DER certificate as Unix time. False when it is none. */
bool certificate_not_after(const unsigned char *der, size_t n, long long *out);
/* The earliest notAfter of all certificates in a PEM text. False when it holds none, or one that cannot be read. */
bool certificate_earliest(const char *pem, long long *out);
/* The earliest nextUpdate of all lists of revoked certificates in a PEM text; the same. A list without one has no end:
 * LLONG_MAX. */
bool certificate_crl_earliest(const char *pem, long long *out);

#endif
