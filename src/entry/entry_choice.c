/* Choice fields: what is offered, the search, the recent nine, picking. */
#include "entry_private.h"

#include "choice_match.h"
#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EXTRA_MAX 256

size_t choices_all(const struct slot *s, const struct choice **all)
{
    *all = s->def->source ? s->choices : s->def->choices;
    return s->def->source ? s->choice_count : s->def->choice_count;
}

const char *choice_name(const struct choice *c)
{
    return i18n_pick(c->zh, c->en);
}

const struct jnode *choice_row(const struct slot *s, const struct choice *c)
{
    const struct choice *all;
    choices_all(s, &all);
    size_t i = (size_t)(c - all);
    return s->def->source ? jn_at(json_root(s->source), i) : jn_at(jn_get(s->def->spec, "choices"), i);
}

bool choice_offered(const struct entry *en, const struct slot *s, const struct choice *c)
{
    return s->def->source || condition_holds(en, jn_get(choice_row(s, c), "when"));
}

const struct choice *choice_of(const struct entry *en, const struct slot *s, const char *code)
{
    const struct choice *all, *any = NULL;
    size_t n = choices_all(s, &all);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].code, code) != 0)
            continue;
        if (choice_offered(en, s, &all[i]))
            return &all[i];
        any = any ? any : &all[i];
    }
    return any;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

/* The line beside a choice: the row's columns that are names, or words in the user's language. */
static char *extra_of(const struct jnode *row)
{
    const char *mine = i18n_english() ? "_en" : "_zh";
    struct str s;
    str_init(&s, EXTRA_MAX);
    for (const struct jnode *c = jn_first(row); c; c = jn_next(c)) {
        const char *key = jn_key(c), *text = jn_text(c);
        if (text && *text && (ends_with(key, mine) || ends_with(key, "_name")))
            str_addf(&s, "%s%s", s.len ? "  " : "", text);
    }
    return s.len ? str_steal(&s) : NULL;
}

/* The strings are borrowed from the rows, which the slot keeps; only `extra` is made here. */
void choice_read_source(struct slot *s, const struct jnode *rows)
{
    for (size_t i = 0; i < s->choice_count; i++)
        free(s->choices[i].extra);
    free(s->choices);
    json_free(&s->source);
    s->choice_count = 0;
    s->source = json_clone(rows);
    s->choices = xcalloc(jn_count(rows) + 1, sizeof *s->choices);
    for (const struct jnode *r = jn_first(json_root(s->source)); r && s->choice_count < SOURCE_MAX;
         r = jn_next(r)) {
        const char *code = jn_str(r, "code", "");
        s->choices[s->choice_count++] = (struct choice){
            .code = (char *)code,
            .zh = (char *)jn_str(r, "name", jn_str(r, "zh", code)),
            .en = (char *)jn_str(r, "name_en", jn_str(r, "en", NULL)),
            .initials = (char *)jn_str(r, "initials", NULL),
            .extra = extra_of(r),
        };
    }
}

static bool already(const struct entry *en, const struct choice *c)
{
    for (size_t i = 0; i < en->recent_count; i++)
        if (en->recent[i] == c)
            return true;
    return false;
}

static void find_recent(struct entry *en, const struct slot *s)
{
    en->recent_count = 0;
    if (!s->def->recent)
        return;
    const struct jnode *codes = jn_get(en->env.recent, s->def->id);
    for (const struct jnode *c = jn_first(codes); c && en->recent_count < RECENT_MAX; c = jn_next(c)) {
        const struct choice *one = jn_text(c) ? choice_of(en, s, jn_text(c)) : NULL;
        if (one && choice_offered(en, s, one) && !already(en, one))
            en->recent[en->recent_count++] = one;
    }
}

/* Recent ones first, then all as listed. */
static void find_offered(struct entry *en, const struct slot *s)
{
    const struct choice *all;
    size_t n = choices_all(s, &all);
    find_recent(en, s);
    free(en->offered);
    en->offered = xcalloc(n + 1, sizeof *en->offered);
    en->offered_count = 0;
    for (size_t i = 0; i < en->recent_count; i++)
        en->offered[en->offered_count++] = en->recent[i];
    for (size_t i = 0; i < n; i++)
        if (!already(en, &all[i]) && choice_offered(en, s, &all[i]))
            en->offered[en->offered_count++] = &all[i];
}

