/* What the database must be asked, and what its answers do to the form. */
#include "entry_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 1024
#define SCALAR_MAX 16384

static void ask_free(struct ask *a)
{
    for (size_t i = 0; i < a->request.count; i++) {
        free(a->names[i]);
        free(a->values[i]);
    }
    free(a->about);
    free(a);
}

static void drop(struct entry *en, size_t i)
{
    ask_free(en->asks[i]);
    memmove(en->asks + i, en->asks + i + 1, (en->ask_count - i - 1) * sizeof *en->asks);
    en->ask_count--;
}

void ask_free_all(struct entry *en)
{
    while (en->ask_count > 0)
        drop(en, en->ask_count - 1);
    free(en->asks);
    en->asks = NULL;
}

void ask_forget_slot(struct entry *en, const struct slot *s)
{
    for (size_t i = en->ask_count; i > 0; i--)
        if (en->asks[i - 1]->slot == s)
            drop(en, i - 1);
}

static struct ask *find(const struct entry *en, const struct slot *s, enum entry_request_kind kind)
{
    for (size_t i = 0; i < en->ask_count; i++)
        if (en->asks[i]->slot == s && en->asks[i]->request.kind == kind)
            return en->asks[i];
    return NULL;
}

static void add_arg(struct ask *a, const char *name, const char *value)
{
    size_t i = a->request.count++;
    a->names[i] = xstrdup(name);
    a->values[i] = xstrdup(value);
    a->request.names[i] = a->names[i];
    a->request.values[i] = a->values[i];
}

static struct ask *ask_new(const struct entry *en, struct slot *s, enum entry_request_kind kind,
                           const char *function)
{
    struct ask *a = xcalloc(1, sizeof *a);
    a->slot = s;
    a->about = xstrdup(slot_value(s));
    a->request = (struct entry_request){
        .id = en->last_id + 1, .kind = kind, .function = function, .hold_keys = true
    };
    return a;
}

/* A new question of a field takes the place of the same question not answered yet, whose answer is then
 * ignored. */
static void post(struct entry *en, struct ask *a)
{
    struct ask *old = find(en, a->slot, a->request.kind);
    for (size_t i = 0; old && i < en->ask_count; i++)
        if (en->asks[i] == old) {
            drop(en, i);
            break;
        }
    en->last_id = a->request.id;
    en->asks = xrealloc(en->asks, en->ask_count + 1, sizeof *en->asks);
    en->asks[en->ask_count++] = a;
}

void ask_choices(struct entry *en, struct slot *s)
{
    if (!find(en, s, ENTRY_ASK_CHOICES))
        post(en, ask_new(en, s, ENTRY_ASK_CHOICES, s->def->source));
}

void ask_working_date(struct entry *en, struct slot *s, int days)
{
    char text[32];
    struct ask *a = ask_new(en, s, ENTRY_ASK_WORKING_DATE, "due");
    add_arg(a, "from", date_iso(en->env.today, text, sizeof text));
    snprintf(text, sizeof text, "%d", days);
    add_arg(a, "days", text);
    post(en, a);
}

/* Adds the arguments that "args" takes from fields; false when one of them is empty. */
static bool add_args(const struct entry *en, struct ask *a, const struct jnode *question)
{
    for (const struct jnode *c = jn_first(jn_get(question, "args")); c; c = jn_next(c)) {
        struct slot *s = entry_slot(en, jn_text(c));
        if (!s || !*slot_value(s))
            return false;
        add_arg(a, jn_key(c), slot_value(s));
    }
    return true;
}

bool ask_load(struct entry *en, struct slot *s)
{
    const struct jnode *load = jn_get(s->def->spec, "load");
    const char *value = slot_value(s);
    const struct ask *running = find(en, s, ENTRY_ASK_LOAD);
    if (!load || !*value || (s->loaded_for && strcmp(s->loaded_for, value) == 0))
        return false;
    if (running && strcmp(running->about, value) == 0)
        return true;
    struct ask *a = ask_new(en, s, ENTRY_ASK_LOAD, jn_str(load, "function", ""));
    bool complete = add_args(en, a, load);
    if (complete)
        post(en, a);
    else
        ask_free(a);
    return complete;
}

