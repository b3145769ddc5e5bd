#include "guitai/base/utf8.h"

#include <string.h>
#include <wchar.h>

size_t utf8_decode(const char *s, size_t n, uint32_t *cp)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *u = (const unsigned char *)s;
    size_t len = u[0] < 0x80 ? 1 : u[0] >= 0xF0 && u[0] <= 0xF4 ? 4 : u[0] >= 0xE0 && u[0] < 0xF0 ? 3
               : u[0] >= 0xC2 && u[0] < 0xE0 ? 2 : 0;
    *cp = UTF8_BAD;
    if (len == 0 || len > n)
        return 1;
    if (len == 1) {
        *cp = u[0];
        return 1;
    }
    uint32_t value = u[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((u[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (u[i] & 0x3Fu);
    }
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *cp = value;
    return len;
}

size_t utf8_encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0;
    size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    out[0] = (char)((0xF00u >> len & 0xFF) | cp);
    return len;
}

bool utf8_valid(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = utf8_decode(s + i, n - i, &cp);
        /* U+FFFD itself takes three bytes; the mark for a bad byte takes one. */
        if (cp == UTF8_BAD && used == 1)
            return false;
        i += used;
    }
    return true;
}

struct range {
    uint32_t from, to;
};

static bool in_ranges(uint32_t cp, const struct range *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= r[i].from && cp <= r[i].to)
            return true;
    return false;
}

bool utf8_is_han(uint32_t cp)
{
    static const struct range han[] = {
        { 0x4E00, 0x9FFF }, { 0x3400, 0x4DBF }, { 0x3007, 0x3007 }, { 0xF900, 0xFAFF },
        { 0x20000, 0x2FA1F }, { 0x30000, 0x3347F },
    };
    return in_ranges(cp, han, sizeof han / sizeof *han);
}

bool utf8_is_mark(uint32_t cp)
{
    static const struct range marks[] = {
        { 0x0300, 0x036F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x20D0, 0x20FF },
        { 0x302A, 0x302F }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xE0100, 0xE01EF },
    };
    if (cp < 0x300)
        return false;
    return in_ranges(cp, marks, sizeof marks / sizeof *marks) || wcwidth((wchar_t)cp) == 0;
}

static bool joins(uint32_t cp)
{
    static const struct range joining[] = {
        { 0x0600, 0x109F }, { 0x1800, 0x18AF }, { 0xFB50, 0xFDFF }, { 0xFE0F, 0xFE0F }, { 0xFE70, 0xFEFE },
        { 0x1F000, 0x1FAFF },
    };
    return in_ranges(cp, joining, sizeof joining / sizeof *joining);
}

bool utf8_is_garble(uint32_t cp, uint32_t before)
{
    static const struct range garble[] = {
        { 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x00AD, 0x00AD }, { 0x034F, 0x034F }, { 0x061C, 0x061C },
        { 0x115F, 0x1160 }, { 0x200B, 0x200B }, { 0x200E, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
        { 0x3164, 0x3164 }, { 0xFDD0, 0xFDEF }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF9, 0xFFFB },
        { 0xE0001, 0xE007F },
    };
    if (cp >= 0x20 && cp < 0x7F)
        return false;
    if (cp == 0x200C || cp == 0x200D)
        return !joins(before);
    return (cp & 0xFFFE) == 0xFFFE || in_ranges(cp, garble, sizeof garble / sizeof *garble);
}

void utf8_blank_controls(char *text, bool lines)
{
    size_t n = strlen(text), used;
    for (size_t i = 0; i < n; i += used) {
        uint32_t cp;
        used = utf8_decode(text + i, n - i, &cp);
        if ((cp < 0x20 && !(lines && cp == '\n')) || (cp >= 0x7F && cp < 0xA0))
            memset(text + i, ' ', used);
    }
}

int utf8_cell_width(uint32_t cp)
{
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        return 0;
    if (cp < 0x300)
        return 1;
    if (utf8_is_han(cp))
        return 2;
    if (utf8_is_mark(cp))
        return 0;
    int w = wcwidth((wchar_t)cp);
    return w < 0 ? 1 : w;
}

bool utf8_needs_substitute(uint32_t cp)
{
    return cp >= 0xA0 && wcwidth((wchar_t)cp) < 0;
}

size_t utf8_count(const char *s)
{
    size_t n = strlen(s), count = 0;
    uint32_t cp;
    for (size_t i = 0; i < n; count++)
        i += utf8_decode(s + i, n - i, &cp);
    return count;
}

size_t utf8_fit(const char *s, int cells, int *used)
{
    size_t n = strlen(s), i = 0;
    int sum = 0;
    while (i < n) {
        uint32_t cp;
        size_t len = utf8_decode(s + i, n - i, &cp);
        int w = utf8_cell_width(cp);
        if (sum + w > cells)
            break;
        sum += w;
        i += len;
    }
    if (used)
        *used = sum;
    return i;
}

int utf8_cells(const char *s)
{
    size_t n = strlen(s);
    int sum = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(s + i, n - i, &cp);
        sum += utf8_cell_width(cp);
    }
    return sum;
}

uint32_t utf8_fold_width(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFF01 + 0x21;
    return cp == 0x3000 ? ' ' : cp;
}

uint32_t utf8_fold_name_dot(uint32_t cp)
{
    switch (cp) {
    case 0x30FB: case 0xFF65: case 0x2022: case '.': case 0xFF0E: case 0x2027: case 0x2219: case 0x22C5:
        return 0xB7;
    default:
        return cp;
    }
}
