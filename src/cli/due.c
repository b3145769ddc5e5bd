#include "cli.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DAYS 5000

static bool parse(char **argv, char from[11], struct err *e)
{
    struct date d;
    int working;
    if (!date_parse_typed(argv[0], date_today(), &d, &working, e))
        return false;
    if (working)
        return err_set(e, ERR_INPUT, _("“%s”: the start must be a day, not a count of working days"),
                       argv[0]);
    date_iso(d, from, 11);
    size_t n = strlen(argv[1]);
    if (n == 0 || n > 4 || strspn(argv[1], "0123456789") != n || atoi(argv[1]) > MAX_DAYS)
        return err_set(e, ERR_INPUT, _("“%s” is no number of working days (0 to %d)"), argv[1], MAX_DAYS);
    return true;
}

static void print_due(const struct jnode *due, bool explain)
{
    struct date d;
    const char *day = jn_str(due, "due", "");
    if (explain) {
        explain_print(due, stdout);
        return;
    }
    printf("%s %s%s\n", day, date_parse_iso(day, &d) ? date_weekday_name(d) : "",
           jn_bool(due, "provisional", false) ? _(" (provisional)") : "");
}

int due_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "explain", no_argument, NULL, 'e' },
        { "json", no_argument, NULL, 'j' },
        { 0 },
    };
    bool explain = false, as_json = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'e' && c != 'j')
            return cli_usage();
        *(c == 'e' ? &explain : &as_json) = true;
    }
    if (optind + 2 != argc)
        return cli_usage();

    char from[11];
    struct err e;
    struct db_result *r = NULL;
    bool ok = parse(argv + optind, from, &e);
    struct db *db = ok ? cli_connect(&e) : NULL;
    struct db_arg args[] = { { "from", from }, { "days", argv[optind + 1] } };
    ok = db && cli_ask(db, "due", args, 2, &r, &e);
    if (ok && as_json)
        cli_print_json(json_root(db_json(r)));
    else if (ok)
        print_due(json_root(db_json(r)), explain);
    db_result_free(&r);
    db_free(&db);
    return ok ? 0 : cli_fail(&e);
}
