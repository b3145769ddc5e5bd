#include "admin.h"

#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define NAME_MAX_UNITS 400

/* Words in which ICU, which reads character by character, takes the wrong one of several readings. */
static const struct {
    const char *word, *initials;
} readings[] = {
    { "银行", "yh" }, { "行业", "hy" }, { "商行", "sh" }, { "行号", "hh" }, { "会计", "kj" }, { "重建", "cj" },
    { "重新", "cx" }, { "重组", "cz" }, { "重审", "cs" }, { "长期", "cq" }, { "长途", "ct" }, { "长度", "cd" },
    { "调整", "tz" }, { "调解", "tj" }, { "调节", "tj" }, { "系统", "xt" }, { "参加", "cj" }, { "藏品", "cp" },
    { "校验", "jy" }, { "校准", "jz" }, { "传记", "zj" }, { "朝阳", "cy" }, { "音乐", "yy" }, { "降低", "jd" },
    { "率", "l" },    { "车", "c" },    { "厦门", "xm" }, { "大厦", "ds" }, { "单县", "sx" }, { "仇", "q" },
};

/* One character as pinyin; its first letter, or '\0'. */
static char first_letter(UTransliterator *t, const char *s, size_t n)
{
    UChar text[32];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(text, 32, &len, s, (int32_t)n, &status);
    int32_t limit = len;
    utrans_transUChars(t, text, &len, 32, 0, &limit, &status);
    if (U_FAILURE(status) || len == 0 || text[0] >= 0x80)
        return '\0';
    return (char)(isalnum(text[0]) ? tolower(text[0]) : '\0');
}

static size_t known_word(const char *s, struct str *out)
{
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        size_t n = strlen(readings[i].word);
        if (strncmp(s, readings[i].word, n) == 0) {
            str_add(out, readings[i].initials);
            return n;
        }
    }
    return 0;
}

static void add_character(UTransliterator *t, const char *s, size_t n, uint32_t cp, struct str *out)
{
    uint32_t folded = utf8_fold_width(cp);
    if (folded < 0x80) {
        if (isalnum((int)folded))
            str_add_char(out, (char)tolower((int)folded));
        return;
    }
    char letter = t && utf8_is_han(cp) ? first_letter(t, s, n) : '\0';
    if (letter)
        str_add_char(out, letter);
}

char *pinyin_initials(const char *name)
{
    UChar id[64];
    UErrorCode status = U_ZERO_ERROR;
    u_uastrcpy(id, "Han-Latin; Latin-ASCII");
    UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    struct str out;
    str_init(&out, NAME_MAX_UNITS);
    size_t len = strlen(name);
    for (size_t i = 0; i < len;) {
        size_t used = known_word(name + i, &out);
        if (used == 0) {
            uint32_t cp;
            used = utf8_decode(name + i, len - i, &cp);
            add_character(t, name + i, used, cp, &out);
        }
        i += used;
    }
    if (t)
        utrans_close(t);
    return str_steal(&out);
}
