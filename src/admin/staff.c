#include "admin.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/report.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_PAGE "200"

/* Owner: the caller. NULL when the member is absent. */
static char *member_text(const struct jnode *n, const char *key)
{
    const struct jnode *m = jn_get(n, key);
    return jn_is_null(m) ? NULL : jn_write(m, false);
}

bool staff_enter(struct db_admin *a, const char *division, const struct jnode *person, const char *password,
                 enum staff_role policy, struct err *e)
{
    const char *login = jn_str(person, "login", NULL);
    char *posts = member_text(person, "posts"), *shifts = member_text(person, "shifts");
    char *authorisations = member_text(person, "authorisations"),
         *credential = member_text(person, "credential");
    struct db_arg args[] = {
        { "login", login },
        { "name", jn_str(person, "name", NULL) },
        { "division", division },
        { "department", jn_str(person, "department", NULL) },
        { "title", jn_str(person, "title", NULL) },
        { "phone", jn_str(person, "phone", NULL) },
        { "posts", posts },
        { "shifts", shifts },
        { "authorisations", authorisations },
        { "credential", credential },
        { "valid_from", jn_str(person, "valid_from", NULL) },
    };
    struct db_result *answer = NULL;
    bool ok = admin_call(a, "staff__add", args, sizeof args / sizeof *args, &answer, e) &&
              role_provide(a, login, "guitai_staff", password, policy, e) && role_finish(a, answer, e);
    db_result_free(&answer);
    free(posts);
    free(shifts);
    free(authorisations);
    free(credential);
    return ok;
}

/* ---- staff add ---- */

struct addition {
    struct json *person;
    const char *division_given, *password_file, *form;
    bool typed; /* something about the person stands in the options */
    char division[7];
    char password[PASSWORD_MAX_BYTES];
    enum staff_role policy;
};

static void add_post(struct jnode *person, const char *text)
{
    struct jnode *posts = (struct jnode *)jn_get(person, "posts");
    struct jnode *post = jn_push_object(posts ? posts : jn_set_array(person, "posts"));
    const char *colon = strchr(text, ':');
    char *duty = xstrndup(text, colon ? (size_t)(colon - text) : strlen(text));
    jn_set_str(post, "duty", duty);
    if (colon)
        jn_set_str(post, "department", colon + 1);
    free(duty);
}

/* A post that names no department is one in the person's own, whatever the order of the options: to the database none
 * would be all of them. */
static void place_posts(struct jnode *person)
{
    for (const struct jnode *post = jn_first(jn_get(person, "posts")); post; post = jn_next(post))
        if (!jn_get(post, "department"))
            jn_set_str((struct jnode *)post, "department", jn_str(person, "department", NULL));
}

static void add_shift(struct jnode *person, const char *window)
{
    struct jnode *shifts = (struct jnode *)jn_get(person, "shifts");
    jn_set_str(jn_push_object(shifts ? shifts : jn_set_array(person, "shifts")), "window", window);
}

static bool set_credential(struct jnode *person, const char *text, struct err *e)
{
    char *copy = xstrdup(text), *rest = copy;
    const char *number = strsep(&rest, ":"), *from = strsep(&rest, ":"), *to = rest;
    bool ok = from && to;
    if (ok) {
        struct jnode *credential = jn_set_object(person, "credential");
        jn_set_str(credential, "number", number);
        jn_set_str(credential, "valid_from", from);
        jn_set_str(credential, "valid_to", to);
    } else {
        err_set(e, ERR_INPUT, _("“%s” is no credential; expected NUMBER:FROM:TO"), text);
    }
    free(copy);
    return ok;
}

/* What says who it is stands before OPT_DIVISION: a form says that itself. */
enum { OPT_NAME = 1, OPT_DEPARTMENT, OPT_TITLE, OPT_PHONE, OPT_FROM, OPT_POST, OPT_WINDOW, OPT_CREDENTIAL, OPT_DIVISION,
       OPT_PASSWORD, OPT_FORM, OPT_REUSE };

static bool take_option(struct addition *add, int option, const char *value, struct err *e)
{
    struct jnode *person = json_edit(add->person);
    add->typed = add->typed || option < OPT_DIVISION;
    switch (option) {
    case OPT_NAME: jn_set_str(person, "name", value); return true;
    case OPT_DEPARTMENT: jn_set_str(person, "department", value); return true;
    case OPT_TITLE: jn_set_str(person, "title", value); return true;
    case OPT_PHONE: jn_set_str(person, "phone", value); return true;
    case OPT_FROM: jn_set_str(person, "valid_from", value); return true;
    case OPT_POST: add_post(person, value); return true;
    case OPT_WINDOW: add_shift(person, value); return true;
    case OPT_CREDENTIAL: return set_credential(person, value, e);
    case OPT_DIVISION: add->division_given = value; return true;
    case OPT_PASSWORD: add->password_file = value; return true;
    case OPT_FORM: add->form = value; return true;
    case OPT_REUSE: add->policy = STAFF_ROLE_REUSE; return true;
    }
    return err_set(e, ERR_INPUT, _("usage: %s"), admin_synopsis());
}

