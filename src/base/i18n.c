#include "guitai/base/i18n.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool english;

static const char *wanted_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "";
}

void i18n_init(const char *locale_dir)
{
    const char *wanted = wanted_language();
    english = wanted[0] == 'e' && wanted[1] == 'n';
    /* The messages follow LANGUAGE; the locale itself only has to be a UTF-8 one, and C.UTF-8 is always there. */
    setlocale(LC_ALL, "C.UTF-8");
    setenv("LANGUAGE", english ? "en" : "zh_CN", 1);
    if (!locale_dir)
        locale_dir = getenv("GUITAI_LOCALEDIR");
    bindtextdomain("guitai", locale_dir && *locale_dir ? locale_dir : GUITAI_LOCALE_DIR);
    bind_textdomain_codeset("guitai", "UTF-8");
    textdomain("guitai");
}

bool i18n_english(void)
{
    return english;
}

const char *i18n_pick(const char *zh, const char *en)
{
    const char *first = english ? en : zh;
    const char *second = english ? zh : en;
    if (first && *first)
        return first;
    return second ? second : "";
}

const char *i18n_column(const char *name, char *out, size_t size)
{
    size_t n = strlen(name);
    bool zh = n >= 2 && strcmp(name + n - 2, "zh") == 0 && (n == 2 || name[n - 3] == '_');
    if (!english)
        snprintf(out, size, "%s", name);
    else if (zh)
        snprintf(out, size, "%.*sen", (int)(n - 2), name);
    else
        snprintf(out, size, "%s_en", name);
    return out;
}
