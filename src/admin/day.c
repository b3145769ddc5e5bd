#include "admin.h"

#include "guitai/base/date.h"

#include <stdlib.h>
#include <string.h>

bool day_resolve(const char *text, long today, char *out)
{
    if (strncmp(text, "today", 5) != 0)
        return false;
    long offset = 0;
    if (text[5] != '\0') {
        char *end;
        if (text[5] != '+' && text[5] != '-')
            return false;
        offset = strtol(text + 5, &end, 10);
        if (end == text + 6 || *end != '\0' || labs(offset) > 36600)
            return false;
    }
    date_iso(date_from_days(today + offset), out, 11);
    return true;
}

/* json.h has no way to set an element of an array, so the tree is copied member by member. */
static void copy_children(struct jnode *to, const struct jnode *from, long today);

static void copy_one(struct jnode *to, const char *key, const struct jnode *n, long today)
{
    char day[11];
    const char *text = jn_text(n);
    if (text && day_resolve(text, today, day)) {
        if (key)
            jn_set_str(to, key, day);
        else
            jn_push_str(to, day);
    } else if (jn_is_object(n)) {
        copy_children(key ? jn_set_object(to, key) : jn_push_object(to), n, today);
    } else if (jn_is_array(n) && key) {
        copy_children(jn_set_array(to, key), n, today);
    } else if (key) {
        jn_set_copy(to, key, n);
    } else {
        jn_push_copy(to, n);
    }
}

static void copy_children(struct jnode *to, const struct jnode *from, long today)
{
    for (const struct jnode *c = jn_first(from); c; c = jn_next(c))
        copy_one(to, jn_is_array(from) ? NULL : jn_key(c), c, today);
}

struct json *day_resolve_tree(const struct jnode *n, long today)
{
    struct json *doc = jn_is_array(n) ? json_new_array() : json_new_object();
    copy_children(json_edit(doc), n, today);
    return doc;
}
