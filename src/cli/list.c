#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <getopt.h>

struct list_options {
    const char *search;
    long limit; /* rows; 0: all */
    bool as_json, todo, unauthorised;
};

static bool parse(int argc, char **argv, struct list_options *o)
{
    static const struct option options[] = {
        { "search", required_argument, NULL, 's' }, { "limit", required_argument, NULL, 'l' },
        { "json", no_argument, NULL, 'j' },         { "todo", no_argument, NULL, 't' },
        { "unauthorised", no_argument, NULL, 'u' }, { 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 's': o->search = optarg; break;
        case 'l':
            if (!str_number(optarg, 1, 999999999, &o->limit))
                return false;
            break;
        case 'j': o->as_json = true; break;
        case 't': o->todo = true; break;
        case 'u': o->unauthorised = true; break;
        default: return false;
        }
    }
    return optind == argc;
}

static int run(const char *function, const struct list_options *o, const struct cli_column *columns, size_t n)
{
    struct err e;
    struct db *db = cli_connect(&e);
    struct json *rows = db ? cli_list(db, function, o->search, (size_t)o->limit, &e) : NULL;
    db_free(&db);
    if (!rows)
        return cli_fail(&e);
    if (o->as_json)
        cli_print_json(json_root(rows));
    else
        cli_print_rows(json_root(rows), columns, n);
    json_free(&rows);
    return 0;
}

int item_list_verb(int argc, char **argv)
{
    static const struct cli_column columns[] = {
        { "code", N_("code") },
        { "name", N_("item") },
        { "department_name", N_("department") },
        { "class_zh", N_("class") },
        { "promise_days", N_("promise") },
        { "statute_days", N_("statute") },
        { "version", N_("version") },
        { "ended_on", N_("ended") },
    };
    static const struct cli_column unauthorised[] = {
        { "code", N_("code") },           { "name", N_("item") },           { "department_name", N_("department") },
        { "lacking_zh", N_("lacking") }, { "ended_on", N_("last until") },
    };
    struct list_options o = { 0 };
    if (!parse(argc, argv, &o) || o.todo)
        return cli_usage();
    if (o.unauthorised)
        return run("item__unauthorised", &o, unauthorised, sizeof unauthorised / sizeof *unauthorised);
    return run("item__list", &o, columns, sizeof columns / sizeof *columns);
}

int case_list_verb(int argc, char **argv)
{
    static const struct cli_column columns[] = {
        { "number", N_("case") },
        { "item_name", N_("item") },
        { "applicant_name", N_("applicant") },
        { "state_zh", N_("state") },
        { "promise_due", N_("due") },
        { "days_left", N_("days left") },
        { "department_name", N_("department") },
    };
    struct list_options o = { 0 };
    if (!parse(argc, argv, &o) || (o.todo && o.search) || o.unauthorised)
        return cli_usage();
    const char *function = o.search ? "case__search" : o.todo ? "case__todo" : "case__queue";
    return run(function, &o, columns, sizeof columns / sizeof *columns);
}
