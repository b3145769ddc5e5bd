#include "choice_match.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD_SIZE 192
#define WORDS_MAX 4
#define NO_MATCH 0

struct words {
    char text[WORDS_MAX][WORD_SIZE];
    size_t count;
};

/* Parts the search at blanks, folded to half width and lower case. */
static void split(const char *search, struct words *w)
{
    size_t n = strlen(search), len = 0;
    w->count = 0;
    for (size_t i = 0; i <= n && w->count < WORDS_MAX;) {
        uint32_t cp = ' ';
        i += i < n ? utf8_decode(search + i, n - i, &cp) : 1;
        cp = utf8_fold_width(cp);
        if (cp < 0x80)
            cp = (uint32_t)tolower((int)cp);
        char *word = w->text[w->count];
        if (cp != ' ' && len + UTF8_MAX < WORD_SIZE) {
            len += utf8_encode(cp, word + len);
        } else if (cp == ' ' && len > 0) {
            word[len] = '\0';
            w->count++;
            len = 0;
        }
    }
}

/* The better the place where a word is found, the higher. */
static int rank_word(const struct choice *c, const char *word)
{
    const char *initials = c->initials ? c->initials : "", *en = c->en ? c->en : "";
    size_t n = strlen(word);
    if (strcasecmp(c->code, word) == 0)
        return 9;
    if (strcmp(c->zh, word) == 0 || strcasecmp(initials, word) == 0)
        return 8;
    if (strncasecmp(c->code, word, n) == 0)
        return 7;
    if (strncmp(c->zh, word, n) == 0)
        return 6;
    if (strncasecmp(initials, word, n) == 0)
        return 5;
    if (strncasecmp(en, word, n) == 0)
        return 4;
    if (strstr(c->zh, word))
        return 3;
    if (strcasestr(initials, word))
        return 2;
    return strcasestr(en, word) ? 1 : NO_MATCH;
}

static int rank(const struct choice *c, const struct words *w)
{
    int sum = 1;
    for (size_t i = 0; i < w->count; i++) {
        int one = rank_word(c, w->text[i]);
        if (one == NO_MATCH)
            return NO_MATCH;
        sum += one;
    }
    return sum;
}

struct ranked {
    const struct choice *choice;
    int rank;
    size_t order;
};

static int better(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return y->rank - x->rank;
    return x->order < y->order ? -1 : 1;
}

size_t choice_match(const char *search, const struct choice *const *offered, size_t n,
                    const struct choice **out)
{
    struct words w;
    split(search, &w);
    struct ranked *found = xcalloc(n + 1, sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        int r = rank(offered[i], &w);
        if (r != NO_MATCH)
            found[count++] = (struct ranked){ offered[i], r, i };
    }
    qsort(found, count, sizeof *found, better);
    for (size_t i = 0; i < count; i++)
        out[i] = found[i].choice;
    free(found);
    return count;
}

const struct choice *choice_match_code(const char *search, const struct choice *const *offered, size_t n)
{
    const struct choice *exact = NULL;
    size_t len = strlen(search);
    for (size_t i = 0; i < n && len > 0; i++) {
        if (strncasecmp(offered[i]->code, search, len) != 0)
            continue;
        if (offered[i]->code[len])
            return NULL;
        exact = offered[i];
    }
    return exact;
}
