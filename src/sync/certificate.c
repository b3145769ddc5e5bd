#include "certificate.h"

#include "guitai/base/date.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

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

bool certificate_earliest(const char *pem, long long *out)
{
    bool found = false;
    for (const char *p = strstr(pem, PEM_BEGIN); p; p = strstr(p, PEM_BEGIN)) {
        long long until;
        size_t n;
        p += strlen(PEM_BEGIN);
        const char *end = strstr(p, PEM_END);
        if (!end)
            return false;
        unsigned char *der = decode(p, end, &n);
        bool ok = certificate_not_after(der, n, &until);
        free(der);
        if (!ok)
            return false;
        if (!found || until < *out)
            *out = until;
        found = true;
    }
    return found;
}
