#include "formdef_private.h"

#include "field_type.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"
#include "guitai/entry/entry.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX 63
#define COUNT(a) (sizeof(a) / sizeof *(a))

static char *copy(const char *s)
{
    return s ? xstrdup(s) : NULL;
}

void formdef_take_label(const struct jnode *label, char **zh, char **en)
{
    if (jn_is_string(label)) {
        *zh = copy(jn_text(label));
        return;
    }
    *zh = copy(jn_str(label, "zh", NULL));
    *en = copy(jn_str(label, "en", NULL));
}

static void free_choices(struct fielddef *d)
{
    for (size_t i = 0; i < d->choice_count; i++) {
        struct choice *c = &d->choices[i];
        free(c->code);
        free(c->zh);
        free(c->en);
        free(c->initials);
        free(c->extra);
    }
    free(d->choices);
}

void formdef_free_field(struct fielddef *d)
{
    free_choices(d);
    free(d->id);
    free(d->param);
    free(d->label_zh);
    free(d->label_en);
    free(d->help_zh);
    free(d->help_en);
    free(d->law);
    free(d->examples);
    free(d->initial);
    free(d->source);
    free(d->readout);
}

static bool read_id(const struct json *doc, const struct jnode *at, struct fielddef *d, struct err *e)
{
    const char *id = jn_text(at);
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (!islower((unsigned char)id[0]) || id[n] || n > ID_MAX)
        return json_fail(doc, at, e, _("expected a name of a-z, 0-9 and _, at most %d characters"), ID_MAX);
    d->id = xstrdup(id);
    return true;
}

static bool read_script(const struct json *doc, const struct jnode *at, struct fielddef *d, struct err *e)
{
    static const char *const names[] = { "any", "han", "latin", "digits" };
    if (!at)
        return true;
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(jn_text(at), names[i]) == 0) {
            d->script = (enum field_script)i;
            return true;
        }
    return json_fail(doc, at, e, _("expected one of: %s"), "any, han, latin, digits");
}

static bool whole_number(const struct jnode *n, double least, double most)
{
    double v = jn_number(n);
    return jn_is_number(n) && v >= least && v <= most && v == (double)(long)v;
}

static bool read_length(const struct json *doc, const struct jnode *at, struct fielddef *d, struct err *e)
{
    if (!at)
        return true;
    const struct jnode *least = jn_at(at, 0), *most = jn_at(at, 1);
    if (jn_count(at) != 2 || !whole_number(least, 0, FORMDEF_MAX_CHARS)
        || !whole_number(most, 1, FORMDEF_MAX_CHARS) || jn_number(least) > jn_number(most))
        return json_fail(doc, at, e, _("expected [least, most] characters, most from 1 to %d"),
                         FORMDEF_MAX_CHARS);
    d->min_chars = (size_t)jn_number(least);
    d->max_chars = (size_t)jn_number(most);
    return true;
}

static bool read_width(const struct json *doc, const struct jnode *at, struct fielddef *d, struct err *e)
{
    if (!at)
        return true;
    if (!whole_number(at, 1, FORMDEF_MAX_WIDTH))
        return json_fail(doc, at, e, _("expected a width of 1 to %d cells"), FORMDEF_MAX_WIDTH);
    d->width = (int)jn_number(at);
    return true;
}

static bool check_condition(const struct json *doc, const struct jnode *at, struct err *e)
{
    static const struct member members[] = {
        { "field", MEMBER_STRING, true },
        { "key", MEMBER_STRING, false },
        { "is", MEMBER_ARRAY, false },
        { "not", MEMBER_ARRAY, false },
    };
    if (!at)
        return true;
    if (!formdef_check_members(doc, at, members, COUNT(members), e))
        return false;
    if (!jn_get(at, "is") == !jn_get(at, "not"))
        return json_fail(doc, at, e, _("expected either \"is\" or \"not\" with an array of values"));
    const struct jnode *values = jn_get(at, "is") ? jn_get(at, "is") : jn_get(at, "not");
    return formdef_check_strings(doc, values, e);
}

static bool read_choice(const struct json *doc, const struct jnode *at, struct fielddef *d, struct err *e)
{
    static const struct member members[] = {
        { "code", MEMBER_STRING, true },   { "zh", MEMBER_STRING, true },
        { "en", MEMBER_STRING, false },    { "initials", MEMBER_STRING, false },
        { "extra", MEMBER_STRING, false }, { "when", MEMBER_OBJECT, false },
    };
    if (!formdef_check_members(doc, at, members, COUNT(members), e)
        || !check_condition(doc, jn_get(at, "when"), e))
        return false;
    for (size_t i = 0; i < d->choice_count; i++)
        if (strcmp(d->choices[i].code, jn_str(at, "code", "")) == 0 && !jn_get(at, "when"))
            return json_fail(doc, at, e, _("the code \"%s\" is there twice"), jn_str(at, "code", ""));
    d->choices[d->choice_count++] = (struct choice){
        .code = copy(jn_str(at, "code", "")),
        .zh = copy(jn_str(at, "zh", "")),
        .en = copy(jn_str(at, "en", NULL)),
        .initials = copy(jn_str(at, "initials", NULL)),
        .extra = copy(jn_str(at, "extra", NULL)),
    };
    return true;
}

