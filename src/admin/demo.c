#include "admin.h"

#include "guitai/base/date.h"
#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL_FILE_MAX (8u << 20)

struct demo {
    const char *division; /* of the file at hand, 6 digits, or "" */
    const char *password;
    long today;           /* of the hall */
    const char *path;
};

typedef bool demo_part(struct db_admin *a, const struct demo *d, struct err *e);

static bool hall_today(struct db_admin *a, long *today, struct err *e)
{
    struct db_result *r;
    struct date day;
    if (!db_admin_query(a, "select to_char(data.today(), 'YYYY-MM-DD') as today", NULL, 0, &r, e))
        return false;
    bool ok = date_parse_iso(db_value(r, 0, "today"), &day);
    *today = ok ? date_to_days(day) : 0;
    db_result_free(&r);
    return ok ? true : err_set(e, ERR_BUG, _("the database gives no day"));
}

/* The file with "today+25" and the like made into dates. Owner: the caller. */
static struct json *load_resolved(const struct demo *d, struct err *e)
{
    struct json *doc = json_load(d->path, e);
    struct json *resolved = doc ? day_resolve_tree(json_root(doc), d->today) : NULL;
    json_free(&doc);
    return resolved;
}

/* ---- the parts ---- */

static bool load_organisation(struct db_admin *a, const struct demo *d, struct err *e)
{
    struct json *doc = load_resolved(d, e);
    if (!doc)
        return false;
    char *text = json_text(doc, false);
    struct db_arg args[] = { { "org", text } };
    bool ok = admin_call(a, "organisation__load", args, 1, NULL, e);
    free(text);
    json_free(&doc);
    return ok;
}

static bool load_calendar(struct db_admin *a, const struct demo *d, struct err *e)
{
    return calendar_load(a, d->path, NULL, e);
}

/* A row of the catalogue names an item file and replaces some of its members. */
static bool publish_row(struct db_admin *a, const struct demo *d, const struct jnode *row, struct err *e)
{
    char name[80], path[PATH_MAX];
    snprintf(name, sizeof name, "forms/items/%s.json", jn_str(row, "code", "?"));
    if (!paths_share(name, path, sizeof path, e))
        return false;
    struct json *doc = json_load(path, e);
    if (!doc)
        return false;
    struct json *item = json_clone(json_root(doc)); /* as authored: its "today" is a default for the clerk */
    for (const struct jnode *m = jn_first(row); m; m = jn_next(m)) {
        jn_remove(json_edit(item), jn_key(m));
        jn_set_copy(json_edit(item), jn_key(m), m);
    }
    bool ok = item_publish(a, d->division, json_root(item), e);
    if (!ok)
        err_prefix(e, jn_str(row, "code", "?"));
    json_free(&item);
    json_free(&doc);
    return ok;
}

static bool load_catalogue(struct db_admin *a, const struct demo *d, struct err *e)
{
    struct json *doc = load_resolved(d, e);
    bool ok = doc != NULL;
    for (const struct jnode *row = doc ? jn_first(jn_get(json_root(doc), "items")) : NULL; ok && row;
         row = jn_next(row))
        ok = publish_row(a, d, row, e);
    json_free(&doc);
    return ok;
}

static bool load_staff(struct db_admin *a, const struct demo *d, struct err *e)
{
    struct json *doc = load_resolved(d, e);
    bool ok = doc != NULL;
    for (const struct jnode *p = doc ? jn_first(jn_get(json_root(doc), "people")) : NULL; ok && p;
         p = jn_next(p))
        ok = staff_enter(a, d->division, p, d->password, STAFF_ROLE_RESET, e);
    json_free(&doc);
    return ok;
}

