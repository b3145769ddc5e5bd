/* What goes out of a form and what comes in: arguments of the function, saved values. */
#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define SCALAR_MAX 16384
#define NAMES_MAX 400

void entry_free_args(struct entry *en)
{
    free(en->args);
    free(en->extra);
    en->args = NULL;
    en->extra = NULL;
    en->arg_count = 0;
}

static const char *sent_value(struct slot *s)
{
    const char *value = s->visible ? slot_value(s) : "";
    return *value ? value : NULL;
}

/* Two fields may share a parameter when only one of them is shown. */
static void add_arg(struct entry *en, const char *name, const char *value)
{
    for (size_t i = 0; i < en->arg_count; i++)
        if (strcmp(en->args[i].name, name) == 0) {
            if (value)
                en->args[i].value = value;
            return;
        }
    en->args[en->arg_count++] = (struct entry_arg){ name, value };
}

static char *extra_text(const struct entry *en)
{
    struct json *doc = json_new_object();
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (s->def->from_item && sent_value(s))
            jn_set_str(json_edit(doc), s->def->id, sent_value(s));
    }
    char *text = json_text(doc, false);
    json_free(&doc);
    return text;
}

size_t entry_args(struct entry *en, const struct entry_arg **out)
{
    entry_free_args(en);
    en->args = xcalloc(en->slot_count + 1, sizeof *en->args);
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (!s->def->from_item && s->kind != FIELD_ITEM_FIELDS && *s->def->param)
            add_arg(en, s->def->param, sent_value(s));
    }
    if (entry_item_place(en)) {
        en->extra = extra_text(en);
        add_arg(en, "extra", en->extra);
    }
    *out = en->args;
    return en->arg_count;
}

/* A place's own values ("@station.window") are those of the station that goes on. */
static bool saved(struct slot *s)
{
    if (s->kind == FIELD_ITEM_FIELDS)
        return false;
    return !(s->def->initial && s->def->initial[0] == '@') && *slot_value(s);
}

struct json *entry_save_values(const struct entry *en)
{
    struct json *doc = en->waiting ? json_clone(json_root(en->waiting)) : json_new_object();
    struct jnode *root = json_edit(doc);
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (s->kind == FIELD_CHECKLIST && checklist_marked(&s->list) > 0)
            checklist_write(&s->list, jn_set_array(root, s->def->id));
        else if (s->kind != FIELD_CHECKLIST && saved(s))
            jn_set_str(root, s->def->id, slot_value(s));
    }
    return doc;
}

static struct jnode *waiting_root(struct entry *en)
{
    if (!en->waiting)
        en->waiting = json_new_object();
    return json_edit(en->waiting);
}

void entry_keep_waiting(struct entry *en, const char *id, const char *value)
{
    struct jnode *root = waiting_root(en);
    if (!jn_get(root, id))
        jn_set_str(root, id, value);
}

static bool put_list(struct slot *s, const struct jnode *value, struct err *e)
{
    if (jn_is_string(value))
        return slot_put(s, jn_text(value), OWNER_CLERK, e);
    s->owner = OWNER_CLERK;
    return checklist_read(&s->list, value, e) || err_field(e, s->def->id);
}

/* What the editor would leave out is told of a text that nobody typed; line ends and tabs it turns into what fits. */
static bool clean(const struct slot *s, const char *text, struct err *e)
{
    size_t n = strlen(text), count = 0;
    uint32_t cp, before = 0;
    for (size_t i = 0; i < n; before = cp) {
        i += utf8_decode(text + i, n - i, &cp);
        count++;
        if (cp == '\n' || cp == '\r' || cp == '\t' || !utf8_is_garble(cp, before))
            continue;
        err_set(e, ERR_INPUT, _("%s: character %zu is invisible or disturbs the display (U+%04X)"),
                fielddef_label(s->def), count, (unsigned)cp);
        return err_field(e, s->def->id);
    }
    return true;
}

static bool put_value(struct slot *s, const struct jnode *value, struct err *e)
{
    if (s->kind == FIELD_CHECKLIST)
        return put_list(s, value, e);
    if (jn_is_object(value) || jn_is_array(value)) {
        err_set(e, ERR_INPUT, _("%s: expected a text or a number"), s->def->id);
        return err_field(e, s->def->id);
    }
    char *text = xmalloc(SCALAR_MAX);
    jn_scalar(value, text, SCALAR_MAX);
    bool ok = clean(s, text, e) && slot_put(s, text, OWNER_CLERK, e);
    free(text);
    /* Whether a code that the list does not offer exists, and why it cannot be taken, the database says. */
    s->trial = s->kind == FIELD_CHOICE && s->def->source && jn_get(s->def->spec, "load") && *slot_value(s);
    return ok;
}