static char *key_of(const struct ask *a)
{
    struct str key;
    str_init(&key, KEY_MAX);
    for (size_t i = 0; i < a->request.count; i++)
        str_addf(&key, "%s\n", a->values[i]);
    return str_steal(&key);
}

bool ask_lookup(struct entry *en, struct slot *s)
{
    const struct jnode *lookup = jn_get(s->def->spec, "lookup");
    if (!lookup)
        return false;
    struct ask *a = ask_new(en, s, ENTRY_ASK_LOOKUP, jn_str(lookup, "function", ""));
    bool complete = add_args(en, a, lookup);
    char *key = key_of(a);
    bool wanted = complete && (!s->looked_for || strcmp(key, s->looked_for) != 0);
    /* Remembered at once: a lookup that fails is not repeated until the value changes, it is only a
     * convenience. */
    if (wanted) {
        replace_text(&s->looked_for, key);
        post(en, a);
    } else {
        ask_free(a);
    }
    free(key);
    return wanted || find(en, s, ENTRY_ASK_LOOKUP);
}

bool entry_next_request(struct entry *en, struct entry_request *out)
{
    for (size_t i = 0; i < en->ask_count; i++)
        if (!en->asks[i]->handed) {
            en->asks[i]->handed = true;
            *out = en->asks[i]->request;
            return true;
        }
    return false;
}

static bool fill_one(const struct slot *by, struct slot *target, const char *text, bool found)
{
    bool mine = target->owner == OWNER_ANSWER && target->filler == by;
    if (!mine && !slot_empty(target) && target->kind != FIELD_READONLY)
        return false;
    if (!found || !*text) {
        if (mine)
            slot_put(target, "", OWNER_DEFAULT, NULL);
        return false;
    }
    if (!slot_put(target, text, OWNER_ANSWER, NULL))
        return false;
    target->filler = by;
    return true;
}

bool entry_fill(struct entry *en, const struct slot *by, const struct jnode *fill, const struct jnode *answer,
                bool found)
{
    bool any = false;
    char *text = xmalloc(SCALAR_MAX);
    for (const struct jnode *c = jn_first(fill); c; c = jn_next(c)) {
        struct slot *target = entry_slot(en, jn_key(c));
        if (target && fill_one(by, target, jn_scalar(jn_path(answer, jn_text(c)), text, SCALAR_MAX), found))
            any = any || target->kind != FIELD_READONLY;
    }
    free(text);
    return any;
}

/* What the form says is a reason not to go on: {"key":"stopped","message":…}. */
static bool refused_by_form(const struct entry *en, const struct jnode *question, const struct jnode *answer,
                            struct err *e)
{
    for (const struct jnode *r = jn_first(jn_get(question, "refuse")); r; r = jn_next(r)) {
        if (jn_is_null(jn_path(answer, jn_str(r, "key", ""))))
            continue;
        struct str text;
        str_init(&text, TEXT_MAX);
        template_fill(en, jn_label(jn_get(r, "message")), answer, &text);
        err_set(e, ERR_RULE, "%s", text.p ? text.p : "");
        str_reset(&text);
        return true;
    }
    return false;
}

static bool take_lookup(struct entry *en, struct slot *s, const struct jnode *answer, struct err *e)
{
    const struct jnode *lookup = jn_get(s->def->spec, "lookup");
    bool found = jn_bool(answer, "found", true);
    struct str note;
    if (refused_by_form(en, lookup, answer, e)) {
        replace_text(&s->looked_for, NULL);
        en->pending = PENDING_NONE;
        return false;
    }
    str_init(&note, TEXT_MAX);
    if (entry_fill(en, s, jn_get(lookup, "fill"), answer, found))
        en->jump = true;
    bool whole = found && template_fill(en, jn_label(jn_get(lookup, "note")), answer, &note);
    replace_text(&s->note, whole && note.p ? note.p : "");
    str_reset(&note);
    entry_refresh(en);
    return true;
}

static void fill_checklists(struct entry *en, const struct jnode *answer, bool same)
{
    for (size_t i = 0; i < en->slot_count; i++)
        if (en->slots[i]->kind == FIELD_CHECKLIST && jn_get(answer, "materials"))
            checklist_fill(&en->slots[i]->list, jn_get(answer, "materials"), same);
}

