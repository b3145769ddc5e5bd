/* Items of the catalogue: the eight elements of the office guide, and what publishing would refuse. */
#include "check.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Lines of a list are numbered 1, 2, 3 …: cases refer to the numbers. What follows the first wrong one is wrong with
 * it. */
static void check_numbers(struct check *c, const struct json *doc, const struct jnode *list)
{
    long long expected = 1;
    const struct jnode *n = jn_first(list);
    while (n && jn_int(n, "no", 0) == expected) {
        n = jn_next(n);
        expected++;
    }
    if (n)
        check_fail(c, doc, n, _("expected \"no\": %lld"), expected);
}

/* False when a line has a wrong shape: what else is wrong with it can only follow from that. */
static bool check_lines(struct check *c, const struct json *doc, const char *list,
                        const struct check_member *members, size_t count)
{
    bool ok = true;
    for (const struct jnode *n = jn_first(jn_get(json_root(doc), list)); n; n = jn_next(n))
        ok = check_members(c, doc, n, members, count) && ok;
    return ok;
}

/* Yuan with at most two decimals, as text: a JSON number would not keep the cents. */
static bool is_amount(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9)
        return false;
    if (text[digits] == '\0')
        return true;
    size_t cents = strspn(text + digits + 1, "0123456789");
    return text[digits] == '.' && cents >= 1 && cents <= 2 && text[digits + 1 + cents] == '\0';
}

static void check_fees(struct check *c, const struct json *doc)
{
    static const struct check_member members[] = {
        { "no", SHAPE_NUMBER, true, NULL },   { "name", SHAPE_TEXT, true, NULL },
        { "amount", SHAPE_TEXT, true, NULL }, { "unit", SHAPE_TEXT, false, NULL },
        { "basis", SHAPE_TEXT, true, NULL },
    };
    if (check_lines(c, doc, "fees", members, COUNT(members)))
        check_numbers(c, doc, jn_get(json_root(doc), "fees"));
    for (const struct jnode *n = jn_first(jn_get(json_root(doc), "fees")); n; n = jn_next(n))
        if (!is_amount(jn_str(n, "amount", "0")))
            check_fail(c, doc, jn_get(n, "amount"),
                       _("expected yuan with at most two decimals, such as \"10.00\""));
}

static void check_materials(struct check *c, const struct json *doc)
{
    static const struct check_member members[] = {
        { "no", SHAPE_NUMBER, true, NULL },
        { "name", SHAPE_TEXT, true, NULL },
        { "form", SHAPE_TEXT, true, "original copy check electronic" },
        { "copies", SHAPE_NUMBER, true, NULL },
        { "mandatory", SHAPE_BOOL, true, NULL },
        { "source", SHAPE_TEXT, false, NULL },
    };
    if (check_lines(c, doc, "materials", members, COUNT(members)))
        check_numbers(c, doc, jn_get(json_root(doc), "materials"));
}

static void check_bases(struct check *c, const struct json *doc)
{
    static const struct check_member members[] = {
        { "law", SHAPE_TEXT, true, NULL },
        { "article", SHAPE_TEXT, true, NULL },
        { "text", SHAPE_TEXT, false, NULL },
    };
    const struct jnode *bases = jn_get(json_root(doc), "bases");
    check_lines(c, doc, "bases", members, COUNT(members));
    if (jn_is_array(bases) && jn_count(bases) == 0)
        check_fail(c, doc, bases, _("expected at least one legal basis"));
}

static void check_limits(struct check *c, const struct json *doc)
{
    const struct jnode *item = json_root(doc);
    const struct jnode *from = jn_get(item, "effective_from");
    struct date day;
    bool numbers = jn_is_number(jn_get(item, "promise_days")) && jn_is_number(jn_get(item, "statute_days"));
    long long promise = jn_int(item, "promise_days", 0), statute = jn_int(item, "statute_days", 0);
    if (numbers && (promise < 0 || statute < 0 || promise > statute))
        check_fail(c, doc, jn_get(item, "promise_days"), _("expected at most the statute's %lld days"),
                   statute);
    if (jn_text(from) && *jn_text(from) && !date_parse_iso(jn_text(from), &day))
        check_fail(c, doc, from, _("expected a day as YYYY-MM-DD"));
}

static void check_fields(struct check *c, const struct json *doc)
{
    struct fielddef *fields = NULL;
    size_t count = 0;
    struct err e;
    const struct jnode *array = jn_get(json_root(doc), "fields");
    if (jn_is_array(array) && !formdef_parse_fields(doc, array, &fields, &count, &e))
        check_complain(c, &e);
    else
        formdef_free_fields(&fields, count);
}

void check_item(struct check *c, const struct json *doc, const char *path)
{
    static const struct check_member members[] = {
        { "code", SHAPE_TEXT, true, NULL },
        { "name", SHAPE_TEXT, true, NULL },
        { "initials", SHAPE_TEXT, false, NULL },
        { "department", SHAPE_TEXT, true, NULL },
        { "kind", SHAPE_TEXT, true, "permit approval filing service inspection" },
        { "class", SHAPE_TEXT, true, "spot promise leader upward" },
        { "level", SHAPE_TEXT, true, "city county town" },
        { "service_object", SHAPE_TEXT, true, "person org both" },
        { "conditions", SHAPE_TEXT, true, NULL },
        { "way", SHAPE_TEXT, true, NULL },
        { "authority", SHAPE_TEXT, true, NULL },
        { "procedure", SHAPE_TEXT, true, NULL },
        { "statute_days", SHAPE_NUMBER, true, NULL },
        { "promise_days", SHAPE_NUMBER, true, NULL },
        { "result_document", SHAPE_TEXT, true, NULL },
        { "responsible", SHAPE_TEXT, true, NULL },
        { "phone", SHAPE_TEXT, true, NULL },
        { "place", SHAPE_TEXT, true, NULL },
        { "effective_from", SHAPE_TEXT, true, NULL },
        { "repeatable", SHAPE_BOOL, false, NULL },
        { "materials", SHAPE_ARRAY, true, NULL },
        { "fees", SHAPE_ARRAY, true, NULL },
        { "bases", SHAPE_ARRAY, true, NULL },
        { "fields", SHAPE_ARRAY, false, NULL },
    };
    check_id(c, doc, path, "code");
    check_members(c, doc, json_root(doc), members, COUNT(members));
    check_limits(c, doc);
    check_materials(c, doc);
    check_fees(c, doc);
    check_bases(c, doc);
    check_fields(c, doc);
}
