/* Which field the cursor goes to, and the way back. */
#include "entry_private.h"

#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

bool slot_focusable(const struct slot *s)
{
    if (!s->visible || s->kind == FIELD_READONLY || s->kind == FIELD_ITEM_FIELDS)
        return false;
    return s->kind != FIELD_CHECKLIST || s->list.count > 0;
}

static size_t place_of(const struct entry *en, const struct slot *s)
{
    size_t i = 0;
    while (i < en->slot_count && en->slots[i] != s)
        i++;
    return i;
}

/* A field with a good default is not worth a key. */
static bool passed_over(const struct entry *en, struct slot *s)
{
    return s->def->skip && !slot_empty(s) && slot_check(en, s, true, NULL);
}

struct slot *entry_next_slot(struct entry *en, const struct slot *from)
{
    for (size_t i = from ? place_of(en, from) + 1 : 0; i < en->slot_count; i++)
        if (slot_focusable(en->slots[i]) && !passed_over(en, en->slots[i]))
            return en->slots[i];
    return NULL;
}

struct slot *entry_previous_slot(struct entry *en, const struct slot *from)
{
    for (size_t i = place_of(en, from); i > 0; i--)
        if (slot_focusable(en->slots[i - 1]))
            return en->slots[i - 1];
    return NULL;
}

/* The item's own questions are asked even when an answer is not compulsory; other optional fields are not. */
static bool needs_input(const struct entry *en, struct slot *s)
{
    if (s->kind == FIELD_CHECKLIST)
        return checklist_marked(&s->list) == 0 || !slot_check(en, s, true, NULL);
    if (slot_empty(s))
        return s->def->mandatory || (s->def->from_item && !s->def->skip);
    return !slot_check(en, s, true, NULL);
}

struct slot *entry_needed_slot(struct entry *en, const struct slot *from)
{
    struct slot *last = NULL;
    for (size_t i = from ? place_of(en, from) + 1 : 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (!slot_focusable(s))
            continue;
        if (needs_input(en, s))
            return s;
        last = passed_over(en, s) ? last : s;
    }
    return last;
}

static void push_undo(struct entry *en, struct slot *s)
{
    if (!s->at_focus || strcmp(s->at_focus, slot_value(s)) == 0)
        return;
    if (en->undo_count == UNDO_MAX) {
        free(en->undo[0].value);
        memmove(en->undo, en->undo + 1, (UNDO_MAX - 1) * sizeof *en->undo);
        en->undo_count--;
    }
    en->undo[en->undo_count++] = (struct undo){ s, xstrdup(s->at_focus) };
}

void entry_focus_slot(struct entry *en, struct slot *s)
{
    if (!s)
        return;
    if (en->focus && en->focus != s)
        push_undo(en, en->focus);
    en->focus = s;
    s->list.typed = 0;
    replace_text(&s->at_focus, slot_value(s));
    choice_focus(en);
}

static bool put_back(struct entry *en, struct slot *s, const char *value)
{
    slot_put(s, value, OWNER_CLERK, NULL);
    s->typed = true;
    entry_refresh(en);
    choice_focus(en);
    return true;
}

bool entry_undo(struct entry *en)
{
    struct slot *s = en->focus;
    if (s->at_focus && strcmp(s->at_focus, slot_value(s)) != 0)
        return put_back(en, s, s->at_focus);
    while (en->undo_count > 0) {
        struct undo u = en->undo[--en->undo_count];
        bool usable = slot_focusable(u.slot);
        if (usable) {
            entry_focus_slot(en, u.slot);
            put_back(en, u.slot, u.value);
            replace_text(&u.slot->at_focus, u.value);
        }
        free(u.value);
        if (usable)
            return true;
    }
    return false;
}

void entry_forget_slot(struct entry *en, const struct slot *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < en->undo_count; i++) {
        if (en->undo[i].slot == s)
            free(en->undo[i].value);
        else
            en->undo[kept++] = en->undo[i];
    }
    en->undo_count = kept;
    if (en->focus == s)
        en->focus = NULL;
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->filler == s)
            en->slots[i]->filler = NULL;
}