static bool take_load(struct entry *en, struct slot *s, const struct ask *a, const struct jnode *answer,
                      struct err *e)
{
    const struct jnode *load = jn_get(s->def->spec, "load");
    struct fielddef *fields;
    size_t count;
    if (refused_by_form(en, load, answer, e))
        return false;
    struct json *doc = json_clone(answer);
    if (!formdef_parse_fields(doc, jn_get(json_root(doc), "fields"), &fields, &count, e)) {
        json_free(&doc);
        return false;
    }
    fill_checklists(en, answer, s->loaded_for && strcmp(s->loaded_for, a->about) == 0);
    entry_splice(en, fields, count);
    json_free(&s->loaded);
    s->loaded = doc;
    replace_text(&s->loaded_for, a->about);
    s->trial = false;
    entry_fill(en, s, jn_get(load, "fill"), answer, true);
    entry_refresh(en);
    entry_place_waiting(en);
    if (!en->focus)
        entry_focus_slot(en, s);
    return true;
}

/* The clerk sees his search again, not a value that the database does not know. */
static void failed_load(struct entry *en, struct slot *s)
{
    if (s->trial) {
        char *text = xstrdup(s->value);
        slot_put(s, "", OWNER_CLERK, NULL);
        textedit_set(s->edit, text);
        s->trial = false;
        free(text);
    }
    en->pending = PENDING_NONE;
    if (slot_focusable(s))
        entry_focus_slot(en, s);
}

static bool take_date(struct slot *s, const struct jnode *answer, struct err *e)
{
    const char *due = jn_str(answer, "due", NULL);
    struct date d;
    if (!due || !date_parse_iso(due, &d))
        return err_set(e, ERR_BUG, _("the database did not answer with a date"));
    return slot_put(s, due, OWNER_CLERK, e);
}

/* An answer may itself be a refusal: {"ok":false,"message":…,"message_en":…,"hint":…}. */
static bool refused(const struct jnode *answer, struct err *e)
{
    if (jn_bool(answer, "ok", true))
        return false;
    err_set(e, ERR_RULE, "%s", i18n_pick(jn_str(answer, "message", ""), jn_str(answer, "message_en", NULL)));
    err_hint(e, "%s", i18n_pick(jn_str(answer, "hint", ""), jn_str(answer, "hint_en", NULL)));
    return true;
}

static bool take(struct entry *en, const struct ask *a, const struct jnode *answer, struct err *e)
{
    struct slot *s = a->slot;
    if (refused(answer, e))
        return false;
    switch (a->request.kind) {
    case ENTRY_ASK_LOOKUP:
        return take_lookup(en, s, answer, e);
    case ENTRY_ASK_LOAD:
        return take_load(en, s, a, answer, e);
    case ENTRY_ASK_CHOICES:
        choice_read_source(s, answer);
        entry_refresh(en);
        choice_focus(en);
        return true;
    case ENTRY_ASK_WORKING_DATE:
        return take_date(s, answer, e);
    }
    return true;
}

static void fail(struct entry *en, const struct ask *a, const struct err *e)
{
    if (e)
        entry_complain(en, e);
    else
        entry_complain_text(en, _("The database did not answer"));
    if (a->request.kind == ENTRY_ASK_LOAD)
        failed_load(en, a->slot);
    else if (a->request.kind != ENTRY_ASK_LOOKUP)
        en->pending = PENDING_NONE;
}

static struct ask *take_out(struct entry *en, unsigned id)
{
    for (size_t i = 0; i < en->ask_count; i++)
        if (en->asks[i]->request.id == id) {
            struct ask *a = en->asks[i];
            memmove(en->asks + i, en->asks + i + 1, (en->ask_count - i - 1) * sizeof *en->asks);
            en->ask_count--;
            return a;
        }
    return NULL;
}

enum entry_effect entry_answer(struct entry *en, unsigned id, const struct jnode *answer, const struct err *e)
{
    struct ask *a = take_out(en, id);
    struct err own = { 0 };
    if (!a)
        return ENTRY_NOTHING;
    bool ok = answer && take(en, a, answer, &own);
    if (!ok)
        fail(en, a, answer ? &own : e);
    ask_free(a);
    if (en->pending != PENDING_NONE && en->ask_count == 0) {
        enum entry_effect effect = entry_go(en, en->pending);
        return ok || effect == ENTRY_READY ? effect : ENTRY_REFUSED;
    }
    return ok ? ENTRY_MOVED : ENTRY_REFUSED;
}