static void search(struct entry *en)
{
    const char *text = textedit_get(en->focus->edit);
    free(en->matches);
    en->matches = xcalloc(en->offered_count + 1, sizeof *en->matches);
    en->match_count = choice_match(text, en->offered, en->offered_count, en->matches);
    if (*text)
        en->list = LIST_OPEN;
    en->highlight = en->list == LIST_OPEN ? 0 : en->match_count;
}

static enum entry_effect close_list(struct entry *en)
{
    if (en->list == LIST_CLOSED)
        return ENTRY_NOTHING;
    en->list = LIST_CLOSED;
    textedit_clear(en->focus->edit);
    search(en);
    return ENTRY_CHANGED;
}

/* The value that the field holds is the one that F4 shows first under the cursor. */
static void highlight_value(struct entry *en)
{
    for (size_t i = 0; i < en->match_count; i++)
        if (strcmp(en->matches[i]->code, en->focus->value) == 0)
            en->highlight = i;
}

void choice_focus(struct entry *en)
{
    struct slot *s = en->focus;
    en->match_count = en->recent_count = 0;
    en->list = LIST_CLOSED;
    if (!s || s->kind != FIELD_CHOICE)
        return;
    find_offered(en, s);
    if (!*s->value && (en->recent_count > 0 || s->def->auto_advance))
        en->list = LIST_HINT;
    search(en);
}

static void pick(struct entry *en, struct slot *s, const struct choice *c)
{
    slot_put(s, c->code, OWNER_CLERK, NULL);
    s->typed = true;
    s->trial = false;
    if (s == en->focus)
        en->list = LIST_CLOSED;
    if (entry_fill(en, s, jn_get(s->def->spec, "fill"), choice_row(s, c), true))
        en->jump = true;
    entry_refresh(en);
}

static enum entry_effect pick_and_go(struct entry *en, const struct choice *c)
{
    pick(en, en->focus, c);
    enum entry_effect effect = entry_go(en, PENDING_ENTER);
    en->just_advanced = effect != ENTRY_REFUSED;
    return effect;
}

/* A digit in an empty field takes a recent choice; pasted digits are text. */
static const struct choice *recent_of_digit(const struct entry *en, uint32_t cp)
{
    size_t n = cp >= '1' && cp <= '9' ? cp - '1' : RECENT_MAX;
    return textedit_length(en->focus->edit) == 0 && n < en->recent_count ? en->recent[n] : NULL;
}

enum entry_effect choice_char(struct entry *en, uint32_t cp, bool from_paste)
{
    struct slot *s = en->focus;
    cp = utf8_fold_width(cp);
    const struct choice *recent = from_paste ? NULL : recent_of_digit(en, cp);
    if (recent)
        return pick_and_go(en, recent);
    if (cp == ' ' && textedit_length(s->edit) == 0)
        return choice_key(en, ENTRY_CHOOSE);
    if (!textedit_insert(s->edit, cp))
        return entry_complain_text(en, textedit_full(s->edit) ? _("The search text is long enough")
                                                              : _("This character cannot be entered"));
    s->typed = true;
    search(en);
    const struct choice *exact = choice_match_code(textedit_get(s->edit), en->offered, en->offered_count);
    if (exact && s->def->auto_advance)
        return pick_and_go(en, exact);
    if (s->def->source && !s->source)
        ask_choices(en, s);
    return ENTRY_CHANGED;
}

static enum entry_effect edited(struct entry *en, bool changed)
{
    if (!changed)
        return ENTRY_NOTHING;
    if (textedit_length(en->focus->edit) == 0)
        en->list = LIST_CLOSED;
    search(en);
    return ENTRY_CHANGED;
}

/* Backspace in an empty search takes the value away. */
static enum entry_effect clear_value(struct entry *en)
{
    struct slot *s = en->focus;
    if (!*s->value)
        return ENTRY_NOTHING;
    slot_put(s, "", OWNER_CLERK, NULL);
    s->typed = true;
    entry_refresh(en);
    choice_focus(en);
    return ENTRY_MOVED;
}