static bool read_choices(const struct json *doc, const struct jnode *spec, struct fielddef *d, struct err *e)
{
    const struct jnode *array = jn_get(spec, "choices");
    size_t n = jn_count(array);
    if (n > FORMDEF_MAX_CHOICES)
        return json_fail(doc, array, e, _("expected at most %d choices"), FORMDEF_MAX_CHOICES);
    d->choices = n ? xcalloc(n, sizeof *d->choices) : NULL;
    for (const struct jnode *c = jn_first(array); c; c = jn_next(c))
        if (!read_choice(doc, c, d, e))
            return false;
    d->source = copy(jn_str(spec, "source", NULL));
    if (d->kind == FIELD_CHOICE && !d->choice_count && !d->source)
        return json_fail(doc, spec, e, _("expected \"choices\" or \"source\" for a choice"));
    return true;
}

static bool check_kind_from(const struct json *doc, const struct jnode *spec, struct err *e)
{
    const struct jnode *at = jn_get(spec, "kind_from");
    enum field_kind own;
    static const struct member members[] = {
        { "field", MEMBER_STRING, true },
        { "map", MEMBER_OBJECT, true },
    };
    if (!at)
        return true;
    if (!formdef_check_members(doc, at, members, COUNT(members), e)
        || !formdef_check_strings(doc, jn_get(at, "map"), e))
        return false;
    if (!field_kind_from_name(jn_str(spec, "kind", ""), &own) || !field_type_of(own)->text)
        return json_fail(doc, at, e, _("only a field that is typed as text takes its kind from another"));
    for (const struct jnode *c = jn_first(jn_get(at, "map")); c; c = jn_next(c)) {
        enum field_kind kind;
        if (!field_kind_from_name(jn_text(c), &kind) || !field_type_of(kind)->text)
            return json_fail(doc, c, e, _("expected a kind that is typed as text"));
    }
    return true;
}

static bool check_default_from(const struct json *doc, const struct jnode *at, struct err *e)
{
    static const struct member members[] = {
        { "field", MEMBER_STRING, true },
        { "key", MEMBER_STRING, false },
        { "map", MEMBER_OBJECT, false },
    };
    return !at
           || (formdef_check_members(doc, at, members, COUNT(members), e)
               && formdef_check_strings(doc, jn_get(at, "map"), e));
}

static bool check_refusals(const struct json *doc, const struct jnode *array, struct err *e)
{
    static const struct member members[] = {
        { "key", MEMBER_STRING, true },
        { "message", MEMBER_LABEL, true },
    };
    for (const struct jnode *c = jn_first(array); c; c = jn_next(c))
        if (!formdef_check_members(doc, c, members, COUNT(members), e))
            return false;
    return true;
}

/* lookup and load: a function of the database, its arguments from fields, what its answer fills. */
static bool check_question(const struct json *doc, const struct jnode *at, struct err *e)
{
    static const struct member members[] = {
        { "function", MEMBER_STRING, true }, { "args", MEMBER_OBJECT, true },
        { "fill", MEMBER_OBJECT, false },    { "note", MEMBER_LABEL, false },
        { "refuse", MEMBER_ARRAY, false },
    };
    if (!at)
        return true;
    if (!formdef_check_members(doc, at, members, COUNT(members), e)
        || !formdef_check_strings(doc, jn_get(at, "args"), e)
        || !formdef_check_strings(doc, jn_get(at, "fill"), e))
        return false;
    if (jn_count(jn_get(at, "args")) > ENTRY_REQUEST_ARGS)
        return json_fail(doc, jn_get(at, "args"), e, _("expected at most %d arguments"), ENTRY_REQUEST_ARGS);
    return check_refusals(doc, jn_get(at, "refuse"), e);
}

static bool check_recognise(const struct json *doc, const struct jnode *array, struct err *e)
{
    static const struct member members[] = {
        { "kind", MEMBER_STRING, true },
        { "set", MEMBER_OBJECT, true },
    };
    for (const struct jnode *c = jn_first(array); c; c = jn_next(c)) {
        enum field_kind kind;
        if (!formdef_check_members(doc, c, members, COUNT(members), e)
            || !formdef_check_strings(doc, jn_get(c, "set"), e))
            return false;
        if (!field_kind_from_name(jn_str(c, "kind", ""), &kind) || !field_type_of(kind)->text)
            return json_fail(doc, jn_get(c, "kind"), e, _("expected a kind that is typed as text"));
    }
    return true;
}