static bool load_endings(struct db_admin *a, const struct demo *d, struct err *e)
{
    struct json *doc = load_resolved(d, e);
    bool ok = doc != NULL;
    for (const struct jnode *n = doc ? jn_first(jn_get(json_root(doc), "ended")) : NULL; ok && n;
         n = jn_next(n)) {
        struct db_arg args[] = { { "division", d->division },
                                 { "item", jn_str(n, "item", NULL) },
                                 { "on", jn_str(n, "on", NULL) },
                                 { "document", jn_str(n, "document", NULL) },
                                 { "rule", jn_str(n, "rule", NULL) } };
        ok = admin_call(a, "item__end", args, 5, NULL, e);
    }
    json_free(&doc);
    return ok;
}

static bool load_cases(struct db_admin *a, const struct demo *d, struct err *e)
{
    char *sql;
    size_t len;
    if (!file_read(d->path, SQL_FILE_MAX, &sql, &len, e))
        return false;
    bool ok = db_admin_run(a, sql, e);
    free(sql);
    return ok;
}

/* ---- running them ---- */

/* One file in one transaction, with its record; a file that has been loaded once is left alone. */
static bool run_part(struct db_admin *a, const struct demo *d, const char *suffix, demo_part *part,
                     struct err *e)
{
    const char *file = strrchr(d->path, '/') + 1;
    char name[128], digest[65];
    snprintf(name, sizeof name, "demo/%s%s", file, suffix);
    if (!initdb_recorded(a, name, digest, e))
        return false;
    if (digest[0] != '\0')
        return true;
    bool ok = db_admin_run(a, "begin", e) && part(a, d, e) && initdb_digest(a, name, digest, e) &&
              initdb_record(a, name, "demo", digest, e) && db_admin_run(a, "commit", e);
    if (ok) {
        printf(_("loaded %s\n"), name);
        return true;
    }
    struct err ignored;
    db_admin_run(a, "rollback", &ignored);
    return err_prefix(e, name);
}

/* The six digits after "-" in the name of a file, or "". */
static void division_of(const char *path, char out[7])
{
    const char *dash = strrchr(path, '-');
    bool code = dash && strspn(dash + 1, "0123456789") == 6;
    snprintf(out, 7, "%s", code ? dash + 1 : "");
}

static bool run_all(struct db_admin *a, const struct demo *base, const char *pattern, const char *suffix,
                    demo_part *part, struct err *e)
{
    char folder[PATH_MAX], *full;
    if (!paths_share("sql/demo", folder, sizeof folder, e))
        return false;
    full = xasprintf("%s/%s", folder, pattern);
    glob_t found;
    bool ok = true;
    if (glob(full, 0, NULL, &found) == 0) {
        for (size_t i = 0; ok && i < found.gl_pathc; i++) {
            char division[7];
            division_of(found.gl_pathv[i], division);
            if (base->division && division[0] && strcmp(base->division, division) != 0)
                continue;
            struct demo d = *base;
            d.path = found.gl_pathv[i];
            d.division = division;
            ok = run_part(a, &d, suffix, part, e);
        }
        globfree(&found);
    }
    free(full);
    return ok;
}

bool demo_knows(const char *division, struct err *e)
{
    char name[64], path[PATH_MAX];
    if (!division)
        return true;
    snprintf(name, sizeof name, "sql/demo/organisation-%.20s.json", division);
    return paths_share(name, path, sizeof path, e) ||
           err_set(e, ERR_INPUT, _("the demonstration has no division %s"), division);
}

bool demo_load(struct db_admin *a, const char *division, const char *password, struct err *e)
{
    static const struct {
        const char *pattern, *suffix;
        demo_part *part;
    } parts[] = {
        { "organisation-*.json", "", load_organisation }, { "workdays-*.csv", "", load_calendar },
        { "catalogue-*.json", "", load_catalogue },       { "staff-*.json", "", load_staff },
        { "catalogue-*.json", "#ended", load_endings },   { "cases*.sql", "", load_cases },
    };
    struct demo d = { .division = division, .password = password };
    bool ok = hall_today(a, &d.today, e);
    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        ok = run_all(a, &d, parts[i].pattern, parts[i].suffix, parts[i].part, e);
    return ok;
}
