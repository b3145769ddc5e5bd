/* Leaving a field: its shape, its normal form, what the database must be asked, and what comes after. */
#include "entry_private.h"

#include "guitai/base/i18n.h"

#include <stdlib.h>
#include <string.h>

static bool check_text(const struct entry *en, struct slot *s, struct err *e)
{
    struct field_value v;
    bool ok = field_check(s->kind, s->def, slot_value(s), en->env.today, &v, e);
    free(v.normal);
    return ok;
}

static bool check_choice(const struct entry *en, struct slot *s, struct err *e)
{
    const struct choice *all;
    const char *search = textedit_get(s->edit);
    bool known = choices_all(s, &all) > 0;
    if (*search) {
        err_set(e, ERR_INPUT, _("%s: choose one for “%s”"), fielddef_label(s->def), search);
        return err_field(e, s->def->id);
    }
    bool loaded = s->loaded_for && strcmp(s->loaded_for, s->value) == 0;
    const struct choice *c = choice_of(en, s, s->value);
    if (!known || s->trial || loaded || (c && choice_offered(en, s, c)))
        return true;
    err_set(e, ERR_INPUT, _("%s: “%s” cannot be chosen here. F4 lists all"), fielddef_label(s->def),
            s->value);
    return err_field(e, s->def->id);
}

bool slot_check(const struct entry *en, struct slot *s, bool strict, struct err *e)
{
    if (s->kind == FIELD_READONLY || s->kind == FIELD_ITEM_FIELDS)
        return true;
    if (s->kind == FIELD_CHECKLIST)
        return !strict || !s->def->mandatory || checklist_complete(&s->list, e) || err_field(e, s->def->id);
    if (slot_empty(s))
        return !strict || !s->def->mandatory || field_missing(s->def, e);
    if (s->kind == FIELD_YESNO)
        return true;
    return s->kind == FIELD_CHOICE ? check_choice(en, s, e) : check_text(en, s, e);
}

static bool valid_as(const struct entry *en, const struct slot *s, enum field_kind kind, const char *text)
{
    struct field_value v;
    bool ok = field_check(kind, s->def, text, en->env.today, &v, NULL);
    free(v.normal);
    return ok;
}

/* A number whose check digit is right for another kind than the one expected says itself what it is. */
static void recognise(struct entry *en, struct slot *s)
{
    const struct jnode *kinds = jn_get(s->def->spec, "recognise");
    if (!kinds || (s->kind != FIELD_TEXT && valid_as(en, s, s->kind, slot_value(s))))
        return;
    for (const struct jnode *r = jn_first(kinds); r; r = jn_next(r)) {
        enum field_kind kind;
        if (!field_kind_from_name(jn_str(r, "kind", ""), &kind) || !valid_as(en, s, kind, slot_value(s)))
            continue;
        for (const struct jnode *c = jn_first(jn_get(r, "set")); c; c = jn_next(c)) {
            struct slot *other = entry_slot(en, jn_key(c));
            if (other && slot_put(other, jn_text(c), OWNER_ANSWER, NULL))
                other->filler = s;
        }
        entry_refresh(en);
        return;
    }
}

/* Puts the normal form; or lets the form wait until the database has counted working days. */
static enum leave normalise(struct entry *en, struct slot *s, struct err *e)
{
    struct field_value v;
    if (slot_empty(s))
        return LEAVE_OK;
    recognise(en, s);
    if (!field_check(s->kind, s->def, slot_value(s), en->env.today, &v, e))
        return LEAVE_WRONG;
    if (v.working)
        ask_working_date(en, s, v.working);
    else if (strcmp(v.normal, slot_value(s)) != 0)
        textedit_set(s->edit, v.normal);
    free(v.normal);
    return v.working ? LEAVE_WAIT : LEAVE_OK;
}

