#include "textedit_private.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 128 /* a password never moves, so that no copy of it stays behind */

struct textedit_bytes {
    char *p;
    size_t size;
    bool stale;
};

struct textedit *textedit_new(size_t max_chars, bool multiline)
{
    struct textedit *t = xcalloc(1, sizeof *t);
    t->max = max_chars;
    t->multiline = multiline;
    t->goal_x = -1;
    t->bytes = xcalloc(1, sizeof *t->bytes);
    t->bytes->stale = true;
    return t;
}

/* The text may have been a password: no copy of it stays in freed memory. */
static void forget_bytes(struct textedit_bytes *b)
{
    if (b->p && !b->stale)
        wipe(b->p, b->size);
    b->stale = true;
}

void textedit_free(struct textedit **t)
{
    if (!*t)
        return;
    forget_bytes((*t)->bytes);
    free((*t)->bytes->p);
    free((*t)->bytes);
    if ((*t)->cp)
        wipe((*t)->cp, (*t)->len * sizeof *(*t)->cp);
    free((*t)->cp);
    free(*t);
    *t = NULL;
}

/* Every change of the text ends here. */
static bool changed(struct textedit *t)
{
    forget_bytes(t->bytes);
    t->goal_x = -1;
    while (!textedit_at_boundary(t, t->cursor))
        t->cursor++;
    return true;
}

static bool in(uint32_t cp, uint32_t from, uint32_t to)
{
    return cp >= from && cp <= to;
}

static bool insertable(const struct textedit *t, uint32_t cp)
{
    char scratch[UTF8_MAX];
    if (cp == '\n')
        return t->multiline;
    return !utf8_is_garble(cp, textedit_char_before(t)) && utf8_encode(cp, scratch) > 0;
}

static void reserve(struct textedit *t, size_t room)
{
    if (room <= t->cap)
        return;
    size_t cap = t->cap ? t->cap * 2 : FIRST_ROOM;
    t->cap = cap < room ? room : cap;
    t->cp = xrealloc(t->cp, t->cap, sizeof *t->cp);
}

static void put(struct textedit *t, uint32_t cp)
{
    reserve(t, t->len + 1);
    memmove(t->cp + t->cursor + 1, t->cp + t->cursor, (t->len - t->cursor) * sizeof *t->cp);
    t->cp[t->cursor++] = cp;
    t->len++;
}

bool textedit_insert(struct textedit *t, uint32_t cp)
{
    if (textedit_full(t) || !insertable(t, cp))
        return false;
    put(t, cp);
    return changed(t);
}

bool textedit_set(struct textedit *t, const char *utf8)
{
    size_t n = strlen(utf8);
    bool whole = true;
    if (t->cp)
        wipe(t->cp, t->len * sizeof *t->cp);
    t->len = t->cursor = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(utf8 + i, n - i, &cp);
        if (cp == '\t' || (cp == '\n' && !t->multiline))
            cp = ' ';
        if (!insertable(t, cp))
            continue;
        if (textedit_full(t)) {
            whole = false;
            break;
        }
        put(t, cp);
    }
    changed(t);
    return whole;
}

const char *textedit_get(const struct textedit *t)
{
    struct textedit_bytes *b = t->bytes;
    size_t need = t->len * UTF8_MAX + 1, n = 0;
    if (!b->stale)
        return b->p;
    if (need > b->size) {
        free(b->p);
        b->size = need < FIRST_ROOM ? FIRST_ROOM : need * 2;
        b->p = xmalloc(b->size);
    }
    for (size_t i = 0; i < t->len; i++)
        n += utf8_encode(t->cp[i], b->p + n);
    b->p[n] = '\0';
    b->stale = false;
    return b->p;
}

size_t textedit_length(const struct textedit *t)
{
    return t->len;
}

size_t textedit_cursor(const struct textedit *t)
{
    return t->cursor;
}

bool textedit_full(const struct textedit *t)
{
    return t->len >= t->max;
}

uint32_t textedit_char_before(const struct textedit *t)
{
    return t->cursor > 0 ? t->cp[t->cursor - 1] : 0;
}

void textedit_set_wrap(struct textedit *t, int cells)
{
    t->wrap = cells;
}

void textedit_set_max(struct textedit *t, size_t max_chars)
{
    t->max = max_chars;
}

