/* The value of one field, whatever its kind. */
#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void replace_text(char **where, const char *text)
{
    char *copy = text ? xstrdup(text) : NULL;
    free(*where);
    *where = copy;
}

static bool has_editor(enum field_kind kind)
{
    return field_type_of(kind)->text || kind == FIELD_CHOICE;
}

size_t slot_max_chars(const struct slot *s)
{
    size_t most = field_max_chars(s->kind, s->def);
    /* What is recognised may be longer than what was expected. */
    for (const struct jnode *r = jn_first(jn_get(s->def->spec, "recognise")); r; r = jn_next(r)) {
        enum field_kind kind;
        if (field_kind_from_name(jn_str(r, "kind", ""), &kind) && field_type_of(kind)->max_chars > most)
            most = field_type_of(kind)->max_chars;
    }
    return most;
}

bool slot_auto_advance(const struct slot *s)
{
    return s->kind == s->def->kind ? s->def->auto_advance : field_type_of(s->kind)->auto_advance;
}

struct slot *slot_new(const struct fielddef *def)
{
    struct slot *s = xcalloc(1, sizeof *s);
    s->def = def;
    s->kind = def->kind;
    s->value = xstrdup("");
    if (has_editor(s->kind))
        s->edit = textedit_new(slot_max_chars(s), s->kind == FIELD_MULTILINE);
    if (s->edit && s->kind == FIELD_MULTILINE)
        textedit_set_wrap(s->edit, def->width);
    return s;
}

static void free_choices(struct slot *s)
{
    for (size_t i = 0; i < s->choice_count; i++)
        free(s->choices[i].extra);
    free(s->choices);
    json_free(&s->source);
}

void slot_free(struct slot **s)
{
    if (!*s)
        return;
    struct slot *one = *s;
    textedit_free(&one->edit);
    free(one->value);
    free(one->at_focus);
    free(one->shown);
    free(one->readout);
    free(one->note);
    free(one->alert);
    free(one->loaded_for);
    free(one->looked_for);
    checklist_reset(&one->list);
    free_choices(one);
    json_free(&one->loaded);
    free(one);
    *s = NULL;
}

/* kind_from moves only between kinds that are typed as text (formdef sees to it), so that the text stays. */
void slot_set_kind(struct slot *s, enum field_kind kind)
{
    if (kind == s->kind)
        return;
    s->kind = kind;
    textedit_set_max(s->edit, slot_max_chars(s));
}

const char *slot_value(struct slot *s)
{
    if (field_type_of(s->kind)->text)
        return textedit_get(s->edit);
    if (s->kind == FIELD_CHECKLIST) {
        free(s->value);
        s->value = checklist_text(&s->list);
    }
    return s->value;
}

bool slot_empty(struct slot *s)
{
    return !*slot_value(s) && !(s->kind == FIELD_CHOICE && textedit_length(s->edit) > 0);
}

static const char *yes_or_no(const char *text)
{
    static const char *const yes[] = { "yes", "y", "true", "1", "是" };
    static const char *const no[] = { "no", "n", "false", "0", "否" };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "yes";
        if (strcasecmp(text, no[i]) == 0)
            return "no";
    }
    return *text ? NULL : "";
}

static bool put_yes_no(struct slot *s, const char *value, struct err *e)
{
    const char *word = yes_or_no(value);
    if (!word)
        return err_set(e, ERR_INPUT, _("%s: expected yes or no, not “%s”"), fielddef_label(s->def), value);
    replace_text(&s->value, word);
    return true;
}

static bool put_checklist(struct slot *s, const char *value, struct err *e)
{
    struct json *doc = json_parse(*value ? value : "[]", *value ? strlen(value) : 2, s->def->id, e);
    bool ok = doc && checklist_read(&s->list, json_root(doc), e);
    json_free(&doc);
    return ok;
}

static bool put_text(struct slot *s, const char *value, struct err *e)
{
    return textedit_set(s->edit, value)
           || err_set(e, ERR_INPUT, _("%s: at most %zu characters"), fielddef_label(s->def),
                      slot_max_chars(s));
}

static bool put(struct slot *s, const char *value, struct err *e)
{
    if (field_type_of(s->kind)->text)
        return put_text(s, value, e);
    if (s->kind == FIELD_YESNO)
        return put_yes_no(s, value, e);
    if (s->kind == FIELD_CHECKLIST)
        return put_checklist(s, value, e);
    if (s->kind == FIELD_CHOICE)
        textedit_clear(s->edit);
    replace_text(&s->value, value);
    return true;
}

bool slot_put(struct slot *s, const char *value, enum slot_owner owner, struct err *e)
{
    if (!put(s, value, e))
        return err_field(e, s->def->id);
    s->owner = owner;
    s->filler = NULL;
    return true;
}

struct slot *entry_slot(const struct entry *en, const char *id)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (strcmp(en->slots[i]->def->id, id) == 0)
            return en->slots[i];
    return NULL;
}