static enum entry_effect toggle_list(struct entry *en)
{
    if (en->focus->def->source && !en->focus->source)
        ask_choices(en, en->focus);
    if (en->list == LIST_OPEN)
        return close_list(en);
    en->list = LIST_OPEN;
    en->highlight = 0;
    highlight_value(en);
    return ENTRY_CHANGED;
}

static enum entry_effect move_highlight(struct entry *en, int step)
{
    if (en->list == LIST_CLOSED || en->match_count == 0)
        return ENTRY_NOTHING;
    if (en->list == LIST_HINT) {
        if (step < 0)
            return ENTRY_NOTHING;
        en->list = LIST_OPEN;
        en->highlight = 0;
        return ENTRY_CHANGED;
    }
    if ((step < 0 && en->highlight == 0) || (step > 0 && en->highlight + 1 >= en->match_count))
        return ENTRY_CHANGED;
    en->highlight = step < 0 ? en->highlight - 1 : en->highlight + 1;
    return ENTRY_CHANGED;
}

enum entry_effect choice_key(struct entry *en, enum entry_key key)
{
    struct textedit *t = en->focus->edit;
    bool searching = textedit_length(t) > 0;
    switch (key) {
    case ENTRY_CHOOSE:
        return toggle_list(en);
    case ENTRY_CLOSE:
        return close_list(en);
    case ENTRY_UP:
        return move_highlight(en, -1);
    case ENTRY_DOWN:
        return move_highlight(en, +1);
    case ENTRY_BACKSPACE:
        return searching ? edited(en, textedit_backspace(t)) : clear_value(en);
    case ENTRY_CLEAR:
        return searching ? edited(en, textedit_clear(t)) : clear_value(en);
    case ENTRY_DELETE:
        return edited(en, textedit_delete(t));
    case ENTRY_DELETE_WORD:
        return edited(en, textedit_delete_word(t));
    case ENTRY_CLEAR_TO_END:
        return edited(en, textedit_clear_to_end(t));
    default:
        return ENTRY_NOTHING;
    }
}

static bool no_such(const struct slot *s, const char *text, struct err *e)
{
    err_set(e, ERR_INPUT, _("%s: nothing is called “%s”. F4 lists all"), fielddef_label(s->def), text);
    return err_field(e, s->def->id);
}

static bool looks_like_code(const char *text)
{
    size_t n = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_/");
    return text[n] == '\0' && strcspn(text, "0123456789") < n;
}

/* What a search in a field without the focus means: nobody saw a highlight, so it must be the only match,
 * or exact. */
static const struct choice *only_match(const struct entry *en, const struct slot *s, const char *text)
{
    const struct choice *all, *best = NULL;
    size_t n = choices_all(s, &all), count = 0;
    const struct choice **offered = xcalloc(n + 1, sizeof *offered), **found = xcalloc(n + 1, sizeof *found);
    for (size_t i = 0; i < n; i++)
        if (choice_offered(en, s, &all[i]))
            offered[count++] = &all[i];
    size_t matches = choice_match(text, offered, count, found);
    if (matches == 1 || (matches > 1 && strcasecmp(found[0]->code, text) == 0))
        best = found[0];
    free(offered);
    free(found);
    return best;
}

static const struct choice *chosen(const struct entry *en, const struct slot *s, const char *text)
{
    if (s != en->focus)
        return *text ? only_match(en, s, text) : NULL;
    return en->highlight < en->match_count && en->list == LIST_OPEN ? en->matches[en->highlight] : NULL;
}

bool choice_settle(struct entry *en, struct slot *s, struct err *e)
{
    char *text = xstrdup(textedit_get(s->edit));
    const struct choice *c = chosen(en, s, text);
    bool ok = true;
    if (c) {
        pick(en, s, c);
    } else if (*text && jn_get(s->def->spec, "load") && looks_like_code(text)) {
        /* Not on the list, but perhaps it was: the database knows what became of it. */
        slot_put(s, text, OWNER_CLERK, NULL);
        s->trial = true;
    } else if (*text) {
        ok = no_such(s, text, e);
    }
    free(text);
    return ok;
}