static bool parse_addition(struct addition *add, int argc, char **argv, struct err *e)
{
    static const struct option options[] = {
        { "name", required_argument, NULL, OPT_NAME },
        { "division", required_argument, NULL, OPT_DIVISION },
        { "department", required_argument, NULL, OPT_DEPARTMENT },
        { "title", required_argument, NULL, OPT_TITLE },
        { "phone", required_argument, NULL, OPT_PHONE },
        { "from", required_argument, NULL, OPT_FROM },
        { "post", required_argument, NULL, OPT_POST },
        { "window", required_argument, NULL, OPT_WINDOW },
        { "credential", required_argument, NULL, OPT_CREDENTIAL },
        { "password-file", required_argument, NULL, OPT_PASSWORD },
        { "form", required_argument, NULL, OPT_FORM },
        { "reuse-role", no_argument, NULL, OPT_REUSE },
        { 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(add, c, optarg, e))
            return false;
    if (add->form && optind == argc && !add->typed) {
        json_free(&add->person);
        add->person = json_load(add->form, e);
        return add->person != NULL;
    }
    if (add->form || optind + 1 != argc)
        return err_set(e, ERR_INPUT, _("usage: %s"), admin_synopsis());
    jn_set_str(json_edit(add->person), "login", argv[optind]);
    place_posts(json_edit(add->person));
    return true;
}

static bool add_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct addition *add = ctx;
    return staff_enter(a, add->division, json_root(add->person), add->password, add->policy, e);
}

/* A role that comes back keeps its password: none is asked for. */
static bool needs_password(struct db_admin *a, const struct addition *add, const char *login, bool *needs, struct err *e)
{
    bool exists = false, ok = add->policy != STAFF_ROLE_REUSE || role_exists(a, login, &exists, e);
    *needs = !exists;
    return ok;
}

static bool add_person(struct addition *add, struct err *e)
{
    bool needs;
    const struct jnode *person = json_root(add->person);
    const char *login = jn_str(person, "login", "");
    struct db_admin *a = db_admin_open(NULL, e);
    bool ok = a &&
              admin_division(a, add->division_given ? add->division_given : jn_str(person, "division", NULL),
                             add->division, e) &&
              needs_password(a, add, login, &needs, e) &&
              (!needs || password_read(add->password_file, login, add->password, e)) &&
              admin_transaction(a, add_work, add, e);
    if (ok)
        printf(_("%s (%s) may sign in\n"), login, jn_str(person, "name", ""));
    db_admin_close(&a);
    return ok;
}

int staff_add_verb(int argc, char **argv)
{
    struct addition add = { .person = json_new_object() };
    struct err e;
    bool ok = parse_addition(&add, argc, argv, &e) && add_person(&add, &e);
    json_free(&add.person);
    wipe(add.password, sizeof add.password);
    return ok ? 0 : admin_fail(&e);
}

/* ---- staff list ---- */

/* Page after page of a list function into one array. */
static bool fetch_staff(struct db_admin *a, const char *search, struct json *all, struct err *e)
{
    char after[128] = "";
    for (bool more = true; more;) {
        struct db_arg args[] = { { "search", search },
                                 { "after", *after ? after : NULL },
                                 { "limit", LIST_PAGE } };
        struct db_result *r;
        if (!db_admin_call(a, "staff__list", args, 3, &r, e))
            return false;
        struct json *rows = db_rows_json(r);
        for (const struct jnode *n = jn_first(json_root(rows)); n; n = jn_next(n))
            jn_push_copy(json_edit(all), n);
        size_t n = db_rows(r);
        more = n >= (size_t)atoi(LIST_PAGE);
        if (n)
            snprintf(after, sizeof after, "%s", db_value(r, n - 1, "key"));
        json_free(&rows);
        db_result_free(&r);
    }
    return true;
}

static void print_staff(const struct jnode *all)
{
    static const char *const columns[] = { "login",   "name",             "division", "department_name", "title", "duties",
                                           "windows", "credential_until", "valid_to", "end_reason" };
    static const char *const headings[] = { N_("sign-in"),          N_("name"),   N_("division"), N_("department"),
                                            N_("title"),            N_("duties"), N_("windows"),
                                            N_("credential until"), N_("until"),  N_("reason for leaving") };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    char number[24];
    struct report_table *t = report_table_new(COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        report_table_add(t, _(headings[i]));
    for (const struct jnode *n = jn_first(all); n; n = jn_next(n))
        for (size_t i = 0; i < COLUMNS; i++)
            report_table_add(t, jn_words(n, columns[i], number, sizeof number));
    report_table_print(t, stdout);
    report_table_free(&t);
}

int staff_list_verb(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };
    bool as_json = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'j')
            return admin_usage();
        as_json = true;
    }
    if (optind + 1 < argc)
        return admin_usage();
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    struct json *all = json_new_array();
    if (a && !fetch_staff(a, optind < argc ? argv[optind] : NULL, all, &e)) {
        status = admin_fail(&e);
    } else if (a && as_json) {
        char *text = json_text(all, true);
        puts(text);
        free(text);
    } else if (a) {
        print_staff(json_root(all));
    }
    json_free(&all);
    db_admin_close(&a);
    return status;
}

/* ---- staff end ---- */

struct ending {
    const char *login, *on, *reason;
};

static bool end_work(struct db_admin *a, void *ctx, struct err *e)
{
    const struct ending *end = ctx;
    struct db_arg args[] = { { "login", end->login }, { "on", end->on }, { "reason", end->reason } };
    struct db_result *answer;
    if (!admin_call(a, "staff__end", args, 3, &answer, e))
        return false;
    bool ok = role_finish(a, answer, e);
    if (ok)
        printf(_("%s: last day %s\n"), end->login, jn_str(json_root(db_json(answer)), "valid_to", ""));
    db_result_free(&answer);
    return ok;
}

int staff_end_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "on", required_argument, NULL, 'o' },
        { "reason", required_argument, NULL, 'r' },
        { 0 },
    };
    struct ending end = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'o' && c != 'r')
            return admin_usage();
        *(c == 'o' ? &end.on : &end.reason) = optarg;
    }
    if (optind + 1 != argc || !end.reason)
        return admin_usage();
    end.login = argv[optind];
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, end_work, &end, &e))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}
