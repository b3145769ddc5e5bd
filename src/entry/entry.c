#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 64

struct entry *entry_new(const struct formdef *form, const struct entry_env *env)
{
    struct entry *en = xcalloc(1, sizeof *en);
    en->form = form;
    en->env = *env;
    en->window = env->window ? xstrdup(env->window) : NULL;
    en->repeat = env->repeat_from ? json_clone(env->repeat_from) : NULL;
    en->chosen = env->recent ? json_clone(env->recent) : NULL;
    en->env.repeat_from = json_root(en->repeat);
    en->env.recent = json_root(en->chosen);
    en->slots = xcalloc(form->count + 1, sizeof *en->slots);
    for (size_t i = 0; i < form->count; i++) {
        struct slot *s = slot_new(&form->fields[i]);
        en->slots[en->slot_count++] = s;
        slot_put_default(en, s);
        if (s->def->source)
            ask_choices(en, s);
    }
    entry_refresh(en);
    entry_focus_slot(en, entry_next_slot(en, NULL));
    return en;
}

void entry_free(struct entry **p)
{
    struct entry *en = *p;
    if (!en)
        return;
    ask_free_all(en);
    for (size_t i = 0; i < en->slot_count; i++)
        slot_free(&en->slots[i]);
    for (size_t i = 0; i < en->undo_count; i++)
        free(en->undo[i].value);
    formdef_free_fields(&en->item_fields, en->item_field_count);
    entry_free_args(en);
    json_free(&en->waiting);
    json_free(&en->repeat);
    json_free(&en->chosen);
    free(en->slots);
    free(en->visible);
    free(en->offered);
    free(en->matches);
    free(en->window);
    free(en);
    *p = NULL;
}

const char *entry_message(const struct entry *en, bool *is_error)
{
    if (is_error)
        *is_error = en->is_error;
    return en->message;
}

void entry_note(struct entry *en, const char *text)
{
    snprintf(en->message, sizeof en->message, "%s", text);
    en->is_error = false;
}

enum entry_effect entry_complain_text(struct entry *en, const char *text)
{
    entry_note(en, text);
    en->is_error = true;
    return ENTRY_REFUSED;
}

enum entry_effect entry_complain(struct entry *en, const struct err *e)
{
    snprintf(en->message, sizeof en->message, "%s%s%s", e->message, *e->hint ? "  " : "", e->hint);
    en->is_error = true;
    return ENTRY_REFUSED;
}

/* A refusal names a field by its id or by the parameter that it is sent as. */
static struct slot *guilty(const struct entry *en, const char *name)
{
    struct slot *s = entry_slot(en, name);
    for (size_t i = 0; !s && i < en->slot_count; i++)
        if (strcmp(en->slots[i]->def->param, name) == 0)
            s = en->slots[i];
    return s && slot_focusable(s) ? s : NULL;
}

void entry_refuse(struct entry *en, const struct err *e)
{
    struct slot *s = *e->field ? guilty(en, e->field) : NULL;
    if (s)
        entry_focus_slot(en, s);
    entry_complain(en, e);
}

void entry_alert(struct entry *en, const char *field, const char *text)
{
    struct slot *s = entry_slot(en, field);
    if (!s)
        return;
    replace_text(&s->alert, text);
    slot_refresh_readout(en, s);
}

size_t entry_count(const struct entry *en)
{
    return en->visible_count;
}

size_t entry_focus(const struct entry *en)
{
    for (size_t i = 0; i < en->visible_count; i++)
        if (en->visible[i] == en->focus)
            return i;
    return 0;
}

void entry_set_focus(struct entry *en, size_t i)
{
    struct slot *to = i < en->visible_count ? en->visible[i] : NULL;
    if (!to || to == en->focus || !slot_focusable(to))
        return;
    entry_leave_loosely(en);
    entry_focus_slot(en, to);
}

bool entry_focusable(const struct entry *en, size_t i)
{
    return i < en->visible_count && slot_focusable(en->visible[i]);
}

const struct fielddef *entry_def(const struct entry *en, size_t i)
{
    return en->visible[i]->def;
}

enum field_kind entry_kind(const struct entry *en, size_t i)
{
    return en->visible[i]->kind;
}

const char *entry_value(const struct entry *en, size_t i)
{
    return slot_value(en->visible[i]);
}

static void show_choice(const struct entry *en, struct slot *s)
{
    const char *search = textedit_get(s->edit);
    const struct choice *c = *s->value ? choice_of(en, s, s->value) : NULL;
    replace_text(&s->shown, *search ? search : c ? choice_name(c) : s->value);
}

static void show_list(struct slot *s)
{
    char text[SHOWN_MAX];
    snprintf(text, sizeof text, "%zu / %zu", checklist_marked(&s->list), s->list.count);
    replace_text(&s->shown, text);
}

const char *entry_shown(const struct entry *en, size_t i)
{
    struct slot *s = en->visible[i];
    switch (s->kind) {
    case FIELD_CHOICE:
        show_choice(en, s);
        return s->shown;
    case FIELD_CHECKLIST:
        show_list(s);
        return s->shown;
    case FIELD_YESNO:
        return !*s->value ? "" : strcmp(s->value, "yes") == 0 ? _("yes") : _("no");
    default:
        return slot_value(s);
    }
}

const char *entry_readout(const struct entry *en, size_t i, bool *warn)
{
    const struct slot *s = en->visible[i];
    if (warn)
        *warn = s->warn;
    return s->readout ? s->readout : "";
}

const struct textedit *entry_editor(const struct entry *en, size_t i)
{
    return en->visible[i]->edit;
}

void entry_set_wrap(struct entry *en, size_t i, int cells)
{
    if (i < en->visible_count && en->visible[i]->kind == FIELD_MULTILINE)
        textedit_set_wrap(en->visible[i]->edit, cells);
}

size_t entry_matches(const struct entry *en, const struct choice *const **out, size_t *highlight)
{
    bool choosing = en->focus && en->focus->kind == FIELD_CHOICE;
    *out = (const struct choice *const *)en->matches;
    *highlight = choosing ? en->highlight : 0;
    return choosing ? en->match_count : 0;
}

size_t entry_recent_count(const struct entry *en)
{
    bool choosing = en->focus && en->focus->kind == FIELD_CHOICE;
    return choosing && textedit_length(en->focus->edit) == 0 ? en->recent_count : 0;
}

bool entry_list_open(const struct entry *en)
{
    return en->focus && en->focus->kind == FIELD_CHOICE && en->list != LIST_CLOSED;
}

size_t entry_rows(const struct entry *en, size_t i, const struct check_row **rows, size_t *cursor)
{
    const struct checklist *list = &en->visible[i]->list;
    *rows = list->rows;
    *cursor = list->cursor;
    return list->count;
}

bool entry_dirty(const struct entry *en)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->typed && !slot_empty(en->slots[i]))
            return true;
    return en->resumed;
}
