/* What follows from other fields: which are shown, of what kind, their defaults, what stands beside them. */
#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCALAR_MAX 512
#define PASSES 2 /* a default may show a field that stands above it */

/* The value that a condition or a default looks at: of a field, or of a member of its load answer. */
static const char *subject(const struct entry *en, const struct jnode *spec, char *scratch, size_t size)
{
    struct slot *s = entry_slot(en, jn_str(spec, "field", ""));
    const char *key = jn_str(spec, "key", NULL);
    if (!s || !s->visible)
        return "";
    if (!key)
        return slot_value(s);
    return jn_scalar(jn_path(json_root(s->loaded), key), scratch, size);
}

static bool listed(const struct jnode *values, const char *value)
{
    for (const struct jnode *c = jn_first(values); c; c = jn_next(c))
        if (strcmp(jn_text(c), value) == 0)
            return true;
    return false;
}

bool condition_holds(const struct entry *en, const struct jnode *condition)
{
    char scratch[SCALAR_MAX];
    if (!condition)
        return true;
    const char *value = subject(en, condition, scratch, sizeof scratch);
    const struct jnode *is = jn_get(condition, "is");
    return is ? listed(is, value) : !listed(jn_get(condition, "not"), value);
}

static const char *mapped(const struct jnode *map, const char *value)
{
    return jn_str(map, value, jn_str(map, "*", NULL));
}

static void refresh_default(struct entry *en, struct slot *s)
{
    const struct jnode *from = jn_get(s->def->spec, "default_from");
    char scratch[SCALAR_MAX];
    if (!from || s->owner != OWNER_DEFAULT)
        return;
    const char *value = subject(en, from, scratch, sizeof scratch);
    if (jn_get(from, "map"))
        value = mapped(jn_get(from, "map"), value);
    if (value && *value && strcmp(value, slot_value(s)) != 0)
        slot_put(s, value, OWNER_DEFAULT, NULL);
}

static void refresh_kind(struct entry *en, struct slot *s)
{
    const struct jnode *from = jn_get(s->def->spec, "kind_from");
    char scratch[SCALAR_MAX];
    enum field_kind kind = s->def->kind;
    if (!from)
        return;
    const char *name = mapped(jn_get(from, "map"), subject(en, from, scratch, sizeof scratch));
    if (name && field_kind_from_name(name, &kind))
        slot_set_kind(s, kind);
}

static const struct jnode *any_loaded(const struct entry *en, const char *key)
{
    for (size_t i = 0; i < en->slot_count; i++) {
        const struct jnode *found = jn_path(json_root(en->slots[i]->loaded), key);
        if (!jn_is_null(found))
            return found;
    }
    return NULL;
}

/* Appends the value of a template's key; false when there is none. */
static bool add_key(const struct entry *en, const char *key, const struct jnode *answer, struct str *out)
{
    char scratch[SCALAR_MAX];
    const struct jnode *found = jn_path(answer, key);
    struct slot *s = jn_is_null(found) ? entry_slot(en, key) : NULL;
    const char *text = s ? slot_value(s) : "";
    if (!*text) {
        found = jn_is_null(found) ? any_loaded(en, key) : found;
        text = jn_scalar(found, scratch, sizeof scratch);
    }
    str_add(out, text);
    return *text != '\0';
}

bool template_fill(const struct entry *en, const char *text, const struct jnode *answer, struct str *out)
{
    bool all = true;
    while (*text) {
        char key[64];
        size_t plain = strcspn(text, "{"), n = 0;
        str_add_n(out, text, plain);
        text += plain;
        if (!*text)
            break;
        n = strcspn(text + 1, "}");
        if (!text[1 + n] || n >= sizeof key) {
            str_add_char(out, *text++);
            continue;
        }
        memcpy(key, text + 1, n);
        key[n] = '\0';
        all = add_key(en, key, answer, out) && all;
        text += n + 2;
    }
    return all;
}

/* The choice's own row knows the limits before its detail is loaded. */
static const struct jnode *detail_of(const struct entry *en, struct slot *s)
{
    if (s->loaded && s->loaded_for && strcmp(s->loaded_for, slot_value(s)) == 0)
        return json_root(s->loaded);
    const struct choice *c = s->kind == FIELD_CHOICE && *s->value ? choice_of(en, s, s->value) : NULL;
    return c ? choice_row(s, c) : NULL;
}

