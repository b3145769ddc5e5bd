#include "formdef_private.h"

#include "field_type.h"
#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1024

bool field_kind_from_name(const char *name, enum field_kind *kind)
{
    for (int k = 0; k < FIELD_KIND_COUNT; k++)
        if (strcmp(field_type_of((enum field_kind)k)->name, name) == 0) {
            *kind = (enum field_kind)k;
            return true;
        }
    return false;
}

void formdef_free_fields(struct fielddef **fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        formdef_free_field(&(*fields)[i]);
    free(*fields);
    *fields = NULL;
}

void formdef_free(struct formdef **f)
{
    if (!*f)
        return;
    formdef_free_fields(&(*f)->fields, (*f)->count);
    free((*f)->id);
    free((*f)->function);
    free((*f)->title_zh);
    free((*f)->title_en);
    json_free(&(*f)->doc);
    free(*f);
    *f = NULL;
}

static const struct fielddef *find_in(const struct fielddef *fields, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].id, id) == 0)
            return &fields[i];
    return NULL;
}

const struct fielddef *formdef_find(const struct formdef *f, const char *id)
{
    return find_in(f->fields, f->count, id);
}

const char *fielddef_label(const struct fielddef *d)
{
    return i18n_pick(d->label_zh ? d->label_zh : "", d->label_en);
}

/* Reads the array into fields[0 … *count); what was read is the caller's also on failure. */
static bool read_fields(const struct json *doc, const struct jnode *array, struct fielddef *fields,
                        size_t *count, struct err *e)
{
    for (const struct jnode *c = jn_first(array); c; c = jn_next(c)) {
        struct fielddef *d = &fields[(*count)++];
        if (!formdef_read_field(doc, c, d, e))
            return false;
        if (find_in(fields, *count - 1, d->id))
            return json_fail(doc, jn_get(c, "id"), e, _("the field \"%s\" is there twice"), d->id);
    }
    return true;
}

static bool check_count(const struct json *doc, const struct jnode *array, struct err *e)
{
    if (!jn_is_array(array))
        return json_fail(doc, array ? array : json_root(doc), e, _("expected an array of fields"));
    if (jn_count(array) > FORMDEF_MAX_FIELDS)
        return json_fail(doc, array, e, _("expected at most %d fields"), FORMDEF_MAX_FIELDS);
    return true;
}

static bool known(const struct formdef *f, const struct jnode *at, const char *id, struct err *e)
{
    return formdef_find(f, id)
           || json_fail(f->doc, at, e, _("expected a field of this form, not \"%s\""), id);
}

/* "field": of show_when, kind_from, default_from, when. */
static bool known_subject(const struct formdef *f, const struct jnode *part, struct err *e)
{
    return !part || known(f, jn_get(part, "field"), jn_str(part, "field", ""), e);
}

/* Members that are named after fields (`by_name`), or whose values are fields. */
static bool known_members(const struct formdef *f, const struct jnode *object, bool by_name, struct err *e)
{
    for (const struct jnode *c = jn_first(object); c; c = jn_next(c))
        if (!known(f, c, by_name ? jn_key(c) : jn_text(c), e))
            return false;
    return true;
}

static bool check_references(const struct formdef *f, const struct jnode *spec, struct err *e)
{
    for (const struct jnode *c = jn_first(jn_get(spec, "choices")); c; c = jn_next(c))
        if (!known_subject(f, jn_get(c, "when"), e))
            return false;
    for (const struct jnode *c = jn_first(jn_get(spec, "recognise")); c; c = jn_next(c))
        if (!known_members(f, jn_get(c, "set"), true, e))
            return false;
    return known_subject(f, jn_get(spec, "show_when"), e) && known_subject(f, jn_get(spec, "kind_from"), e)
           && known_subject(f, jn_get(spec, "default_from"), e)
           && known_members(f, jn_path(spec, "lookup.args"), false, e)
           && known_members(f, jn_path(spec, "lookup.fill"), true, e)
           && known_members(f, jn_path(spec, "load.args"), false, e)
           && known_members(f, jn_path(spec, "load.fill"), true, e)
           && known_members(f, jn_get(spec, "fill"), true, e);
}

static const struct member form_members[] = {
    { "id", MEMBER_STRING, true },    { "title", MEMBER_LABEL, true }, { "function", MEMBER_STRING, true },
    { "done", MEMBER_LABEL, false },  { "print", MEMBER_BOOL, false }, { "next", MEMBER_STRING, false },
    { "fields", MEMBER_ARRAY, true }, { "elsewhere", MEMBER_OBJECT, false },
};

