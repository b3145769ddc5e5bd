#include "keys.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PEM_MAX_BYTES (4u << 20)
#define CHAIN_MAX 8
#define DAY_SECONDS 86400

struct keys {
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned int chain_count;
    gnutls_privkey_t key;
    gnutls_x509_trust_list_t trust;
    time_t ends;      /* of our own certificate; 0: there is none */
    time_t next_list; /* the earliest day on which a new revocation list is due; 0: none */
};

static const struct keys *presented;

static bool said(int rc, const char *path, struct err *e)
{
    return rc >= 0 || err_set(e, ERR_INPUT, "%s: %s", path, gnutls_strerror(rc));
}

static bool read_pem(const char *path, gnutls_datum_t *pem, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(path, PEM_MAX_BYTES, &text, &len, e))
        return false;
    *pem = (gnutls_datum_t){ .data = (unsigned char *)text, .size = (unsigned int)len };
    return true;
}

static void forget_pem(gnutls_datum_t *pem)
{
    wipe(pem->data, pem->size);
    free(pem->data);
}

/* ---- our own ---- */

static bool note_end(struct keys *k, const char *path, const gnutls_datum_t *pem, struct err *e)
{
    gnutls_x509_crt_t *list = NULL;
    unsigned int n = 0;
    if (!said(gnutls_x509_crt_list_import2(&list, &n, pem, GNUTLS_X509_FMT_PEM, 0), path, e))
        return false;
    k->ends = gnutls_x509_crt_get_expiration_time(list[0]);
    for (unsigned int i = 0; i < n; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return true;
}

static bool load_certificate(struct keys *k, const char *path, struct err *e)
{
    gnutls_datum_t pem;
    if (!read_pem(path, &pem, e))
        return false;
    k->chain_count = CHAIN_MAX;
    int rc = gnutls_pcert_list_import_x509_raw(k->chain, &k->chain_count, &pem, GNUTLS_X509_FMT_PEM, 0);
    if (rc < 0)
        k->chain_count = 0;
    bool ok = said(rc, path, e) && note_end(k, path, &pem, e);
    forget_pem(&pem);
    return ok;
}

static bool key_belongs(const struct keys *k, const char *path, struct err *e)
{
    gnutls_pubkey_t public;
    unsigned char own[64], theirs[64];
    size_t own_size = sizeof own, theirs_size = sizeof theirs;
    gnutls_pubkey_init(&public);
    bool same = gnutls_pubkey_import_privkey(public, k->key, 0, 0) == 0 &&
                gnutls_pubkey_get_key_id(public, 0, own, &own_size) == 0 &&
                gnutls_pubkey_get_key_id(k->chain[0].pubkey, 0, theirs, &theirs_size) == 0 && own_size == theirs_size &&
                memcmp(own, theirs, own_size) == 0;
    gnutls_pubkey_deinit(public);
    return same || err_set(e, ERR_INPUT, _("%s: the key does not belong to the certificate"), path);
}

static bool load_key(struct keys *k, const char *path, struct err *e)
{
    gnutls_datum_t pem;
    if (!read_pem(path, &pem, e))
        return false;
    int rc = gnutls_privkey_init(&k->key);
    if (rc >= 0)
        rc = gnutls_privkey_import_x509_raw(k->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    forget_pem(&pem);
    return said(rc, path, e) && key_belongs(k, path, e);
}

/* ---- whom we believe ---- */

static bool trust_authority(struct keys *k, const char *path, gnutls_x509_crt_t **list, unsigned int *n, struct err *e)
{
    gnutls_datum_t pem;
    if (!read_pem(path, &pem, e))
        return false;
    int rc = gnutls_x509_crt_list_import2(list, n, &pem, GNUTLS_X509_FMT_PEM, 0);
    forget_pem(&pem);
    if (!said(rc, path, e))
        return false;
    /* the trust list takes the certificates over; they are looked at again for the lists of revocation */
    rc = gnutls_x509_trust_list_add_cas(k->trust, *list, *n, 0);
    return said(rc, path, e);
}

/* Its age is no reason to drop a list: an old one still names what was revoked. */
static bool list_is_signed(gnutls_x509_crl_t crl, const gnutls_x509_crt_t *authority, unsigned int n)
{
    unsigned int status = 0;
    const unsigned int age = GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED | GNUTLS_CERT_INVALID;
    int rc = gnutls_x509_crl_verify(crl, authority, n, 0, &status);
    return rc >= 0 && (status & ~age) == 0 &&
           (!(status & GNUTLS_CERT_INVALID) || (status & GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED));
}

static void note_next_list(struct keys *k, gnutls_x509_crl_t crl)
{
    time_t next = gnutls_x509_crl_get_next_update(crl);
    if (next > 0 && (k->next_list == 0 || next < k->next_list))
        k->next_list = next;
}

static bool trust_lists(struct keys *k, const char *path, const gnutls_x509_crt_t *authority, unsigned int n,
                        struct err *e)
{
    gnutls_datum_t pem;
    gnutls_x509_crl_t *lists = NULL;
    unsigned int count = 0;
    if (!read_pem(path, &pem, e))
        return false;
    int rc = gnutls_x509_crl_list_import2(&lists, &count, &pem, GNUTLS_X509_FMT_PEM, 0);
    forget_pem(&pem);
    bool ok = said(rc, path, e);
    for (unsigned int i = 0; i < count; i++) {
        note_next_list(k, lists[i]);
        if (ok && !list_is_signed(lists[i], authority, n))
            ok = err_set(e, ERR_INPUT, _("%s: a revocation list that the authority has not signed"), path);
        if (!ok)
            gnutls_x509_crl_deinit(lists[i]);
        else if (gnutls_x509_trust_list_add_crls(k->trust, &lists[i], 1, 0, 0) != 1)
            ok = err_set(e, ERR_INPUT, _("%s: a revocation list that cannot be used"), path);
    }
    gnutls_free(lists);
    return ok;
}

static bool load_trust(struct keys *k, const struct config *c, struct err *e)
{
    gnutls_x509_crt_t *authority = NULL;
    unsigned int n = 0;
    if (!said(gnutls_x509_trust_list_init(&k->trust, 0), c->authority, e))
        return false;
    bool ok = trust_authority(k, c->authority, &authority, &n, e) &&
              (!*c->revoked || trust_lists(k, c->revoked, authority, n, e));
    gnutls_free(authority);
    return ok;
}

struct keys *keys_load(const struct config *c, struct err *e)
{
    struct keys *k = xcalloc(1, sizeof *k);
    bool ok = (!*c->certificate || load_certificate(k, c->certificate, e)) &&
              (!*c->listen || (load_key(k, c->key, e) && load_trust(k, c, e)));
    if (!ok)
        keys_free(&k);
    return k;
}

void keys_free(struct keys **k)
{
    if (!*k)
        return;
    for (unsigned int i = 0; i < (*k)->chain_count; i++)
        gnutls_pcert_deinit(&(*k)->chain[i]);
    if ((*k)->key)
        gnutls_privkey_deinit((*k)->key);
    if ((*k)->trust)
        gnutls_x509_trust_list_deinit((*k)->trust, 1);
    free(*k);
    *k = NULL;
}

int keys_days(const struct keys *k)
{
    if (k->ends == 0)
        return -1;
    time_t left = k->ends - time(NULL);
    return left > 0 ? (int)(left / DAY_SECONDS) : 0;
}

bool keys_list_is_old(const struct keys *k)
{
    return k->next_list != 0 && k->next_list < time(NULL);
}

/* ---- the client ---- */

bool keys_is_division(const char *text)
{
    return strlen(text) == 6 && strspn(text, "0123456789") == 6;
}

static enum reason name_of(gnutls_x509_crt_t certificate, char *code)
{
    char name[64];
    size_t size = sizeof name, none = 0;
    int rc = gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size);
    if (rc < 0 || size >= sizeof name || memchr(name, '\0', size))
        return REASON_NAME;
    name[size] = '\0';
    /* a second name would leave open which of them the authority vouched for */
    rc = gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 1, 0, NULL, &none);
    if (rc != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE || !keys_is_division(name))
        return REASON_NAME;
    strcpy(code, name);
    return REASON_NONE;
}

