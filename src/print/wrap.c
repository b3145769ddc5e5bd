#include "wrap.h"

#include "guitai/base/utf8.h"

#include <string.h>

static bool in_set(uint32_t cp, const char *set)
{
    for (size_t i = 0, n = strlen(set); i < n;) {
        uint32_t one;
        i += utf8_decode(set + i, n - i, &one);
        if (one == cp)
            return true;
    }
    return false;
}

/* A line may neither begin with these … */
static bool closes(uint32_t cp)
{
    return in_set(cp, ",.;:!?)]}%，。；：！？、）】》」』〉〕％…—·”’");
}

/* … nor end with these. */
static bool opens(uint32_t cp)
{
    return in_set(cp, "([{（【《「『〈〔“‘");
}

static bool is_word(uint32_t cp)
{
    return utf8_cell_width(cp) == 1 && cp > ' ' && !in_set(cp, "“”‘’…—");
}

/* May a line end between `left` and `right`? */
static bool may_break(uint32_t left, uint32_t right)
{
    if (right == ' ' || left == ' ')
        return right != ' ';
    if (closes(right) || opens(left) || utf8_is_mark(right))
        return false;
    return !(is_word(left) && is_word(right));
}

size_t wrap_line(const char *s, int cells, size_t *skip)
{
    size_t n = strlen(s), at = 0, good = 0;
    uint32_t left = 0;
    int used = 0;
    *skip = 0;
    while (at < n) {
        uint32_t cp;
        size_t bytes = utf8_decode(s + at, n - at, &cp);
        if (cp == '\n') {
            *skip = 1;
            return at;
        }
        if (at > 0 && may_break(left, cp))
            good = at;
        int width = utf8_cell_width(cp);
        if (used + width > cells && at > 0) {
            size_t end = cp == ' ' ? at : good ? good : at;
            *skip = strspn(s + end, " ");
            while (end > 0 && s[end - 1] == ' ')
                end--;
            return end ? end : at;
        }
        used += width;
        left = cp;
        at += bytes;
    }
    return n;
}
