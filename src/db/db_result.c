#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types of pg_type.dat; they never change. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_JSON = 114, TYPE_JSONB = 3802 };

struct db_result *db_result_new(PGresult *pg, bool text, struct err *e)
{
    struct db_result *r = xcalloc(1, sizeof *r);
    r->pg = pg;
    if (text || pq.PQntuples(pg) != 1 || pq.PQnfields(pg) != 1 || pq.PQgetisnull(pg, 0, 0))
        return r;
    if (pq.PQftype(pg, 0) != TYPE_JSONB && pq.PQftype(pg, 0) != TYPE_JSON)
        return r;
    r->doc = json_parse(pq.PQgetvalue(pg, 0, 0), (size_t)pq.PQgetlength(pg, 0, 0), "answer", e);
    if (!r->doc)
        db_result_free(&r);
    return r;
}

struct db_result *db_result_steal(struct db_result *r)
{
    struct db_result *own = xcalloc(1, sizeof *own);
    *own = *r;
    *r = (struct db_result){ 0 };
    return own;
}

void db_result_free(struct db_result **r)
{
    if (!*r)
        return;
    if ((*r)->pg)
        pq.PQclear((*r)->pg);
    json_free(&(*r)->doc);
    free(*r);
    *r = NULL;
}

size_t db_rows(const struct db_result *r)
{
    return r->pg ? (size_t)pq.PQntuples(r->pg) : 0;
}

size_t db_columns(const struct db_result *r)
{
    return r->pg ? (size_t)pq.PQnfields(r->pg) : 0;
}

const char *db_column_name(const struct db_result *r, size_t column)
{
    return column < db_columns(r) ? pq.PQfname(r->pg, (int)column) : NULL;
}

const char *db_value(const struct db_result *r, size_t row, const char *column)
{
    size_t columns = db_columns(r);
    if (row >= db_rows(r))
        return NULL;
    for (size_t i = 0; i < columns; i++)
        if (strcmp(pq.PQfname(r->pg, (int)i), column) == 0)
            return pq.PQgetisnull(r->pg, (int)row, (int)i) ? NULL : pq.PQgetvalue(r->pg, (int)row, (int)i);
    return NULL;
}

const struct json *db_json(const struct db_result *r)
{
    return r->doc;
}

static void set_cell(struct jnode *object, const PGresult *pg, int row, int column)
{
    const char *name = pq.PQfname(pg, column), *value = pq.PQgetvalue(pg, row, column);
    if (pq.PQgetisnull(pg, row, column)) {
        jn_set_str(object, name, NULL);
        return;
    }
    switch (pq.PQftype(pg, column)) {
    case TYPE_BOOL: jn_set_bool(object, name, value[0] == 't'); return;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8: jn_set_int(object, name, atoll(value)); return;
    case TYPE_JSON:
    case TYPE_JSONB: {
        struct json *doc = json_parse(value, (size_t)pq.PQgetlength(pg, row, column), "answer", NULL);
        jn_set_copy(object, name, doc ? json_root(doc) : NULL);
        json_free(&doc);
        return;
    }
    default: jn_set_str(object, name, value);
    }
}

struct json *db_rows_json(const struct db_result *r)
{
    struct json *doc = json_new_array();
    int rows = (int)db_rows(r), columns = (int)db_columns(r);
    for (int row = 0; row < rows; row++) {
        struct jnode *object = jn_push_object(json_edit(doc));
        for (int column = 0; column < columns; column++)
            set_cell(object, r->pg, row, column);
    }
    return doc;
}

/* ---- refusals and failures ---- */

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

bool db_result_refusal(const struct jnode *answer, struct err *e)
{
    if (!jn_is_object(answer) || jn_bool(answer, "ok", true))
        return false;
    const char *message = i18n_pick(jn_str(answer, "message", NULL), jn_str(answer, "message_en", NULL));
    const char *hint = i18n_pick(jn_str(answer, "hint", NULL), jn_str(answer, "hint_en", NULL));
    err_set(e, ERR_RULE, "%s", message && *message ? message : _("the database refused without a reason"));
    err_hint(e, "%s", hint ? hint : "");
    err_field(e, jn_str(answer, "field", NULL));
    copy_text(e->code, sizeof e->code, jn_str(answer, "code", NULL));
    copy_text(e->law, sizeof e->law, jn_str(answer, "law", NULL));
    return true;
}