static bool read_head(struct formdef *f, struct err *e)
{
    const struct jnode *root = json_root(f->doc);
    if (!formdef_check_members(f->doc, root, form_members, sizeof form_members / sizeof *form_members, e))
        return false;
    const char *next = jn_str(root, "next", "leave");
    if (strcmp(next, "again") != 0 && strcmp(next, "leave") != 0)
        return json_fail(f->doc, jn_get(root, "next"), e, _("expected one of: %s"), "again, leave");
    f->id = xstrdup(jn_str(root, "id", ""));
    f->function = xstrdup(jn_str(root, "function", ""));
    formdef_take_label(jn_get(root, "title"), &f->title_zh, &f->title_en);
    f->print = jn_bool(root, "print", false);
    f->again = strcmp(next, "again") == 0;
    return true;
}

static const struct member elsewhere_members[] = {
    { "function", MEMBER_STRING, true }, { "args", MEMBER_OBJECT, true }, { "path", MEMBER_STRING, true },
    { "found", MEMBER_LABEL, true },     { "beside", MEMBER_STRING, true },
};

static bool check_elsewhere(const struct formdef *f, struct err *e)
{
    const struct jnode *n = jn_get(json_root(f->doc), "elsewhere");
    return !n
           || (formdef_check_members(f->doc, n, elsewhere_members, sizeof elsewhere_members / sizeof *elsewhere_members, e)
               && known_members(f, jn_get(n, "args"), false, e));
}

static bool read_form(struct formdef *f, struct err *e)
{
    if (!read_head(f, e))
        return false;
    const struct jnode *array = jn_get(json_root(f->doc), "fields");
    if (!check_count(f->doc, array, e))
        return false;
    f->fields = xcalloc(jn_count(array) + 1, sizeof *f->fields);
    if (!read_fields(f->doc, array, f->fields, &f->count, e))
        return false;
    for (size_t i = 0; i < f->count; i++)
        if (!check_references(f, f->fields[i].spec, e))
            return false;
    return check_elsewhere(f, e);
}

struct formdef *formdef_parse(struct json *doc, struct err *e)
{
    struct formdef *f = xcalloc(1, sizeof *f);
    f->doc = doc;
    if (!read_form(f, e))
        formdef_free(&f);
    return f;
}

static bool find_file(const char *id, char *path, size_t size, struct err *e)
{
    char name[128];
    if (!*id || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(id))
        return err_set(e, ERR_INPUT, _("“%s” is not the name of a form"), id);
    snprintf(name, sizeof name, "forms/entry/%s.json", id);
    return paths_share(name, path, size, e);
}

bool formdef_exists(const char *id)
{
    char path[PATH_SIZE];
    struct err e;
    return find_file(id, path, sizeof path, &e);
}

struct formdef *formdef_load(const char *id, struct err *e)
{
    char path[PATH_SIZE];
    if (!find_file(id, path, sizeof path, e))
        return NULL;
    struct json *doc = json_load(path, e);
    if (!doc)
        return NULL;
    struct formdef *f = formdef_parse(doc, e);
    if (f && strcmp(f->id, id) != 0) {
        json_fail(f->doc, jn_get(json_root(f->doc), "id"), e, _("expected \"%s\", the name of the file"), id);
        formdef_free(&f);
    }
    return f;
}

static bool usable_in_item(const struct json *doc, const struct fielddef *d, struct err *e)
{
    static const enum field_kind kinds[] = { FIELD_TEXT,   FIELD_MULTILINE, FIELD_NUMBER, FIELD_MONEY,
                                             FIELD_DATE,   FIELD_YESNO,     FIELD_CHOICE, FIELD_CITIZEN,
                                             FIELD_CREDIT, FIELD_PHONE };
    if (jn_get(d->spec, "load"))
        return json_fail(doc, jn_get(d->spec, "load"), e, _("an item's own field cannot load another item"));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i] == d->kind)
            return true;
    return json_fail(doc, jn_get(d->spec, "kind"), e, _("an item's own field cannot be of this kind"));
}

bool formdef_parse_fields(const struct json *doc, const struct jnode *array, struct fielddef **out,
                          size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    if (jn_is_null(array) || (jn_is_array(array) && jn_count(array) == 0))
        return true;
    if (!check_count(doc, array, e))
        return false;
    struct fielddef *fields = xcalloc(jn_count(array), sizeof *fields);
    bool ok = read_fields(doc, array, fields, count, e);
    for (size_t i = 0; ok && i < *count; i++) {
        fields[i].from_item = true;
        ok = usable_in_item(doc, &fields[i], e);
    }
    if (ok) {
        *out = fields;
        return true;
    }
    formdef_free_fields(&fields, *count);
    *count = 0;
    return false;
}
