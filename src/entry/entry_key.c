/* What each key does in each kind of field. */
#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define MIDDLE_DOT 0xB7u

static void typed(struct slot *s)
{
    s->typed = true;
    s->owner = OWNER_CLERK;
    s->filler = NULL;
}

/* The kinds that a number may turn out to be take their characters too. */
static uint32_t accept(const struct slot *s, uint32_t cp)
{
    uint32_t before = textedit_char_before(s->edit);
    uint32_t to = field_accept(s->kind, s->def, cp, before);
    for (const struct jnode *r = jn_first(jn_get(s->def->spec, "recognise")); r; r = jn_next(r)) {
        enum field_kind kind;
        if (to == FIELD_CHAR_REFUSED && field_kind_from_name(jn_str(r, "kind", ""), &kind))
            to = field_accept(kind, s->def, cp, before);
    }
    return to;
}

static enum entry_effect full(struct entry *en, const struct slot *s)
{
    char *text = xasprintf(_("%s: full, at most %zu characters"), fielddef_label(s->def), slot_max_chars(s));
    enum entry_effect effect = entry_complain_text(en, text);
    free(text);
    return effect;
}

static enum entry_effect advance_when_full(struct entry *en, struct slot *s, bool from_paste)
{
    bool at_end = textedit_cursor(s->edit) == textedit_length(s->edit);
    if (!slot_auto_advance(s) || !at_end || textedit_length(s->edit) < field_max_chars(s->kind, s->def))
        return ENTRY_CHANGED;
    /* The last field is left by the key that sends the form, never by itself. */
    if (!entry_next_slot(en, s))
        return ENTRY_CHANGED;
    enum entry_effect effect = entry_go(en, PENDING_ENTER);
    en->just_advanced = effect != ENTRY_REFUSED;
    en->advanced_by_burst = from_paste;
    return effect;
}

/* Copied texts often carry characters that nobody sees: they are left out, and that is told. */
static enum entry_effect leave_out(struct entry *en, uint32_t cp)
{
    char *text = xasprintf(_("An invisible character was left out (U+%04X)"), (unsigned)cp);
    entry_note(en, text);
    free(text);
    return ENTRY_CHANGED;
}

static enum entry_effect text_char(struct entry *en, uint32_t cp, bool from_paste)
{
    struct slot *s = en->focus;
    if (cp == '\t' || cp == '\r' || (cp == '\n' && s->kind != FIELD_MULTILINE))
        cp = from_paste ? ' ' : cp;
    if (cp >= 0x7F && utf8_is_garble(cp, textedit_char_before(s->edit)))
        return leave_out(en, cp);
    uint32_t to = cp == '\n' && s->kind == FIELD_MULTILINE ? cp : accept(s, cp);
    if (to == FIELD_CHAR_DROPPED)
        return ENTRY_NOTHING;
    if (to == FIELD_CHAR_REFUSED)
        return entry_complain_text(en, field_accept_hint(s->kind, s->def));
    if (textedit_full(s->edit))
        return full(en, s);
    if (!textedit_insert(s->edit, to))
        return entry_complain_text(en, _("This character cannot be entered"));
    typed(s);
    if (to == MIDDLE_DOT && cp != to)
        entry_note(en, _("The separator of names was changed to ·"));
    slot_refresh_readout(en, s);
    return advance_when_full(en, s, from_paste);
}

static enum entry_effect edit_key(struct entry *en, enum entry_key key)
{
    static const struct {
        enum entry_key key;
        bool (*edit)(struct textedit *);
    } edits[] = {
        { ENTRY_BACKSPACE, textedit_backspace },
        { ENTRY_DELETE, textedit_delete },
        { ENTRY_DELETE_WORD, textedit_delete_word },
        { ENTRY_CLEAR_TO_END, textedit_clear_to_end },
        { ENTRY_CLEAR, textedit_clear },
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        if (edits[i].key != key)
            continue;
        if (!edits[i].edit(en->focus->edit))
            return ENTRY_NOTHING;
        typed(en->focus);
        slot_refresh_readout(en, en->focus);
        return ENTRY_CHANGED;
    }
    return ENTRY_NOTHING;
}

