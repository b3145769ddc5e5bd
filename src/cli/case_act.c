#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"

#include <getopt.h>
#include <string.h>

struct act {
    const char *number, *action, *opinion, *window, *request;
    struct cli_paper paper;
    bool as_json;
};

static bool parse(int argc, char **argv, struct act *act)
{
    static const struct option options[] = {
        { "opinion", required_argument, NULL, 'o' }, { "window", required_argument, NULL, 'w' },
        { "print-to", required_argument, NULL, 'p' }, { "format", required_argument, NULL, 'f' },
        { "request", required_argument, NULL, 'r' },  { "json", no_argument, NULL, 'j' },
        { 0 },
    };
    act->paper.format = "text";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'o': act->opinion = optarg; break;
        case 'w': act->window = optarg; break;
        case 'p': act->paper.to = optarg; break;
        case 'f': act->paper.format = optarg; break;
        case 'r': act->request = optarg; break;
        case 'j': act->as_json = true; break;
        default: return false;
        }
    }
    if (optind + 2 != argc)
        return false;
    act->number = argv[optind];
    act->action = argv[optind + 1];
    return true;
}

static void print_answer(const struct jnode *answer, const struct act *act, const char *path)
{
    if (act->as_json) {
        cli_print_json(answer);
        return;
    }
    printf("%s  %s\n", jn_str(answer, "number", ""),
           i18n_pick(jn_str(answer, "state_zh", ""), jn_str(answer, "state_en", "")));
    if (*path)
        puts(path);
}

/* The act counts once the database has it: what it came to is told even when the paper fails. */
static bool run(struct db *db, const struct act *act, struct err *e)
{
    char number[ID_CASE_MAX + 1], path[1024] = "";
    const char *window;
    if (!idcheck_case_number(act->number, number, e) || !paper_ok(&act->paper, e) ||
        !cli_window(db, act->window, &window, e))
        return false;
    struct db_arg args[] = { { "number", number }, { "action", act->action }, { "opinion", act->opinion },
                             { "window", window } };
    struct db_result *r = NULL;
    if (!cli_act(db, act->request, "case__act", args, 4, &r, e))
        return false;
    const struct jnode *answer = json_root(db_json(r));
    bool ok = !act->paper.to || paper_deliver(db, answer, &act->paper, path, sizeof path, e);
    print_answer(answer, act, path);
    db_result_free(&r);
    return ok;
}

int case_act_verb(int argc, char **argv)
{
    struct act act = { 0 };
    if (!parse(argc, argv, &act))
        return cli_usage();
    struct err e;
    struct db *db = cli_connect(&e);
    bool ok = db && run(db, &act, &e);
    db_free(&db);
    return ok ? 0 : cli_fail(&e);
}
