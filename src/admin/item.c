#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/report.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- import ---- */

static void add_initials(struct jnode *n, const char *name)
{
    if (!name || jn_get(n, "initials"))
        return;
    char *initials = pinyin_initials(name);
    jn_set_str(n, "initials", initials);
    free(initials);
}

/* The copy is ours, so the nodes may be edited though the readers are const. */
static void add_all_initials(struct json *copy)
{
    struct jnode *item = json_edit(copy);
    add_initials(item, jn_str(item, "name", NULL));
    for (const struct jnode *f = jn_first(jn_get(item, "fields")); f; f = jn_next(f))
        for (const struct jnode *c = jn_first(jn_get(f, "choices")); c; c = jn_next(c))
            add_initials((struct jnode *)c, jn_str(c, "zh", NULL));
}

bool item_publish(struct db_admin *a, const char *division, const struct jnode *item, struct err *e)
{
    struct json *copy = json_clone(item);
    add_all_initials(copy);
    char *text = json_text(copy, false);
    struct db_arg args[] = { { "division", division }, { "item", text } };
    bool ok = admin_call(a, "item__publish", args, 2, NULL, e);
    free(text);
    json_free(&copy);
    return ok;
}

struct import {
    const char *division;
    const struct jnode *item;
};

static bool import_work(struct db_admin *a, void *ctx, struct err *e)
{
    const struct import *import = ctx;
    return item_publish(a, import->division, import->item, e);
}

static bool import_file(struct db_admin *a, const char *division, const char *path, struct err *e)
{
    struct json *doc = json_load(path, e);
    if (!doc)
        return false;
    struct import import = { division, json_root(doc) };
    bool ok = jn_is_object(import.item)
                  ? admin_transaction(a, import_work, &import, e)
                  : json_fail(doc, import.item, e, "%s", _("expected an object: one item"));
    if (ok)
        printf(_("%s: item %s published in %s\n"), path, jn_str(import.item, "code", "?"), division);
    json_free(&doc);
    return ok;
}

int item_import_verb(int argc, char **argv)
{
    static const struct option options[] = { { "division", required_argument, NULL, 'v' }, { 0 } };
    const char *given = NULL;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'v')
            return admin_usage();
        given = optarg;
    }
    if (optind == argc)
        return admin_usage();
    int status = 0;
    char division[7];
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_division(a, given, division, &e)) {
        status = admin_fail(&e);
        optind = argc;
    }
    for (; a && optind < argc; optind++) {
        if (import_file(a, division, argv[optind], &e))
            continue;
        err_prefix(&e, argv[optind]);
        status = admin_fail(&e); /* the other files are none the worse */
    }
    db_admin_close(&a);
    return status;
}

/* ---- end ---- */

struct ending {
    const char *division_given, *code, *on, *document, *rule;
    char division[7];
};

static bool end_work(struct db_admin *a, void *ctx, struct err *e)
{
    const struct ending *end = ctx;
    struct db_arg args[] = { { "division", end->division }, { "item", end->code }, { "on", end->on },
                             { "document", end->document }, { "rule", end->rule } };
    return admin_call(a, "item__end", args, 5, NULL, e);
}

/* What has to be done with each case that is still open (the rule of the ending decides). */
static bool print_open_cases(struct db_admin *a, const struct ending *end, struct err *e)
{
    const char *const columns[] = { "number", "name", i18n_pick("state_zh", "state_en"), "promise_due",
                                    i18n_pick("rule_zh", "rule_en") };
    static const char *const headings[] = { N_("case"), N_("applicant"), N_("state"), N_("due"), N_("rule") };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct db_arg args[] = { { "division", end->division }, { "item", end->code } };
    struct db_result *r;
    if (!db_admin_call(a, "item__open_cases", args, 2, &r, e))
        return false;
    printf(_("item %s ends on %s; %zu cases are open\n"), end->code, end->on, db_rows(r));
    struct report_table *t = report_table_new(COLUMNS);
    for (size_t i = 0; db_rows(r) && i < COLUMNS; i++)
        report_table_add(t, _(headings[i]));
    for (size_t row = 0; row < db_rows(r); row++)
        for (size_t i = 0; i < COLUMNS; i++)
            report_table_add(t, db_value(r, row, columns[i]));
    report_table_print(t, stdout);
    report_table_free(&t);
    db_result_free(&r);
    return true;
}

static bool parse_ending(struct ending *end, int argc, char **argv)
{
    static const struct option options[] = {
        { "division", required_argument, NULL, 'v' }, { "on", required_argument, NULL, 'o' },
        { "document", required_argument, NULL, 'd' }, { "rule", required_argument, NULL, 'r' },
        { 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'v': end->division_given = optarg; break;
        case 'o': end->on = optarg; break;
        case 'd': end->document = optarg; break;
        case 'r': end->rule = optarg; break;
        default: return false;
        }
    }
    end->code = argv[optind];
    return optind + 1 == argc && end->on && end->document && end->rule;
}

int item_end_verb(int argc, char **argv)
{
    struct ending end = { 0 };
    if (!parse_ending(&end, argc, argv))
        return admin_usage();
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !(admin_division(a, end.division_given, end.division, &e) &&
               admin_transaction(a, end_work, &end, &e) && print_open_cases(a, &end, &e)))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}
