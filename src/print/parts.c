#include "parts.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <string.h>

#define MAX_PART_TEXT (256u << 10)

static void add_text(struct str *s, const char *text)
{
    if (text) {
        str_add(s, text);
        str_add(s, "\n");
    }
}

static void add_block(struct str *s, const struct block *b)
{
    add_text(s, b->text);
    add_text(s, b->text2);
    add_text(s, b->caption);
    for (size_t i = 0; i < b->table.rows * b->table.columns; i++)
        add_text(s, b->table.cells[i]);
}

static bool says_all(const struct jnode *part, const char *text, const char **lacking)
{
    for (const struct jnode *w = jn_first(jn_get(part, "says")); w; w = jn_next(w)) {
        *lacking = jn_text(w);
        if (*lacking && !strstr(text, *lacking))
            return false;
    }
    return true;
}

static const char *form_title(const struct json *form)
{
    return jn_label(jn_get(json_root(form), "title"));
}

static const char *part_label(const struct jnode *part)
{
    const char *label = jn_label(jn_get(part, "label"));
    return *label ? label : jn_str(part, "id", "");
}

static bool check_text(const struct json *form, const struct jnode *part, const char *text, struct err *e)
{
    const char *lacking = "";
    if (text[strspn(text, " \t\n")] == '\0') {
        err_set(e, ERR_INPUT, _("%s cannot be printed: the part \"%s\" is missing"), form_title(form),
                part_label(part));
        return err_field(e, jn_str(part, "id", ""));
    }
    if (!says_all(part, text, &lacking)) {
        err_set(e, ERR_INPUT, _("%s cannot be printed: the part \"%s\" does not say \"%s\""),
                form_title(form), part_label(part), lacking);
        return err_field(e, jn_str(part, "id", ""));
    }
    return true;
}

bool parts_check(const struct json *form, const struct block *blocks, size_t count, struct err *e)
{
    bool ok = true;
    const struct jnode *parts = jn_get(json_root(form), "parts");
    for (const struct jnode *part = jn_first(parts); part && ok; part = jn_next(part)) {
        struct str text;
        str_init(&text, MAX_PART_TEXT);
        const char *id = jn_str(part, "id", "");
        for (size_t i = 0; i < count; i++)
            if (blocks[i].part && strcmp(blocks[i].part, id) == 0)
                add_block(&text, &blocks[i]);
        ok = check_text(form, part, text.p ? text.p : "", e);
        str_reset(&text);
    }
    return ok;
}
