#include "certificate.h"

#include "guitai/base/date.h"
#include "guitai/base/xalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* How a kind of PEM object is written, and what is read out of it. */
struct kind {
    const char *begin, *end;
    bool (*until)(const unsigned char *der, size_t n, long long *out);
};

enum { TAG_INTEGER = 0x02, TAG_UTC_TIME = 0x17, TAG_GENERAL_TIME = 0x18, TAG_SEQUENCE = 0x30, TAG_VERSION = 0xA0 };

struct der {
    const unsigned char *p;
    size_t n;
};

/* Takes the next element off `from`: its tag and its contents. Lengths of at most three bytes: no certificate is
 * longer than 16 MiB. */
static bool take(struct der *from, int *tag, struct der *contents)
{
    if (from->n < 2)
        return false;
    size_t len = from->p[1], head = 2;
    if (len >= 0x80) {
        size_t bytes = len & 0x7F;
        if (bytes == 0 || bytes > 3 || from->n < 2 + bytes)
            return false;
        len = 0;
        for (size_t i = 0; i < bytes; i++)
            len = len << 8 | from->p[2 + i];
        head += bytes;
    }
    if (from->n - head < len)
        return false;
    *tag = from->p[0];
    *contents = (struct der){ from->p + head, len };
    from->p += head + len;
    from->n -= head + len;
    return true;
}

static bool expect(struct der *from, int wanted, struct der *contents)
{
    int tag;
    return take(from, &tag, contents) && tag == wanted;
}

static bool two_digits(const unsigned char *p, int *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *out = (p[0] - '0') * 10 + p[1] - '0';
    return true;
}

/* YYMMDDhhmmssZ (years below 50 are 20xx), or YYYYMMDDhhmmssZ. */
static bool read_time(int tag, struct der t, long long *out)
{
    int part[7] = { 0 };
    size_t digits = tag == TAG_UTC_TIME ? 12 : 14, n = 0;
    if ((tag != TAG_UTC_TIME && tag != TAG_GENERAL_TIME) || t.n != digits + 1 || t.p[digits] != 'Z')
        return false;
    if (tag == TAG_UTC_TIME)
        n = 1;
    for (size_t i = 0; i < digits; i += 2)
        if (!two_digits(t.p + i, &part[n++]))
            return false;
    if (tag == TAG_UTC_TIME)
        part[0] = part[1] < 50 ? 20 : 19;
    struct date d = { part[0] * 100 + part[1], part[2], part[3] };
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
        return false;
    *out = (long long)date_to_days(d) * 86400 + part[4] * 3600 + part[5] * 60 + part[6];
    return true;
}

bool certificate_not_after(const unsigned char *der, size_t n, long long *out)
{
    struct der all = { der, n }, certificate, facts, one, validity;
    int tag;
    if (!expect(&all, TAG_SEQUENCE, &certificate) || !expect(&certificate, TAG_SEQUENCE, &facts) ||
        !take(&facts, &tag, &one))
        return false;
    if (tag == TAG_VERSION && !take(&facts, &tag, &one))
        return false;
    return tag == TAG_INTEGER                       /* serial number */
           && expect(&facts, TAG_SEQUENCE, &one)    /* algorithm */
           && expect(&facts, TAG_SEQUENCE, &one)    /* issuer */
           && expect(&facts, TAG_SEQUENCE, &validity)
           && take(&validity, &tag, &one)           /* notBefore */
           && take(&validity, &tag, &one) && read_time(tag, one, out);
}

/* RFC 5280, 5.1: version (optional), algorithm, issuer, thisUpdate, nextUpdate (optional) … */
static bool crl_until(const unsigned char *der, size_t n, long long *out)
{
    struct der all = { der, n }, list, facts, one;
    int tag;
    if (!expect(&all, TAG_SEQUENCE, &list) || !expect(&list, TAG_SEQUENCE, &facts) || !take(&facts, &tag, &one))
        return false;
    if (tag == TAG_INTEGER && !take(&facts, &tag, &one))
        return false;
    if (tag != TAG_SEQUENCE || !expect(&facts, TAG_SEQUENCE, &one) /* algorithm, issuer */
        || !take(&facts, &tag, &one) || !read_time(tag, one, out)) /* thisUpdate */
        return false;
    if (!take(&facts, &tag, &one) || !read_time(tag, one, out))
        *out = LLONG_MAX;
    return true;
}

static int base64_value(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* Decodes what lies between `from` and `to`; line ends and padding are passed over. Owner: the caller. */
static unsigned char *decode(const char *from, const char *to, size_t *n)
{
    unsigned char *out = xmalloc((size_t)(to - from) + 1);
    unsigned bits = 0, have = 0;
    *n = 0;
    for (; from < to; from++) {
        int value = base64_value(*from);
        if (value < 0)
            continue;
        bits = bits << 6 | (unsigned)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[(*n)++] = (unsigned char)(bits >> have);
        }
    }
    return out;
}

static bool earliest(const char *pem, const struct kind *kind, long long *out)
{
    bool found = false;
    for (const char *p = strstr(pem, kind->begin); p; p = strstr(p, kind->begin)) {
        long long until;
        size_t n;
        p += strlen(kind->begin);
        const char *end = strstr(p, kind->end);
        if (!end)
            return false;
        unsigned char *der = decode(p, end, &n);
        bool ok = kind->until(der, n, &until);
        free(der);
        if (!ok)
            return false;
        if (!found || until < *out)
            *out = until;
        found = true;
    }
    return found;
}

bool certificate_earliest(const char *pem, long long *out)
{
    static const struct kind kind = { "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", certificate_not_after };
    return earliest(pem, &kind, out);
}

bool certificate_crl_earliest(const char *pem, long long *out)
{
    static const struct kind kind = { "-----BEGIN X509 CRL-----", "-----END X509 CRL-----", crl_until };
    return earliest(pem, &kind, out);
}
