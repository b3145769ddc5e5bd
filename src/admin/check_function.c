/* Forms and lists against the signatures of the functions that they call, read from the system catalogue. */
#include "check.h"

#include "guitai/base/i18n.h"
#include "guitai/db/admin.h"

#include <stdio.h>
#include <string.h>

/* Anybody may read pg_proc; names lose their p_. */
static const char functions_sql[] =
    "select coalesce(jsonb_object_agg(p.proname, jsonb_build_object("
    "  'table', p.proretset, 'defaults', p.pronargdefaults,"
    "  'in', (select coalesce(jsonb_agg(substr(a.name, 3) order by a.ord), '[]')"
    "           from unnest(p.proargnames) with ordinality a(name, ord)"
    "          where coalesce(p.proargmodes[a.ord], 'i') in ('i', 'b')),"
    "  'out', (select coalesce(jsonb_agg(a.name order by a.ord), '[]')"
    "            from unnest(p.proargnames) with ordinality a(name, ord)"
    "           where coalesce(p.proargmodes[a.ord], 'i') in ('t', 'o')))), '{}') as functions"
    "  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
    " where n.nspname = 'api'";

struct json *check_function_read(struct err *e)
{
    struct db_admin *a = db_admin_open(NULL, e);
    struct db_result *r = NULL;
    struct json *functions = NULL;
    if (a && db_admin_query(a, functions_sql, NULL, 0, &r, e)) {
        if (jn_count(json_root(db_json(r))) > 0)
            functions = json_clone(json_root(db_json(r)));
        else
            err_set(e, ERR_VERSION, _("this database holds no guitai"));
    }
    db_result_free(&r);
    db_admin_close(&a);
    return functions;
}

static const struct jnode *function(struct check *c, const struct json *doc, const struct jnode *name)
{
    const struct jnode *f = jn_text(name) ? jn_get(c->functions, jn_text(name)) : NULL;
    if (jn_text(name) && !f)
        check_fail(c, doc, name, _("the database has no function api.%s"), jn_text(name));
    return f;
}

/* ---- entry forms ---- */

static bool sends(const struct formdef *form, const char *param)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct fielddef *f = &form->fields[i];
        if (f->kind == FIELD_ITEM_FIELDS ? strcmp(param, "extra") == 0 : strcmp(f->param, param) == 0)
            return true;
    }
    return false;
}

/* Arguments without a default must come from somewhere, or every call would fail. */
static void check_covered(struct check *c, const struct formdef *form, const struct jnode *f)
{
    const struct jnode *in = jn_get(f, "in");
    size_t needed = jn_count(in) - (size_t)jn_int(f, "defaults", 0);
    for (size_t i = 0; i < needed; i++) {
        const char *name = jn_text(jn_at(in, i));
        if (strcmp(name, "request") != 0 && !sends(form, name))
            check_fail(c, form->doc, jn_get(json_root(form->doc), "fields"),
                       _("no field gives the argument p_%s of %s"), name, form->function);
    }
}

static void check_args(struct check *c, const struct json *doc, const struct jnode *question)
{
    const struct jnode *f = function(c, doc, jn_get(question, "function"));
    for (const struct jnode *arg = f ? jn_first(jn_get(question, "args")) : NULL; arg; arg = jn_next(arg))
        if (!check_contains(jn_get(f, "in"), jn_key(arg)))
            check_fail(c, doc, arg, _("api.%s has no argument p_%s"), jn_str(question, "function", ""),
                       jn_key(arg));
}

static void check_source(struct check *c, const struct formdef *form, const struct fielddef *field)
{
    static const char *const columns[] = { "code", "name" };
    const struct jnode *source = jn_get(field->spec, "source");
    const struct jnode *f = function(c, form->doc, source);
    for (size_t i = 0; f && i < sizeof columns / sizeof *columns; i++)
        if (!check_contains(jn_get(f, "out"), columns[i]))
            check_fail(c, form->doc, source, _("api.%s gives no column “%s”"), field->source, columns[i]);
}