static enum entry_effect move_key(struct slot *s, enum entry_key key)
{
    static const struct {
        enum entry_key key;
        enum textedit_move move;
    } moves[] = {
        { ENTRY_LEFT, TEXTEDIT_LEFT },
        { ENTRY_RIGHT, TEXTEDIT_RIGHT },
        { ENTRY_WORD_LEFT, TEXTEDIT_WORD_LEFT },
        { ENTRY_WORD_RIGHT, TEXTEDIT_WORD_RIGHT },
        { ENTRY_HOME, TEXTEDIT_HOME },
        { ENTRY_END, TEXTEDIT_END },
        { ENTRY_UP, TEXTEDIT_UP },
        { ENTRY_DOWN, TEXTEDIT_DOWN },
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].key == key)
            return textedit_move(s->edit, moves[i].move) ? ENTRY_CHANGED : ENTRY_NOTHING;
    return ENTRY_NOTHING;
}

static enum entry_effect set_yes_no(struct entry *en, const char *word)
{
    struct slot *s = en->focus;
    if (strcmp(s->value, word) == 0 && !*word)
        return ENTRY_NOTHING;
    slot_put(s, word, OWNER_CLERK, NULL);
    typed(s);
    entry_refresh(en);
    if (!*word || !slot_auto_advance(s))
        return ENTRY_MOVED;
    enum entry_effect effect = entry_go(en, PENDING_ENTER);
    en->just_advanced = effect != ENTRY_REFUSED;
    return effect;
}

static enum entry_effect yes_no_char(struct entry *en, uint32_t cp)
{
    cp = utf8_fold_width(cp);
    if (cp == ' ')
        return set_yes_no(en, strcmp(en->focus->value, "yes") == 0 ? "no" : "yes");
    if (cp == 'y' || cp == 'Y' || cp == '1' || cp == 0x662F) /* 是 */
        return set_yes_no(en, "yes");
    if (cp == 'n' || cp == 'N' || cp == '0' || cp == 0x5426) /* 否 */
        return set_yes_no(en, "no");
    return entry_complain_text(en, _("y for yes, n for no, space changes"));
}

static enum entry_effect list_effect(struct entry *en, enum checklist_effect effect)
{
    switch (effect) {
    case CHECKLIST_CHANGED:
        typed(en->focus);
        return ENTRY_CHANGED;
    case CHECKLIST_MOVED:
        return ENTRY_CHANGED;
    case CHECKLIST_REFUSED:
        return entry_complain_text(
            en, _("Space marks, * all, o original, c copy, v checked, e electronic, x missing, "
                  "a number jumps"));
    case CHECKLIST_NOTHING:
        break;
    }
    return ENTRY_NOTHING;
}

static enum entry_effect list_key(struct entry *en, enum entry_key key)
{
    struct checklist *list = &en->focus->list;
    switch (key) {
    case ENTRY_UP:
        return checklist_move(list, -1) ? ENTRY_CHANGED : ENTRY_NOTHING;
    case ENTRY_DOWN:
        return checklist_move(list, +1) ? ENTRY_CHANGED : ENTRY_NOTHING;
    case ENTRY_HOME:
        list->cursor = 0;
        return ENTRY_CHANGED;
    case ENTRY_END:
        list->cursor = list->count - 1;
        return ENTRY_CHANGED;
    case ENTRY_BACKSPACE:
    case ENTRY_DELETE:
        return list_effect(en, checklist_unmark(list));
    default:
        return ENTRY_NOTHING;
    }
}

static enum entry_effect char_key(struct entry *en, uint32_t cp, bool from_paste)
{
    switch (en->focus->kind) {
    case FIELD_CHOICE:
        return choice_char(en, cp, from_paste);
    case FIELD_YESNO:
        return yes_no_char(en, cp);
    case FIELD_CHECKLIST:
        /* Pasted text is data, and a checklist takes none. */
        return from_paste ? ENTRY_NOTHING : list_effect(en, checklist_char(&en->focus->list, cp));
    default:
        return text_char(en, cp, from_paste);
    }
}

static enum entry_effect own_key(struct entry *en, enum entry_key key)
{
    struct slot *s = en->focus;
    enum entry_effect effect = ENTRY_NOTHING;
    if (s->kind == FIELD_CHECKLIST)
        return list_key(en, key);
    if (s->kind == FIELD_YESNO)
        return key == ENTRY_BACKSPACE || key == ENTRY_DELETE || key == ENTRY_CLEAR ? set_yes_no(en, "")
                                                                                   : effect;
    if (s->kind == FIELD_CHOICE)
        effect = choice_key(en, key);
    else
        effect = edit_key(en, key);
    return effect == ENTRY_NOTHING ? move_key(s, key) : effect;
}

