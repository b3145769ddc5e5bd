#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"

#include <getopt.h>
#include <string.h>

static void line(const char *label, const struct jnode *n, const char *key)
{
    char number[24];
    const char *text = jn_words(n, key, number, sizeof number);
    if (*text)
        printf("%s: %s\n", label, text);
}

static void print_head(const struct jnode *answer)
{
    const struct jnode *c = jn_get(answer, "case"), *due = jn_get(answer, "due");
    line(_("case"), c, "number");
    printf("%s: %s %s\n", _("item"), jn_str(c, "item", ""), jn_str(c, "item_name", ""));
    line(_("class"), c, "class_zh");
    printf("%s: %s\n", _("state"), i18n_pick(jn_str(c, "state_zh", ""), jn_str(c, "state_en", "")));
    line(_("applicant"), c, "name");
    line(_("identity number"), c, "id_number");
    line(_("phone"), c, "phone");
    line(_("accepted at"), c, "accepted_at");
    printf("%s: %s%s\n", _("promised until"), jn_str(due, "promise_due", ""),
           jn_bool(due, "provisional", false) ? _(" (provisional)") : "");
    line(_("statute until"), due, "statute_due");
    const char *breach = jn_str(due, "breach", "");
    if (*breach)
        printf("%s: %s\n", _("breach"), strcmp(breach, "law") ? _("of the promise only") : _("of the statutory limit"));
}

static void print_chain(const struct jnode *chain)
{
    if (jn_bool(chain, "ok", false))
        printf(_("chain: %lld events, whole\n"), jn_int(chain, "events", 0));
    else
        printf(_("chain: BROKEN at event %lld: %s\n"), jn_int(chain, "broken_at", 0),
               i18n_pick(jn_str(chain, "reason", ""), jn_str(chain, "reason_en", "")));
}

static void print_case(const struct jnode *answer)
{
    static const struct cli_column materials[] = {
        { "no", N_("no.") },
        { "name", N_("material") },
        { "state_zh", N_("state") },
        { "copies", N_("copies") },
    };
    static const struct cli_column events[] = {
        { "seq", N_("no.") },         { "zh", N_("step") },     { "staff_name", N_("person") },
        { "duty_zh", N_("duty") },    { "place", N_("place") }, { "at", N_("time") },
        { "opinion", N_("opinion") },
    };
    static const struct cli_column actions[] = {
        { "action", N_("action") },
        { "zh", N_("step") },
        { "allowed", N_("allowed") },
        { "why_zh", N_("why not") },
    };
    print_head(answer);
    putchar('\n');
    cli_print_rows(jn_get(answer, "materials"), materials, sizeof materials / sizeof *materials);
    putchar('\n');
    cli_print_rows(jn_get(answer, "events"), events, sizeof events / sizeof *events);
    if (jn_count(jn_get(answer, "actions")) > 0) {
        putchar('\n');
        cli_print_rows(jn_get(answer, "actions"), actions, sizeof actions / sizeof *actions);
    }
    putchar('\n');
    print_chain(jn_get(answer, "chain"));
}

int case_show_verb(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };
    bool as_json = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'j')
            return cli_usage();
        as_json = true;
    }
    if (optind + 1 != argc)
        return cli_usage();

    char number[ID_CASE_MAX + 1];
    struct err e;
    struct db_result *r = NULL;
    struct db *db = idcheck_case_number(argv[optind], number, &e) ? cli_connect(&e) : NULL;
    struct db_arg args[] = { { "number", number } };
    bool ok = db && cli_ask(db, "case__show", args, 1, &r, &e);
    if (ok && as_json)
        cli_print_json(json_root(db_json(r)));
    else if (ok)
        print_case(json_root(db_json(r)));
    db_result_free(&r);
    db_free(&db);
    return ok ? 0 : cli_fail(&e);
}
