/* A document form checked without data. */
#include "guitai/print/page.h"

#include "fill.h"
#include "kinds.h"

#include "guitai/base/i18n.h"

#include <stdlib.h>
#include <string.h>

static bool check_blocks(const struct json *form, const struct jnode *blocks, int depth, struct err *e);

static bool check_template(const struct json *form, const struct jnode *block, const char *name,
                           struct err *e)
{
    struct err why;
    if (!name)
        return true;
    const char *template = jn_str(block, name, NULL);
    if (!template)
        return json_fail(form, block, e, _("\"%s\" is expected"), name);
    return fill_check(template, &why) || json_fail(form, jn_get(block, name), e, "%s", why.message);
}

static bool check_optional(const struct json *form, const struct jnode *block, const char *name, struct err *e)
{
    return !jn_get(block, name) || check_template(form, block, name, e);
}

static bool check_table(const struct json *form, const struct jnode *block, struct err *e)
{
    struct table t = { 0 };
    bool ok = jn_is_string(jn_get(block, "rows")) ? kinds_read_columns(form, block, &t, e)
                                                  : json_fail(form, block, e, _("\"rows\" is expected"));
    for (size_t i = 0; i < t.columns; i++)
        free(t.column[i].label);
    for (const struct jnode *c = jn_first(jn_get(block, "columns")); c && ok; c = jn_next(c))
        ok = check_template(form, c, "value", e);
    return ok && check_optional(form, block, "empty", e);
}

static bool check_when(const struct json *form, const struct jnode *when, int depth, struct err *e)
{
    if (!jn_is_string(jn_get(when, "field")) || !jn_is_array(jn_get(when, "blocks")))
        return json_fail(form, when, e, _("\"when\" has \"field\" and \"blocks\""));
    if (depth == FORM_MAX_DEPTH)
        return json_fail(form, when, e, _("nested too deeply"));
    return check_blocks(form, jn_get(when, "blocks"), depth + 1, e)
           && check_blocks(form, jn_get(when, "else"), depth + 1, e);
}

static bool check_block(const struct json *form, const struct jnode *block, int depth, struct err *e)
{
    if (kinds_is_when(block))
        return check_when(form, block, depth, e);
    const struct kind_spec *spec = kinds_find(jn_str(block, "kind", ""));
    if (!spec)
        return json_fail(form, block, e, _("\"%s\" is no kind of block"), jn_str(block, "kind", ""));
    if (spec->kind == BLOCK_TABLE)
        return check_table(form, block, e);
    if (spec->kind == BLOCK_CHART)
        return jn_is_string(jn_get(block, "value")) || jn_is_string(jn_get(block, "steps"))
               || json_fail(form, block, e, _("\"%s\" is expected"), "value");
    return check_optional(form, block, "caption", e) && check_template(form, block, spec->text, e)
           && check_template(form, block, spec->text2, e)
           && check_template(form, block, spec->label, e) && check_template(form, block, spec->label2, e);
}

static bool check_blocks(const struct json *form, const struct jnode *blocks, int depth, struct err *e)
{
    for (const struct jnode *block = jn_first(blocks); block; block = jn_next(block))
        if (!check_block(form, block, depth, e))
            return false;
    return true;
}

static bool has_part(const struct jnode *blocks, const char *id)
{
    for (const struct jnode *block = jn_first(blocks); block; block = jn_next(block))
        if (strcmp(jn_str(block, "part", ""), id) == 0 || has_part(jn_get(block, "blocks"), id)
            || has_part(jn_get(block, "else"), id))
            return true;
    return false;
}

static bool check_words(const struct json *form, struct err *e)
{
    for (const struct jnode *w = jn_first(jn_get(json_root(form), "words")); w; w = jn_next(w))
        if (!jn_is_string(jn_get(w, "field")) || !jn_is_string(jn_get(jn_get(w, "map"), "*")))
            return json_fail(form, w, e,
                             _("a word has \"field\" and \"map\" with \"*\" for all other values"));
    return true;
}

bool page_check_form(const struct json *form, struct err *e)
{
    const struct jnode *root = json_root(form), *blocks = jn_get(root, "blocks");
    const char *paper = jn_str(root, "paper", "a4");
    if (!jn_is_string(jn_get(root, "id")))
        return json_fail(form, root, e, _("\"%s\" is expected"), "id");
    if (!jn_is_string(jn_get(jn_get(root, "title"), "zh")))
        return json_fail(form, root, e, _("\"%s\" is expected"), "title");
    if (strcmp(paper, "a4") != 0 && strcmp(paper, "a5") != 0)
        return json_fail(form, jn_get(root, "paper"), e, _("paper is a4 or a5"));
    if (jn_count(blocks) == 0)
        return json_fail(form, root, e, _("\"%s\" is expected"), "blocks");
    if (!check_words(form, e) || !check_blocks(form, blocks, 0, e))
        return false;
    for (const struct jnode *part = jn_first(jn_get(root, "parts")); part; part = jn_next(part))
        if (!has_part(blocks, jn_str(part, "id", "")))
            return json_fail(form, part, e, _("no block is the mandatory part \"%s\""),
                             jn_str(part, "id", ""));
    return true;
}
