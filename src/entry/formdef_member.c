#include "formdef_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <string.h>

static bool is_label(const struct jnode *n)
{
    if (jn_is_string(n))
        return true;
    if (!jn_is_object(n) || !jn_str(n, "zh", NULL))
        return false;
    for (const struct jnode *c = jn_first(n); c; c = jn_next(c))
        if (!jn_is_string(c) || (strcmp(jn_key(c), "zh") && strcmp(jn_key(c), "en")))
            return false;
    return true;
}

static bool has_type(const struct jnode *n, unsigned types)
{
    return ((types & MEMBER_STRING) && jn_is_string(n)) || ((types & MEMBER_LABEL) && is_label(n))
           || ((types & MEMBER_BOOL) && jn_is_bool(n)) || ((types & MEMBER_NUMBER) && jn_is_number(n))
           || ((types & MEMBER_ARRAY) && jn_is_array(n)) || ((types & MEMBER_OBJECT) && jn_is_object(n))
           || ((types & MEMBER_NULL) && jn_is_null(n));
}

static void describe(unsigned types, struct str *out)
{
    static const struct {
        unsigned type;
        const char *words;
    } names[] = {
        { MEMBER_STRING, N_("a string") },
        { MEMBER_LABEL, N_("a label: \"text\" or {\"zh\":…,\"en\":…}") },
        { MEMBER_BOOL, N_("true or false") },
        { MEMBER_NUMBER, N_("a number") },
        { MEMBER_ARRAY, N_("an array") },
        { MEMBER_OBJECT, N_("an object") },
        { MEMBER_NULL, N_("null") },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (types & names[i].type) {
            if (out->len)
                str_add(out, " | ");
            str_add(out, _(names[i].words));
        }
}

static bool fail_type(const struct json *doc, const struct jnode *n, unsigned types, struct err *e)
{
    struct str words;
    str_init(&words, 256);
    describe(types, &words);
    json_fail(doc, n, e, _("expected %s"), words.p);
    str_reset(&words);
    return false;
}

static bool fail_unknown(const struct json *doc, const struct jnode *n, const struct member *table,
                         size_t count, struct err *e)
{
    struct str words;
    str_init(&words, 400);
    for (size_t i = 0; i < count; i++)
        str_addf(&words, "%s%s", i ? ", " : "", table[i].name);
    json_fail(doc, n, e, _("unknown member; expected one of: %s"), words.p);
    str_reset(&words);
    return false;
}

static const struct member *find(const struct member *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

bool formdef_check_members(const struct json *doc, const struct jnode *object, const struct member *table,
                           size_t n, struct err *e)
{
    if (!jn_is_object(object))
        return json_fail(doc, object, e, _("expected an object"));
    for (const struct jnode *c = jn_first(object); c; c = jn_next(c)) {
        const struct member *m = find(table, n, jn_key(c));
        if (!m)
            return fail_unknown(doc, c, table, n, e);
        if (!has_type(c, m->types))
            return fail_type(doc, c, m->types, e);
    }
    for (size_t i = 0; i < n; i++)
        if (table[i].required && !jn_get(object, table[i].name))
            return json_fail(doc, object, e, _("expected a member \"%s\""), table[i].name);
    return true;
}

bool formdef_check_strings(const struct json *doc, const struct jnode *object, struct err *e)
{
    for (const struct jnode *c = jn_first(object); c; c = jn_next(c))
        if (!jn_is_string(c))
            return json_fail(doc, c, e, _("expected %s"), _("a string"));
    return true;
}