struct mapping {
    const char *prefix; /* of the SQLSTATE; the first match counts */
    enum err_kind kind;
    const char *message;
    const char *hint;
};

static const struct mapping mappings[] = {
    { "28P01", ERR_DENIED, N_("the sign-in name or the password is wrong"),
      N_("type both again; the hall's administrator can set a new password") },
    { "28", ERR_DENIED, N_("this sign-in is not allowed here, or not any more"),
      N_("ask the hall's administrator") },
    { "42501", ERR_DENIED, N_("your sign-in has no right to this"),
      N_("ask the hall's administrator for the duty") },
    { "57014", ERR_CONFLICT, N_("the database gave up because it took too long"),
      N_("try again in a moment") },
    { "55P03", ERR_CONFLICT, N_("somebody else is working on the same record"), N_("try again in a moment") },
    { "40", ERR_CONFLICT, N_("somebody else changed the same record at this moment"), N_("try again") },
    { "57P", ERR_OFFLINE, N_("the database is shutting down or starting"),
      N_("it is tried again by itself") },
    { "08", ERR_OFFLINE, N_("the connection to the database broke"), N_("it is tried again by itself") },
    { "53300", ERR_OFFLINE, N_("the database has no free connection"),
      N_("tell the administrator; try again later") },
    { "53", ERR_OFFLINE, N_("the database has run out of disk or memory"), N_("tell the administrator") },
    { "25006", ERR_OFFLINE, N_("this database only answers questions: it is a copy"),
      N_("tell the administrator; target_session_attrs=read-write finds the right one") },
    { "3F000", ERR_VERSION, N_("this database holds no guitai"), N_("guitai-admin init-db makes it ready") },
    { "42883", ERR_VERSION, N_("the database lacks a function that this program needs"),
      N_("program and database are of different versions: tell the administrator (guitai-admin init-db)") },
    { "42P01", ERR_VERSION, N_("the database lacks a table that this program needs"),
      N_("program and database are of different versions: tell the administrator (guitai-admin init-db)") },
    { "22", ERR_INPUT, N_("a value has a form that the database does not take"), N_("check what was typed") },
};

bool db_result_sqlstate(const char *code, const char *primary, struct err *e)
{
    const struct mapping *m = NULL;
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings && !m; i++)
        if (strncmp(code, mappings[i].prefix, strlen(mappings[i].prefix)) == 0)
            m = &mappings[i];
    if (m && (m->kind == ERR_INPUT || m->kind == ERR_VERSION) && primary && *primary)
        err_set(e, m->kind, "%s: %s", _(m->message), primary);
    else if (m)
        err_set(e, m->kind, "%s", _(m->message));
    else
        err_set(e, ERR_BUG, _("the database reported something unexpected (%s): %s"), code,
                primary ? primary : "");
    if (m)
        err_hint(e, "%s", _(m->hint));
    if (e)
        copy_text(e->code, sizeof e->code, code);
    return false;
}

/* A rule raised instead of answered: message in Chinese, detail in English, the column is the field. */
static bool raised_rule(const PGresult *pg, const char *code, const char *primary, struct err *e)
{
    err_set(e, ERR_RULE, "%s", i18n_pick(primary, pq.PQresultErrorField(pg, PG_DIAG_MESSAGE_DETAIL)));
    const char *hint = pq.PQresultErrorField(pg, PG_DIAG_MESSAGE_HINT);
    err_hint(e, "%s", hint ? hint : "");
    err_field(e, pq.PQresultErrorField(pg, PG_DIAG_COLUMN_NAME));
    if (e)
        copy_text(e->code, sizeof e->code, code);
    return false;
}

bool db_result_error(const PGresult *pg, struct err *e)
{
    const char *code = pq.PQresultErrorField(pg, PG_DIAG_SQLSTATE);
    const char *primary = pq.PQresultErrorField(pg, PG_DIAG_MESSAGE_PRIMARY);
    if (!code)
        return err_set(e, ERR_OFFLINE, _("the connection to the database broke"));
    if (strncmp(code, "GT", 2) == 0)
        return raised_rule(pg, code, primary ? primary : code, e);
    return db_result_sqlstate(code, primary, e);
}