void check_function_entry(struct check *c, const struct formdef *form)
{
    const struct jnode *f = function(c, form->doc, jn_get(json_root(form->doc), "function"));
    size_t before = c->errors;
    for (size_t i = 0; i < form->count; i++) {
        const struct fielddef *field = &form->fields[i];
        if (f && *field->param && field->kind != FIELD_ITEM_FIELDS &&
            !check_contains(jn_get(f, "in"), field->param))
            check_fail(c, form->doc, field->spec, _("api.%s has no argument p_%s"), form->function,
                       field->param);
        check_args(c, form->doc, jn_get(field->spec, "lookup"));
        check_args(c, form->doc, jn_get(field->spec, "load"));
        check_source(c, form, field);
    }
    if (f && c->errors == before) /* an argument that is called otherwise is not missing besides */
        check_covered(c, form, f);
}

/* ---- lists ---- */

static void check_column(struct check *c, const struct json *doc, const struct jnode *name,
                         const struct jnode *f)
{
    const char *source = jn_str(json_root(doc), "source", "");
    const char *text = jn_text(name);
    char twin[128];
    size_t n = text ? strlen(text) : 0;
    if (text && !check_contains(jn_get(f, "out"), text)) {
        check_fail(c, doc, name, _("api.%s gives no column “%s”"), source, text);
    } else if (n > 3 && n < sizeof twin && strcmp(text + n - 3, "_zh") == 0) {
        snprintf(twin, sizeof twin, "%.*s_en", (int)n - 3, text);
        if (!check_contains(jn_get(f, "out"), twin))
            check_fail(c, doc, name, _("api.%s gives no column “%s”"), source, twin);
    }
}

static void check_takes(struct check *c, const struct json *doc, const struct jnode *call, const char *const *args,
                        size_t n)
{
    const struct jnode *f = call ? function(c, doc, call) : NULL;
    for (size_t i = 0; f && i < n; i++)
        if (*args[i] && !check_contains(jn_get(f, "in"), args[i]))
            check_fail(c, doc, call, _("api.%s has no argument p_%s"), jn_text(call), args[i]);
}

/* A key that calls: the function takes the argument that it is given, and the request; one that talks with another hall
 * is safe to repeat without, and its second function takes what was asked and answered. */
static void check_key_call(struct check *c, const struct json *doc, const struct jnode *key)
{
    const char *args[] = { jn_str(key, "param", ""), "request" };
    const char *then[] = { jn_str(key, "param", ""), "asked", "theirs" };
    check_takes(c, doc, jn_get(key, "call"), args, jn_get(key, "then") ? 1 : 2);
    check_takes(c, doc, jn_get(key, "then"), then, 3);
}

void check_function_list(struct check *c, const struct json *doc)
{
    static const char *const args[] = { "search", "after", "limit" };
    const struct jnode *list = json_root(doc), *source = jn_get(list, "source");
    const struct jnode *f = function(c, doc, source);
    if (!f)
        return;
    for (size_t i = 0; i < sizeof args / sizeof *args; i++)
        if (!check_contains(jn_get(f, "in"), args[i]))
            check_fail(c, doc, source, _("api.%s has no argument p_%s"), jn_text(source), args[i]);
    if (!check_contains(jn_get(f, "out"), "key"))
        check_fail(c, doc, source, _("api.%s gives no column “%s”"), jn_text(source), "key");
    for (const struct jnode *column = jn_first(jn_get(list, "columns")); column; column = jn_next(column))
        check_column(c, doc, jn_get(column, "name"), f);
    check_column(c, doc, jn_get(list, "colour"), f);
    for (const struct jnode *key = jn_first(jn_get(list, "keys")); key; key = jn_next(key)) {
        check_column(c, doc, jn_get(key, "arg"), f);
        check_key_call(c, doc, key);
    }
}