enum leave entry_leave(struct entry *en, struct slot *s, bool strict, struct err *e)
{
    if (s->kind == FIELD_CHOICE && s->def->source && !s->source && textedit_length(s->edit) > 0) {
        ask_choices(en, s); /* typed ahead of the list */
        return LEAVE_WAIT;
    }
    if (s->kind == FIELD_CHOICE && !choice_settle(en, s, e))
        return LEAVE_WRONG;
    if (!slot_check(en, s, strict, e) && !jn_get(s->def->spec, "recognise"))
        return LEAVE_WRONG;
    if (field_type_of(s->kind)->text) {
        enum leave leave = normalise(en, s, e);
        if (leave != LEAVE_OK)
            return leave;
    }
    if (!slot_check(en, s, strict, e))
        return LEAVE_WRONG;
    entry_refresh(en);
    return ask_load(en, s) || ask_lookup(en, s) ? LEAVE_WAIT : LEAVE_OK;
}

void entry_leave_loosely(struct entry *en)
{
    struct slot *s = en->focus;
    struct field_value v;
    struct err e = { 0 };
    if (!s || !field_type_of(s->kind)->text || slot_empty(s))
        return;
    recognise(en, s);
    if (!field_check(s->kind, s->def, slot_value(s), en->env.today, &v, &e))
        entry_complain(en, &e);
    else if (!v.working && strcmp(v.normal, slot_value(s)) != 0)
        textedit_set(s->edit, v.normal);
    free(v.normal);
    entry_refresh(en);
}

static enum entry_effect wrong(struct entry *en, struct slot *s, const struct err *e)
{
    en->pending = PENDING_NONE;
    en->jump = false;
    if (s != en->focus && slot_focusable(s))
        entry_focus_slot(en, s);
    return entry_complain(en, e);
}

/* All fields in their order, those that another field's answer has just shown included. */
static enum entry_effect submit(struct entry *en)
{
    struct err e = { 0 };
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (!s->visible)
            continue;
        enum leave leave = entry_leave(en, s, true, &e);
        if (leave == LEAVE_WRONG)
            return wrong(en, s, &e);
        if (leave == LEAVE_WAIT) {
            en->pending = PENDING_SUBMIT;
            return ENTRY_CHANGED;
        }
    }
    for (size_t i = 0; i < en->visible_count; i++)
        if (!slot_check(en, en->visible[i], true, &e))
            return wrong(en, en->visible[i], &e);
    en->jump = false;
    return ENTRY_READY;
}

static enum entry_effect advance(struct entry *en, enum pending how)
{
    struct slot *s = en->focus, *to;
    struct err e = { 0 };
    switch (entry_leave(en, s, how == PENDING_ENTER, &e)) {
    case LEAVE_WRONG:
        return wrong(en, s, &e);
    case LEAVE_WAIT:
        en->pending = how;
        return ENTRY_CHANGED;
    case LEAVE_OK:
        break;
    }
    to = en->jump ? entry_needed_slot(en, s) : entry_next_slot(en, s);
    en->jump = false;
    if (!to && how == PENDING_ENTER)
        return submit(en);
    entry_focus_slot(en, to ? to : entry_next_slot(en, NULL));
    return ENTRY_MOVED;
}

/* Only Enter takes the highlighted choice of a list that was opened to look. */
static void close_idle_list(struct entry *en)
{
    bool idle = en->focus && en->focus->kind == FIELD_CHOICE && textedit_length(en->focus->edit) == 0;
    if (idle && en->list == LIST_OPEN)
        en->list = LIST_CLOSED;
}

enum entry_effect entry_go(struct entry *en, enum pending how)
{
    en->pending = PENDING_NONE;
    if (how != PENDING_ENTER)
        close_idle_list(en);
    if (how == PENDING_SUBMIT || !en->focus)
        return submit(en);
    if (how == PENDING_NEEDED) {
        entry_focus_slot(en, entry_needed_slot(en, NULL));
        return ENTRY_MOVED;
    }
    return advance(en, how);
}