static bool check_readout(const struct json *doc, const struct jnode *at, struct err *e)
{
    static const char *const names[] = { "citizen", "credit", "class_limits", "due", "weekday" };
    if (!jn_is_string(at))
        return true;
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(jn_text(at), names[i]) == 0)
            return true;
    return json_fail(doc, at, e, _("expected one of: %s"), "citizen, credit, class_limits, due, weekday");
}

static bool check_parts(const struct json *doc, const struct jnode *spec, struct err *e)
{
    return check_condition(doc, jn_get(spec, "show_when"), e)
           && check_kind_from(doc, spec, e)
           && check_default_from(doc, jn_get(spec, "default_from"), e)
           && check_question(doc, jn_get(spec, "lookup"), e) && check_question(doc, jn_get(spec, "load"), e)
           && check_recognise(doc, jn_get(spec, "recognise"), e)
           && formdef_check_strings(doc, jn_get(spec, "fill"), e)
           && check_readout(doc, jn_get(spec, "readout"), e);
}

static bool read_kind(const struct json *doc, const struct jnode *spec, struct fielddef *d, struct err *e)
{
    const struct jnode *at = jn_get(spec, "kind");
    if (!field_kind_from_name(jn_text(at), &d->kind))
        return json_fail(
            doc, at, e, _("expected one of: %s"),
            "text, multiline, number, money, date, yesno, choice, citizen, credit, phone, checklist, "
            "readonly, item-fields");
    const struct field_type *type = field_type_of(d->kind);
    d->width = type->width;
    d->max_chars = type->max_chars;
    d->repeat = jn_bool(spec, "repeat", type->repeat);
    d->auto_advance = jn_bool(spec, "auto_advance", type->auto_advance);
    d->upper = jn_bool(spec, "upper", type->upper);
    return true;
}

static void read_texts(const struct jnode *spec, struct fielddef *d)
{
    d->param = xstrdup(jn_str(spec, "param", d->id));
    formdef_take_label(jn_get(spec, "label"), &d->label_zh, &d->label_en);
    formdef_take_label(jn_get(spec, "help"), &d->help_zh, &d->help_en);
    d->law = copy(jn_str(spec, "law", NULL));
    d->examples = copy(jn_str(spec, "examples", NULL));
    d->initial = copy(jn_str(spec, "default", NULL));
    d->readout = copy(jn_str(spec, "readout", NULL));
    d->mandatory = jn_bool(spec, "mandatory", false);
    d->recent = jn_bool(spec, "recent", false);
    d->skip = jn_bool(spec, "skip", false);
    d->spec = spec;
}

static const struct member field_members[] = {
    { "id", MEMBER_STRING, true },          { "kind", MEMBER_STRING, true },
    { "label", MEMBER_LABEL, false },       { "param", MEMBER_STRING, false },
    { "mandatory", MEMBER_BOOL, false },    { "length", MEMBER_ARRAY, false },
    { "width", MEMBER_NUMBER, false },      { "script", MEMBER_STRING, false },
    { "default", MEMBER_STRING, false },    { "default_from", MEMBER_OBJECT, false },
    { "repeat", MEMBER_BOOL, false },       { "upper", MEMBER_BOOL, false },
    { "auto_advance", MEMBER_BOOL, false }, { "skip", MEMBER_BOOL, false },
    { "show_when", MEMBER_OBJECT, false },  { "kind_from", MEMBER_OBJECT, false },
    { "choices", MEMBER_ARRAY, false },     { "source", MEMBER_STRING, false },
    { "recent", MEMBER_BOOL, false },       { "lookup", MEMBER_OBJECT, false },
    { "load", MEMBER_OBJECT, false },       { "recognise", MEMBER_ARRAY, false },
    { "fill", MEMBER_OBJECT, false },       { "readout", MEMBER_STRING | MEMBER_LABEL | MEMBER_NULL, false },
    { "text", MEMBER_LABEL, false },        { "help", MEMBER_LABEL, false },
    { "law", MEMBER_STRING, false },        { "examples", MEMBER_STRING, false },
};

bool formdef_read_field(const struct json *doc, const struct jnode *spec, struct fielddef *out, struct err *e)
{
    if (!formdef_check_members(doc, spec, field_members, COUNT(field_members), e)
        || !read_id(doc, jn_get(spec, "id"), out, e) || !read_kind(doc, spec, out, e))
        return false;
    read_texts(spec, out);
    if (out->kind != FIELD_ITEM_FIELDS && !out->label_zh)
        return json_fail(doc, spec, e, _("expected a member \"%s\""), "label");
    return read_script(doc, jn_get(spec, "script"), out, e)
           && read_length(doc, jn_get(spec, "length"), out, e)
           && read_width(doc, jn_get(spec, "width"), out, e) && read_choices(doc, spec, out, e)
           && check_parts(doc, spec, e);
}