static enum entry_effect go_back(struct entry *en)
{
    entry_leave_loosely(en);
    struct slot *to = entry_previous_slot(en, en->focus);
    if (!to)
        return ENTRY_NOTHING;
    entry_focus_slot(en, to);
    return ENTRY_MOVED;
}

/* The field's value in the last case; false when there is none or it must be asked anew each time. */
static bool repeat_one(struct entry *en, struct slot *s)
{
    const struct jnode *value = s->def->repeat ? jn_get(en->env.repeat_from, s->def->id) : NULL;
    const char *text = jn_text(value);
    if (!text || !*text || !slot_put(s, text, OWNER_CLERK, NULL))
        return false;
    s->typed = true;
    return true;
}

static enum entry_effect repeat(struct entry *en)
{
    if (!repeat_one(en, en->focus))
        return entry_complain_text(en, en->focus->def->repeat ? _("The last case has nothing here")
                                                              : _("This field is never repeated"));
    entry_refresh(en);
    choice_focus(en);
    return entry_go(en, PENDING_ENTER);
}

/* This field and all that follow, except what was typed already; the item's own fields as soon as they are
 * there. */
static enum entry_effect repeat_all(struct entry *en)
{
    bool any = false, from_here = false;
    for (size_t i = 0; i < en->slot_count; i++) {
        struct slot *s = en->slots[i];
        from_here = from_here || s == en->focus;
        if (from_here && slot_focusable(s) && (s->owner != OWNER_CLERK || slot_empty(s)) && repeat_one(en, s))
            any = true;
    }
    if (!any)
        return entry_complain_text(en, _("The last case has nothing here"));
    for (const struct jnode *v = jn_first(en->env.repeat_from); v && entry_item_place(en); v = jn_next(v))
        if (!entry_slot(en, jn_key(v)) && jn_text(v))
            entry_keep_waiting(en, jn_key(v), jn_text(v));
    en->repeating = true;
    entry_refresh(en);
    choice_focus(en);
    en->jump = true;
    return entry_go(en, PENDING_ENTER);
}

/* Enter out of habit after a field that moved on by itself, or the scanner's own return, must not leave or
 * send what the clerk has not seen. */
static bool swallowed(struct entry *en, bool burst)
{
    return burst || (en->focus->def->mandatory && slot_empty(en->focus));
}

static enum entry_effect dispatch(struct entry *en, enum entry_key key, uint32_t cp, bool from_paste)
{
    switch (key) {
    case ENTRY_CHAR:
        return char_key(en, cp, from_paste);
    case ENTRY_ENTER:
        return entry_go(en, PENDING_ENTER);
    case ENTRY_NEXT:
        return entry_go(en, PENDING_TAB);
    case ENTRY_PREVIOUS:
        return go_back(en);
    case ENTRY_REPEAT:
        return repeat(en);
    case ENTRY_REPEAT_ALL:
        return repeat_all(en);
    case ENTRY_UNDO:
        return entry_undo(en) ? ENTRY_MOVED : entry_complain_text(en, _("Nothing to take back"));
    case ENTRY_SUBMIT:
        return entry_go(en, PENDING_SUBMIT);
    default:
        break;
    }
    enum entry_effect effect = own_key(en, key);
    if (effect == ENTRY_NOTHING && key == ENTRY_UP)
        return go_back(en);
    return effect == ENTRY_NOTHING && key == ENTRY_DOWN ? entry_go(en, PENDING_TAB) : effect;
}

enum entry_effect entry_key(struct entry *en, enum entry_key key, uint32_t cp, bool from_paste)
{
    bool advanced = en->just_advanced, burst = from_paste || en->advanced_by_burst;
    const struct slot *before = en->focus;
    char *old = xstrdup(en->message);
    en->just_advanced = en->advanced_by_burst = false;
    en->pending = PENDING_NONE;
    en->jump = false;
    if (en->is_error)
        entry_note(en, "");
    if (!en->focus) {
        free(old);
        return key == ENTRY_SUBMIT || key == ENTRY_ENTER ? entry_go(en, PENDING_SUBMIT) : ENTRY_NOTHING;
    }
    enum entry_effect effect = advanced && key == ENTRY_ENTER && swallowed(en, burst)
                                   ? ENTRY_NOTHING
                                   : dispatch(en, key, cp, from_paste);
    /* A note stays while its field is filled in, and goes when the next field is left. */
    if (en->focus != before && !en->is_error && strcmp(old, en->message) == 0)
        entry_note(en, "");
    free(old);
    return effect;
}