/* A value whose place only the item's detail will make: its own fields, the rows of a checklist. */
static bool must_wait(const struct entry *en, const struct slot *s)
{
    return s ? s->kind == FIELD_CHECKLIST && s->list.count == 0 : entry_item_place(en) != NULL;
}

static void add_name(struct str *names, const char *name)
{
    str_addf(names, "%s%s", names->len ? ", " : "", name);
}

static bool fail_unknown(const struct str *names, struct err *e)
{
    return err_set(e, ERR_INPUT, _("the form has no field called %s"), names->p);
}

static bool takes_kind(const struct slot *s)
{
    return s && jn_get(s->def->spec, "kind_from");
}

/* The values of fields that take their kind from another's value (`late`), or of all others. */
static bool put_some(struct entry *en, const struct jnode *values, bool late, struct err *e)
{
    struct str unknown;
    str_init(&unknown, NAMES_MAX);
    bool ok = true;
    for (const struct jnode *v = jn_first(values); v && ok; v = jn_next(v)) {
        struct slot *s = entry_slot(en, jn_key(v));
        if (jn_is_null(v) || (jn_is_array(v) && jn_count(v) == 0) || takes_kind(s) != late)
            continue;
        if (must_wait(en, s))
            jn_set_copy(waiting_root(en), jn_key(v), v);
        else if (!s || s->kind == FIELD_ITEM_FIELDS)
            add_name(&unknown, jn_key(v));
        else
            ok = put_value(s, v, e);
    }
    if (ok && unknown.len)
        ok = fail_unknown(&unknown, e);
    str_reset(&unknown);
    return ok;
}

/* A passport's number is no citizen's: what decides the kind of a field has its value first. */
static bool put_all(struct entry *en, const struct jnode *values, struct err *e)
{
    if (!put_some(en, values, false, e))
        return false;
    entry_refresh(en);
    return put_some(en, values, true, e);
}

static void ask_all_loads(struct entry *en)
{
    entry_refresh(en);
    for (size_t i = 0; i < en->slot_count; i++)
        ask_load(en, en->slots[i]);
    choice_focus(en);
    if (en->ask_count > 0)
        en->pending = PENDING_NEEDED;
    else
        entry_go(en, PENDING_NEEDED);
}

bool entry_preset(struct entry *en, const struct jnode *values, struct err *e)
{
    if (!jn_is_object(values))
        return err_set(e, ERR_INPUT, _("expected an object of field names and values"));
    bool ok = put_all(en, values, e);
    ask_all_loads(en);
    return ok;
}

bool entry_load_values(struct entry *en, const struct jnode *values, struct err *e)
{
    en->resumed = true;
    return entry_preset(en, values, e);
}

static void restore_one(struct slot *s, const struct jnode *value)
{
    char *before = xstrdup(slot_value(s));
    if (s->edit && s->kind == FIELD_CHOICE)
        textedit_clear(s->edit);
    if (!value && *before)
        slot_put(s, "", OWNER_DEFAULT, NULL);
    else if (value && !(jn_text(value) && strcmp(jn_text(value), before) == 0))
        put_value(s, value, NULL);
    free(before);
}

void entry_restore(struct entry *en, const struct jnode *values)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->kind != FIELD_READONLY)
            restore_one(en->slots[i], jn_get(values, en->slots[i]->def->id));
    en->pending = PENDING_NONE;
    en->just_advanced = false;
    entry_note(en, "");
    entry_refresh(en);
    choice_focus(en);
}

void entry_place_waiting(struct entry *en)
{
    struct err e = { 0 };
    if (!en->waiting)
        return;
    const struct jnode *next;
    for (const struct jnode *v = jn_first(json_root(en->waiting)); v; v = next) {
        struct slot *s = entry_slot(en, jn_key(v));
        next = jn_next(v);
        if (!s || must_wait(en, s))
            continue;
        if ((!en->repeating || s->def->repeat) && !put_value(s, v, &e))
            entry_complain(en, &e);
        jn_remove(json_edit(en->waiting), jn_key(v));
    }
    entry_refresh(en);
}

/* Without the item's detail nobody knows which fields it has: what is wrong then is the item. */
static bool detail_is_there(const struct entry *en)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->loaded)
            return true;
    return false;
}

bool entry_values_placed(const struct entry *en, struct err *e)
{
    struct str names;
    if (!detail_is_there(en))
        return true;
    str_init(&names, NAMES_MAX);
    for (const struct jnode *v = en->waiting ? jn_first(json_root(en->waiting)) : NULL; v; v = jn_next(v))
        add_name(&names, jn_key(v));
    bool ok = names.len == 0 || fail_unknown(&names, e);
    str_reset(&names);
    return ok;
}
