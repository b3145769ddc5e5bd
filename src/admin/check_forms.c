/* The verb: which files, in which order, and what was found. */
#include "admin.h"
#include "check.h"

#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"
#include "guitai/print/page.h"

#include <getopt.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool check_complain(struct check *c, const struct err *e)
{
    c->errors++;
    fprintf(stderr, "%s\n", e->message);
    return false;
}

bool check_fail(struct check *c, const struct json *doc, const struct jnode *at, const char *fmt, ...)
{
    char text[512];
    struct err e;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    json_fail(doc, at, &e, "%s", text);
    return check_complain(c, &e);
}

/* ---- shapes ---- */

static bool has_shape(const struct jnode *n, enum check_shape shape)
{
    switch (shape) {
    case SHAPE_TEXT: return jn_is_string(n);
    case SHAPE_LABEL: return jn_is_string(n) || (jn_is_object(n) && jn_is_string(jn_get(n, "zh")));
    case SHAPE_NUMBER: return jn_is_number(n);
    case SHAPE_BOOL: return jn_is_bool(n);
    case SHAPE_OBJECT: return jn_is_object(n);
    case SHAPE_ARRAY: return jn_is_array(n);
    case SHAPE_ANY: return !jn_is_null(n);
    }
    return false;
}

static bool word_in(const char *word, const char *words)
{
    size_t n = strlen(word);
    for (const char *p = strstr(words, word); n && p; p = strstr(p + 1, word))
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static bool check_member(struct check *c, const struct json *doc, const struct jnode *n,
                         const struct check_member *m)
{
    static const char *const shapes[] = { N_("a text"),    N_("a label {\"zh\", \"en\"}"),
                                          N_("a number"),  N_("true or false"),
                                          N_("an object"), N_("an array"),
                                          N_("a value") };
    const struct jnode *value = jn_get(n, m->name);
    if (!value)
        return check_fail(c, doc, n, _("“%s” is missing: expected %s"), m->name, _(shapes[m->shape]));
    if (!has_shape(value, m->shape))
        return check_fail(c, doc, value, _("expected %s"), _(shapes[m->shape]));
    if (m->allowed && !word_in(jn_text(value), m->allowed))
        return check_fail(c, doc, value, _("expected one of: %s"), m->allowed);
    if (m->needed && m->shape == SHAPE_TEXT && !*jn_text(value))
        return check_fail(c, doc, value, _("expected a text that is not empty"));
    return true;
}

static bool is_member(const char *name, const struct check_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(members[i].name, name) == 0)
            return true;
    return false;
}

/* The first from `i` on that is needed and not there; `count` when none is. */
static size_t next_missing(const struct jnode *n, const struct check_member *members, size_t count, size_t i)
{
    while (i < count && (!members[i].needed || jn_get(n, members[i].name)))
        i++;
    return i;
}

bool check_members(struct check *c, const struct json *doc, const struct jnode *n,
                   const struct check_member *members, size_t count)
{
    if (!jn_is_object(n))
        return check_fail(c, doc, n, _("expected an object"));
    size_t before = c->errors, missing = 0;
    for (const struct jnode *m = jn_first(n); m; m = jn_next(m)) {
        if (is_member(jn_key(m), members, count))
            continue;
        missing = next_missing(n, members, count, missing);
        if (missing == count)
            check_fail(c, doc, m, _("unknown member"));
        else /* a name written wrong is one mistake, not a missing member besides */
            check_fail(c, doc, m, _("unknown member; “%s” is missing"), members[missing++].name);
    }
    for (size_t i = 0; i < count; i++)
        if (jn_get(n, members[i].name) || (members[i].needed && i >= missing))
            check_member(c, doc, n, &members[i]);
    return c->errors == before;
}

/* ---- names and places ---- */

bool check_id(struct check *c, const struct json *doc, const char *path, const char *member)
{
    const struct jnode *id = jn_get(json_root(doc), member);
    const char *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t n = strlen(file) > 5 ? strlen(file) - 5 : 0;
    const char *text = jn_text(id);
    if (text && (strlen(text) != n || strncmp(text, file, n) != 0))
        return check_fail(c, doc, id, _("expected “%.*s”, as the file is called"), (int)n, file);
    return true;
}

bool check_has_file(const struct check *c, const char *folder, const char *id)
{
    char path[PATH_MAX];
    if (!*id || strchr(id, '/'))
        return false;
    snprintf(path, sizeof path, "%s/%s/%s.json", c->dir, folder, id);
    return access(path, R_OK) == 0;
}

bool check_contains(const struct jnode *list, const char *name)
{
    for (const struct jnode *n = jn_first(list); n; n = jn_next(n))
        if (jn_text(n) && strcmp(jn_text(n), name) == 0)
            return true;
    return false;
}

