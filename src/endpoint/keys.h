/* Certificates: our own, and whom we believe. The only place, with face.c, that knows GnuTLS. */
#ifndef GUITAI_ENDPOINT_KEYS_H
#define GUITAI_ENDPOINT_KEYS_H

#include "config.h"
#include "reason.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#define KEYS_WARN_DAYS 30

struct keys;

/* Reads the files of `c`: certificate (and key, for the TLS face), authority, revocation lists. Errors (ERR_INPUT) name
 * the file: a list that the authority has not signed, a key that does not belong to the certificate, … Owner: the caller. */
struct keys *keys_load(const struct config *c, struct err *e) __attribute__((warn_unused_result));
void keys_free(struct keys **k);
/* Whole days until our own certificate ends (0: today or past); -1 when there is none to look at. */
int keys_days(const struct keys *k);
/* True when a revocation list is past the day on which the next one was due. It goes on counting. */
bool keys_list_is_old(const struct keys *k);

/* Who the client of a session is: its certificate is of our authority, in force, not revoked, made for clients, and its
 * one common name is six digits, which go to `code` (7 bytes). Anything else is the reason to refuse it. */
enum reason keys_client(const struct keys *k, gnutls_session_t session, char *code);
/* "320321" and nothing else. */
bool keys_is_division(const char *text);

/* The certificate that handshakes from now on are answered with. Borrowed; NULL: none. */
void keys_present(const struct keys *k);
/* For gnutls_certificate_set_retrieve_function2: gives what keys_present named. */
int keys_retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                  const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **certificates,
                  unsigned int *certificate_count, gnutls_privkey_t *key);

#endif