static void class_limits(const struct jnode *detail, struct str *out)
{
    char promise[16], statute[16];
    const char *class = i18n_pick(jn_str(detail, "class_zh", NULL), jn_str(detail, "class_en", NULL));
    /* A row of a list has text where a loaded detail has numbers. */
    jn_scalar(jn_get(detail, "promise_days"), promise, sizeof promise);
    jn_scalar(jn_get(detail, "statute_days"), statute, sizeof statute);
    if (*promise && *statute)
        str_addf(out, _("%s  promise %s d  statute %s d"), class, promise, statute);
}

static void due(const struct entry *en, struct str *out, bool *warn)
{
    const char *text = jn_text(any_loaded(en, "promise_due"));
    const struct jnode *unsure = any_loaded(en, "due_provisional");
    struct date d;
    if (!text || !date_parse_iso(text, &d))
        return;
    str_addf(out, _("due %s %s"), text, date_weekday_name(d));
    *warn = jn_is_bool(unsure) && strcmp(jn_scalar(unsure, (char[8]){ 0 }, 8), "true") == 0;
    if (*warn)
        str_addf(out, " %s", _("(provisional)"));
}

static void named_readout(struct entry *en, struct slot *s, const char *name, struct str *out, bool *warn)
{
    if (strcmp(name, "class_limits") == 0)
        class_limits(detail_of(en, s), out);
    else if (strcmp(name, "due") == 0)
        due(en, out, warn);
    else
        field_readout(name, slot_value(s), out, warn);
}

static void authored_readout(struct entry *en, struct slot *s, const struct jnode *label, struct str *out)
{
    size_t mark = out->len;
    if (!template_fill(en, jn_label(label), detail_of(en, s), out)) {
        out->len = mark;
        if (out->p)
            out->p[mark] = '\0';
    }
}

void slot_refresh_readout(struct entry *en, struct slot *s)
{
    struct str out;
    bool warn = false;
    str_init(&out, TEXT_MAX);
    const struct jnode *authored = jn_get(s->def->spec, "readout");
    const char *name = s->def->readout ? s->def->readout : field_default_readout(s->kind);
    bool alert = s->alert && *s->alert;
    if (alert)
        str_addf(&out, "%s  ", s->alert);
    /* What kind_from made of the field decides, not what it was authored for. */
    if (s->kind != s->def->kind)
        name = field_default_readout(s->kind);
    if (jn_is_object(authored))
        authored_readout(en, s, authored, &out);
    else if (name && !slot_empty(s))
        named_readout(en, s, name, &out, &warn);
    if (s->note && *s->note)
        str_addf(&out, "%s%s", out.len ? "  " : "", s->note);
    replace_text(&s->readout, out.p ? out.p : "");
    s->warn = warn || alert;
    str_reset(&out);
}

static void refresh_readonly(struct entry *en, struct slot *s)
{
    const struct jnode *text = jn_get(s->def->spec, "text");
    if (!text || s->kind != FIELD_READONLY || s->owner == OWNER_CLERK)
        return;
    struct str out;
    str_init(&out, TEXT_MAX);
    template_fill(en, jn_label(text), NULL, &out);
    replace_text(&s->value, out.p ? out.p : "");
    str_reset(&out);
}

static void find_visible(struct entry *en)
{
    free(en->visible);
    en->visible = xcalloc(en->slot_count + 1, sizeof *en->visible);
    en->visible_count = 0;
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->visible)
            en->visible[en->visible_count++] = en->slots[i];
}

void entry_refresh(struct entry *en)
{
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < en->slot_count; i++) {
            struct slot *s = en->slots[i];
            s->visible = s->kind != FIELD_ITEM_FIELDS
                         && condition_holds(en, jn_get(s->def->spec, "show_when"));
            refresh_default(en, s);
            refresh_kind(en, s);
        }
    for (size_t i = 0; i < en->slot_count; i++) {
        refresh_readonly(en, en->slots[i]);
        slot_refresh_readout(en, en->slots[i]);
    }
    find_visible(en);
    if (en->focus && !slot_focusable(en->focus)) {
        struct slot *to = entry_next_slot(en, en->focus);
        en->focus = to ? to : entry_next_slot(en, NULL);
    }
}
