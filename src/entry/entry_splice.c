/* Defaults of a field, and the chosen item's own fields in their place. */
#include "entry_private.h"

#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void slot_put_default(struct entry *en, struct slot *s)
{
    const char *text = s->def->initial;
    char iso[16];
    if (!text)
        return;
    if (strcmp(text, "@station.window") == 0)
        text = en->window ? en->window : "";
    else if (s->kind == FIELD_DATE && strcmp(text, "today") == 0)
        text = date_iso(en->env.today, iso, sizeof iso);
    slot_put(s, text, OWNER_DEFAULT, NULL);
}

struct slot *entry_item_place(const struct entry *en)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->kind == FIELD_ITEM_FIELDS)
            return en->slots[i];
    return NULL;
}

static bool among(const struct fielddef *fields, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].id, id) == 0)
            return true;
    return false;
}

/* Takes the old item's fields away; a value whose question the new item asks too is kept for it. */
static void remove_spliced(struct entry *en, const struct fielddef *next, size_t count)
{
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        if (!s->def->from_item)
            continue;
        if (s->owner == OWNER_CLERK && !slot_empty(s) && among(next, count, s->def->id))
            entry_keep_waiting(en, s->def->id, slot_value(s));
        entry_forget_slot(en, s);
        ask_forget_slot(en, s);
    }
    size_t kept = 0;
    for (size_t i = 0; i < en->slot_count; i++) {
        if (en->slots[i]->def->from_item)
            slot_free(&en->slots[i]);
        else
            en->slots[kept++] = en->slots[i];
    }
    en->slot_count = kept;
    formdef_free_fields(&en->item_fields, en->item_field_count);
    en->item_field_count = 0;
}

static void insert(struct entry *en, size_t at, struct fielddef *fields, size_t count)
{
    en->slots = xrealloc(en->slots, en->slot_count + count + 1, sizeof *en->slots);
    memmove(en->slots + at + count, en->slots + at, (en->slot_count - at) * sizeof *en->slots);
    for (size_t i = 0; i < count; i++) {
        en->slots[at + i] = slot_new(&fields[i]);
        slot_put_default(en, en->slots[at + i]);
        if (fields[i].source)
            ask_choices(en, en->slots[at + i]);
    }
    en->slot_count += count;
    en->item_fields = fields;
    en->item_field_count = count;
}

void entry_splice(struct entry *en, struct fielddef *fields, size_t count)
{
    const struct slot *place = entry_item_place(en);
    if (!place) {
        formdef_free_fields(&fields, count);
        return;
    }
    remove_spliced(en, fields, count);
    size_t at = 0;
    while (en->slots[at] != place)
        at++;
    insert(en, at + 1, fields, count);
}