bool check_open(struct check *c, const struct json *doc, const struct jnode *open)
{
    const char *target = jn_text(open) ? jn_text(open) : "", *colon = strchr(target, ':');
    const char *id = colon ? colon + 1 : "";
    if (!colon && word_in(target, "case item draft print due lock signout note"))
        return true;
    if (strncmp(target, "entry:", 6) == 0)
        return check_has_file(c, "entry", id) || check_fail(c, doc, open, _("there is no entry/%s.json"), id);
    if (strncmp(target, "list:", 5) == 0)
        return check_has_file(c, "lists", id) || check_fail(c, doc, open, _("there is no lists/%s.json"), id);
    if ((strncmp(target, "chart:", 6) == 0 || strncmp(target, "text:", 5) == 0) && *id)
        return true;
    return check_fail(c, doc, open,
                      _("expected entry:ID, list:ID, chart:PROCESS, text:PAGE, case, item, draft, "
                        "note, print, due, lock or signout"));
}

/* ---- the folders ---- */

static void check_entry(struct check *c, struct json *doc, const char *path)
{
    struct err e;
    check_id(c, doc, path, "id");
    struct formdef *form = formdef_parse(doc, &e); /* takes the document over */
    if (!form) {
        check_complain(c, &e);
        return;
    }
    if (c->functions)
        check_function_entry(c, form);
    formdef_free(&form);
}

static void check_document(struct check *c, const struct json *doc, const char *path)
{
    struct err e;
    check_id(c, doc, path, "id");
    if (!page_check_form(doc, &e))
        check_complain(c, &e);
}

enum kind { KIND_ENTRY, KIND_LIST, KIND_DOCUMENT, KIND_ITEM, KIND_MENU };

static void check_file(struct check *c, enum kind kind, const char *path)
{
    struct err e;
    struct json *doc = json_load(path, &e);
    c->files++;
    if (!doc) {
        check_complain(c, &e);
        return;
    }
    switch (kind) {
    case KIND_ENTRY: check_entry(c, doc, path); return;
    case KIND_LIST: check_list(c, doc, path); break;
    case KIND_DOCUMENT: check_document(c, doc, path); break;
    case KIND_ITEM: check_item(c, doc, path); break;
    case KIND_MENU: check_menu(c, doc, path); break;
    }
    json_free(&doc);
}

static void check_all(struct check *c)
{
    static const struct {
        const char *pattern;
        enum kind kind;
    } folders[] = {
        { "menu.json", KIND_MENU },          { "entry/*.json", KIND_ENTRY }, { "lists/*.json", KIND_LIST },
        { "documents/*.json", KIND_DOCUMENT }, { "items/*.json", KIND_ITEM },
    };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *pattern = xasprintf("%s/%s", c->dir, folders[i].pattern);
        glob_t found;
        if (glob(pattern, 0, NULL, &found) == 0) {
            for (size_t f = 0; f < found.gl_pathc; f++)
                check_file(c, folders[i].kind, found.gl_pathv[f]);
            globfree(&found);
        }
        free(pattern);
    }
}

/* ---- the verb ---- */

static bool find_dir(const char *given, char *out, size_t size, struct err *e)
{
    struct stat st;
    if (!given)
        return paths_share("forms", out, size, e);
    snprintf(out, size, "%s", given);
    if (stat(given, &st) != 0 || !S_ISDIR(st.st_mode))
        return err_set(e, ERR_INPUT, _("%s: not a folder"), given);
    return true;
}

static bool database_named(void)
{
    const char *database = getenv("PGDATABASE"), *service = getenv("PGSERVICE");
    return (database && *database) || (service && *service);
}

static int report(const struct check *c)
{
    if (c->files == 0) {
        struct err e;
        err_set(&e, ERR_INPUT, _("%s: no form in it"), c->dir);
        return admin_fail(&e);
    }
    printf(_("%zu files checked, %zu errors%s\n"), c->files, c->errors,
           c->functions ? _(", functions compared") : _(", no database to compare functions with"));
    return c->errors ? 2 : 0;
}

int check_forms_verb(int argc, char **argv)
{
    static const struct option options[] = { { "database", no_argument, NULL, 'd' }, { 0 } };
    bool must = false;
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o != 'd')
            return admin_usage();
        must = true;
    }
    if (argc - optind > 1)
        return admin_usage();

    char dir[PATH_MAX];
    struct err e;
    if (!find_dir(argv[optind], dir, sizeof dir, &e))
        return admin_fail(&e);
    struct json *functions = must || database_named() ? check_function_read(&e) : NULL;
    if (must && !functions)
        return admin_fail(&e);
    struct check c = { .dir = dir, .functions = functions ? json_root(functions) : NULL };
    check_all(&c);
    int status = report(&c);
    json_free(&functions);
    return status;
}
