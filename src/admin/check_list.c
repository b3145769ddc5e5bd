/* Lists and the menu. */
#include "check.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_width(struct check *c, const struct json *doc, const struct jnode *column, size_t *stars)
{
    const struct jnode *width = jn_get(column, "width");
    bool star = jn_text(width) && strcmp(jn_text(width), "*") == 0;
    double cells = jn_number(width);
    *stars += star;
    if (width && !star && !(jn_is_number(width) && cells >= 1 && cells <= 200))
        check_fail(c, doc, width, _("expected a number of cells (1 to 200) or \"*\""));
    if (star && *stars > 1)
        check_fail(c, doc, width, _("expected \"*\" at one column only"));
}

static void check_columns(struct check *c, const struct json *doc)
{
    static const struct check_member members[] = {
        { "name", SHAPE_TEXT, true, NULL },
        { "label", SHAPE_LABEL, true, NULL },
        { "width", SHAPE_ANY, true, NULL },
        { "width_en", SHAPE_NUMBER, false, NULL },
        { "align", SHAPE_TEXT, false, "left right" },
        { "format", SHAPE_TEXT, false, "text date datetime money" },
        { "min_width", SHAPE_NUMBER, false, NULL },
        { "values", SHAPE_OBJECT, false, NULL },
    };
    const struct jnode *columns = jn_get(json_root(doc), "columns");
    size_t stars = 0;
    if (jn_is_array(columns) && jn_count(columns) == 0)
        check_fail(c, doc, columns, _("expected at least one column"));
    for (const struct jnode *column = jn_first(columns); column; column = jn_next(column))
        if (check_members(c, doc, column, members, COUNT(members)))
            check_width(c, doc, column, &stars);
}

static bool one_key(const char *text)
{
    return strcmp(text, "enter") == 0 || utf8_count(text) == 1;
}

static bool key_is_first(const struct jnode *keys, const struct jnode *key)
{
    for (const struct jnode *k = jn_first(keys); k && k != key; k = jn_next(k))
        if (strcmp(jn_str(k, "key", ""), jn_str(key, "key", "")) == 0)
            return false;
    return true;
}

static void check_keys(struct check *c, const struct json *doc)
{
    static const struct check_member members[] = {
        { "key", SHAPE_TEXT, true, NULL },   { "label", SHAPE_LABEL, true, NULL },
        { "open", SHAPE_TEXT, false, NULL }, { "act", SHAPE_TEXT, false, NULL },
        { "arg", SHAPE_TEXT, false, NULL },  { "call", SHAPE_TEXT, false, NULL },
        { "param", SHAPE_TEXT, false, NULL }, { "done", SHAPE_LABEL, false, NULL },
        { "then", SHAPE_TEXT, false, NULL },
    };
    const struct jnode *keys = jn_get(json_root(doc), "keys");
    for (const struct jnode *key = jn_first(keys); key; key = jn_next(key)) {
        if (!check_members(c, doc, key, members, COUNT(members)))
            continue;
        if (!one_key(jn_str(key, "key", "")))
            check_fail(c, doc, jn_get(key, "key"), _("expected \"enter\" or one character"));
        if (!key_is_first(keys, key))
            check_fail(c, doc, jn_get(key, "key"), _("this key is used above"));
        if (!!jn_get(key, "open") + !!jn_get(key, "act") + !!jn_get(key, "call") != 1 ||
            (jn_get(key, "then") && !jn_get(key, "call")))
            check_fail(c, doc, key, _("expected one of \"open\", \"act\" and \"call\""));
        else if (jn_get(key, "open"))
            check_open(c, doc, jn_get(key, "open"));
    }
}

static void check_marks(struct check *c, const struct json *doc)
{
    for (const struct jnode *m = jn_first(jn_get(json_root(doc), "marks")); m; m = jn_next(m))
        if (!jn_text(m) || utf8_count(jn_text(m)) != 1)
            check_fail(c, doc, m, _("expected one character: colour is never alone"));
}

void check_list(struct check *c, const struct json *doc, const char *path)
{
    static const struct check_member members[] = {
        { "id", SHAPE_TEXT, true, NULL },       { "title", SHAPE_LABEL, true, NULL },
        { "source", SHAPE_TEXT, true, NULL },   { "columns", SHAPE_ARRAY, true, NULL },
        { "colour", SHAPE_TEXT, false, NULL },  { "marks", SHAPE_OBJECT, false, NULL },
        { "live", SHAPE_BOOL, false, NULL },    { "search", SHAPE_BOOL, false, NULL },
        { "keys", SHAPE_ARRAY, false, NULL },   { "empty", SHAPE_LABEL, false, NULL },
    };
    check_id(c, doc, path, "id");
    check_members(c, doc, json_root(doc), members, COUNT(members));
    check_columns(c, doc);
    check_keys(c, doc);
    check_marks(c, doc);
    if (c->functions)
        check_function_list(c, doc);
}

/* ---- the menu ---- */

static bool member_is_first(const struct jnode *entries, const struct jnode *entry, const char *member)
{
    const char *text = jn_str(entry, member, NULL);
    for (const struct jnode *n = jn_first(entries); text && n && n != entry; n = jn_next(n))
        if (strcmp(jn_str(n, member, ""), text) == 0)
            return false;
    return true;
}

static void check_entry(struct check *c, const struct json *doc, const struct jnode *entries,
                        const struct jnode *entry)
{
    if (utf8_count(jn_str(entry, "key", "")) != 1)
        check_fail(c, doc, jn_get(entry, "key"), _("expected one character"));
    if (!member_is_first(entries, entry, "key"))
        check_fail(c, doc, jn_get(entry, "key"), _("this key is used above"));
    if (!member_is_first(entries, entry, "word"))
        check_fail(c, doc, jn_get(entry, "word"), _("this word is used above"));
    for (const struct jnode *duty = jn_first(jn_get(entry, "duty")); duty; duty = jn_next(duty))
        if (!jn_text(duty))
            check_fail(c, doc, duty, _("expected the name of a duty"));
    check_open(c, doc, jn_get(entry, "open"));
}

void check_menu(struct check *c, const struct json *doc, const char *path)
{
    static const struct check_member members[] = {
        { "title", SHAPE_LABEL, true, NULL },
        { "entries", SHAPE_ARRAY, true, NULL },
    };
    static const struct check_member entry_members[] = {
        { "key", SHAPE_TEXT, true, NULL },    { "label", SHAPE_LABEL, true, NULL },
        { "open", SHAPE_TEXT, true, NULL },   { "word", SHAPE_TEXT, false, NULL },
        { "duty", SHAPE_ARRAY, false, NULL }, { "arg", SHAPE_TEXT, false, NULL },
    };
    const struct jnode *entries = jn_get(json_root(doc), "entries");
    (void)path;
    check_members(c, doc, json_root(doc), members, COUNT(members));
    for (const struct jnode *entry = jn_first(entries); entry; entry = jn_next(entry))
        if (check_members(c, doc, entry, entry_members, COUNT(entry_members)))
            check_entry(c, doc, entries, entry);
}