bool textedit_at_boundary(const struct textedit *t, size_t at)
{
    return at == 0 || at >= t->len || t->cp[at - 1] == '\n' || !utf8_is_mark(t->cp[at]);
}

size_t textedit_before(const struct textedit *t, size_t at)
{
    if (at == 0)
        return 0;
    do
        at--;
    while (!textedit_at_boundary(t, at));
    return at;
}

size_t textedit_after(const struct textedit *t, size_t at)
{
    if (at >= t->len)
        return t->len;
    do
        at++;
    while (!textedit_at_boundary(t, at));
    return at;
}

/* A word is a run of one class. Chinese has no blanks between words, so a run of Han ends at punctuation. */
enum char_class { CLASS_BLANK, CLASS_LETTER, CLASS_HAN, CLASS_OTHER };

static enum char_class class_of(uint32_t cp)
{
    if (cp == ' ' || cp == '\n' || cp == 0x3000)
        return CLASS_BLANK;
    if (utf8_is_han(cp))
        return CLASS_HAN;
    uint32_t ascii = utf8_fold_width(cp);
    bool alnum = in(ascii, '0', '9') || in(ascii, 'A', 'Z') || in(ascii, 'a', 'z');
    return alnum || in(cp, 0xC0, 0x24F) ? CLASS_LETTER : CLASS_OTHER;
}

static size_t word_left(const struct textedit *t)
{
    size_t at = t->cursor;
    while (at > 0 && class_of(t->cp[textedit_before(t, at)]) == CLASS_BLANK)
        at = textedit_before(t, at);
    if (at == 0)
        return 0;
    enum char_class run = class_of(t->cp[textedit_before(t, at)]);
    while (at > 0 && class_of(t->cp[textedit_before(t, at)]) == run)
        at = textedit_before(t, at);
    return at;
}

static size_t word_right(const struct textedit *t)
{
    size_t at = t->cursor;
    if (at < t->len) {
        enum char_class run = class_of(t->cp[at]);
        while (at < t->len && class_of(t->cp[at]) == run)
            at = textedit_after(t, at);
    }
    while (at < t->len && class_of(t->cp[at]) == CLASS_BLANK)
        at = textedit_after(t, at);
    return at;
}

static size_t line_start(const struct textedit *t)
{
    size_t at = t->cursor;
    while (at > 0 && t->cp[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct textedit *t)
{
    size_t at = t->cursor;
    while (at < t->len && t->cp[at] != '\n')
        at++;
    return at;
}

bool textedit_move(struct textedit *t, enum textedit_move how)
{
    size_t to = t->cursor;
    switch (how) {
    case TEXTEDIT_LEFT:
        to = textedit_before(t, t->cursor);
        break;
    case TEXTEDIT_RIGHT:
        to = textedit_after(t, t->cursor);
        break;
    case TEXTEDIT_WORD_LEFT:
        to = word_left(t);
        break;
    case TEXTEDIT_WORD_RIGHT:
        to = word_right(t);
        break;
    case TEXTEDIT_HOME:
        to = line_start(t);
        break;
    case TEXTEDIT_END:
        to = line_end(t);
        break;
    case TEXTEDIT_UP:
        return t->multiline && textedit_move_row(t, -1);
    case TEXTEDIT_DOWN:
        return t->multiline && textedit_move_row(t, +1);
    }
    bool moved = to != t->cursor;
    t->cursor = to;
    t->goal_x = -1;
    return moved;
}

static bool cut(struct textedit *t, size_t from, size_t to)
{
    if (from >= to)
        return false;
    memmove(t->cp + from, t->cp + to, (t->len - to) * sizeof *t->cp);
    t->len -= to - from;
    t->cursor = from;
    return changed(t);
}

bool textedit_backspace(struct textedit *t)
{
    return cut(t, textedit_before(t, t->cursor), t->cursor);
}

bool textedit_delete(struct textedit *t)
{
    return cut(t, t->cursor, textedit_after(t, t->cursor));
}

bool textedit_delete_word(struct textedit *t)
{
    return cut(t, word_left(t), t->cursor);
}

bool textedit_clear_to_end(struct textedit *t)
{
    return cut(t, t->cursor, line_end(t));
}

bool textedit_clear(struct textedit *t)
{
    return cut(t, 0, t->len);
}