static bool is_for_clients(gnutls_x509_crt_t certificate)
{
    for (unsigned int i = 0; i < 16; i++) {
        char oid[64];
        size_t size = sizeof oid;
        if (gnutls_x509_crt_get_key_purpose_oid(certificate, i, oid, &size, NULL) < 0)
            return false;
        if (strcmp(oid, GNUTLS_KP_TLS_WWW_CLIENT) == 0)
            return true;
    }
    return false;
}

static enum reason status_reason(unsigned int status)
{
    if (status & GNUTLS_CERT_REVOKED)
        return REASON_REVOKED;
    if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
        return REASON_EXPIRED;
    if (status & GNUTLS_CERT_PURPOSE_MISMATCH)
        return REASON_PURPOSE;
    return status ? REASON_FOREIGN : REASON_NONE;
}

static enum reason judge(const struct keys *k, gnutls_x509_crt_t *chain, unsigned int n, char *code)
{
    gnutls_typed_vdata_st purpose = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
                                      .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT };
    unsigned int status = 0;
    int rc = gnutls_x509_trust_list_verify_crt2(k->trust, chain, n, &purpose, 1,
                                                GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL);
    if (rc < 0)
        return REASON_FOREIGN;
    enum reason why = status_reason(status);
    if (why == REASON_NONE && !is_for_clients(chain[0]))
        why = REASON_PURPOSE;
    return why == REASON_NONE ? name_of(chain[0], code) : why;
}

enum reason keys_client(const struct keys *k, gnutls_session_t session, char *code)
{
    unsigned int n = 0, used = 0;
    gnutls_x509_crt_t chain[CHAIN_MAX];
    const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &n);
    if (!peers || n == 0)
        return REASON_NO_CERTIFICATE;
    enum reason why = n > CHAIN_MAX ? REASON_FOREIGN : REASON_NONE;
    for (; why == REASON_NONE && used < n; used++) {
        gnutls_x509_crt_init(&chain[used]);
        if (gnutls_x509_crt_import(chain[used], &peers[used], GNUTLS_X509_FMT_DER) < 0)
            why = REASON_FOREIGN;
    }
    if (why == REASON_NONE)
        why = judge(k, chain, n, code);
    while (used > 0)
        gnutls_x509_crt_deinit(chain[--used]);
    return why;
}

/* ---- handshakes ---- */

void keys_present(const struct keys *k)
{
    presented = k;
}

int keys_retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                  const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **certificates,
                  unsigned int *certificate_count, gnutls_privkey_t *key)
{
    (void)session, (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
    if (!presented)
        return -1;
    *certificates = (gnutls_pcert_st *)presented->chain;
    *certificate_count = presented->chain_count;
    *key = presented->key;
    return 0;
}
