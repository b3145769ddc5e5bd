/* guitai: the workstation, and the same verbs for scripts. */
#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/report.h"
#include "guitai/base/str.h"
#include "guitai/ui/ui.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_MOST 1440 /* minutes */
#define ESCAPE_MOST 5000

struct verb {
    const char *words[2]; /* the second may be NULL */
    cli_verb *run;
    const char *synopsis;
    const char *what;
};

static const struct verb verbs[] = {
    { { "check", "id" }, check_id_verb, "check id NUMBER", N_("check a citizen number (GB 11643)") },
    { { "check", "credit" },
      check_credit_verb,
      "check credit NUMBER",
      N_("check a unified social credit code (GB 32100)") },
    { { "due" },
      due_verb,
      "due DATE DAYS [--explain] [--json]",
      N_("the day that many working days later, and why") },
    { { "item", "list" },
      item_list_verb,
      "item list [--search TEXT] [--unauthorised] [--limit N] [--json]",
      N_("the catalogue; the items that nobody may verify or sign today") },
    { { "case", "list" },
      case_list_verb,
      "case list [--search TEXT | --todo] [--limit N] [--json]",
      N_("open cases of the department; all cases that match; what waits for me") },
    { { "case", "show" },
      case_show_verb,
      "case show NUMBER [--json]",
      N_("one case with its steps and its chain") },
    { { "case", "accept" },
      case_accept_verb,
      "case accept --form FILE|- [--window CODE] [--print-to PATH] [--format text|pdf]\n"
      "         [--request UUID] [--json]",
      N_("accept an application: a JSON object with the fields of forms/entry/accept.json") },
    { { "case", "act" },
      case_act_verb,
      "case act NUMBER ACTION [--opinion TEXT] [--window CODE] [--print-to PATH] [--format text|pdf]\n"
      "         [--request UUID] [--json]",
      N_("take the next step of a case") },
    { { "print" },
      print_verb,
      "print NUMBER [--document receipt] [--format text|pdf] --to PATH|-",
      N_("print a document of a case; a second copy is marked and recorded") },
    { { "sync" },
      sync_verb,
      "sync [--once] [--json]",
      N_("hand over what waits for other halls, as a service; --once: what is due now") },
};

static void print_help(FILE *out)
{
    fprintf(out, "%s\n%s\n\n", _("usage: guitai [option…]        the workstation"),
            _("       guitai VERB …            one command"));
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        fprintf(out, "  %s\n      %s\n", verbs[i].synopsis, _(verbs[i].what));
    fprintf(out, "\n%s\n",
            _("options of the workstation: --user NAME --window CODE --print-to PATH --format text|pdf\n"
              "  --idle MINUTES --escape MILLISECONDS --monochrome --ascii"));
    fprintf(out, "%s\n",
            _("The database is named by the libpq environment (PGHOST, PGDATABASE, PGUSER, PGSERVICE, …)."));
    fprintf(out, "%s\n",
            _("Exit status: 0 done, 2 wrong input, 3 refused by a rule, 4 no right, 5 conflict,\n"
              "  6 database away or of another version, 7 file or printer, 70 fault of the program."));
}

static const struct verb *find_verb(int argc, char **argv, int *used)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        const struct verb *v = &verbs[i];
        *used = v->words[1] ? 2 : 1;
        if (argc > *used && strcmp(argv[1], v->words[0]) == 0 &&
            (!v->words[1] || strcmp(argv[2], v->words[1]) == 0))
            return v;
    }
    return NULL;
}

static const char *env_of(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static int run_screen(const struct ui_options *options)
{
#ifdef GUITAI_HAVE_UI
    struct ui_options with_side = *options;
    log_open(CLI_PROGRAM);
    with_side.side = side_begin();
    int status = ui_main(&with_side);
    side_end();
    log_close();
    return status;
#else
    (void)options;
    print_help(stderr);
    return 2;
#endif
}

static bool take_number(const char *option, long least, long most, int *out)
{
    long value;
    if (!str_number(optarg, least, most, &value)) {
        fprintf(stderr, _("%s: --%s is a whole number from %ld to %ld, not “%s”\n"), CLI_PROGRAM, option, least, most, optarg);
        return false;
    }
    *out = (int)value;
    return true;
}

static int screen(int argc, char **argv)
{
    static const struct option options[] = {
        { "user", required_argument, NULL, 'u' },     { "window", required_argument, NULL, 'w' },
        { "print-to", required_argument, NULL, 'p' }, { "format", required_argument, NULL, 'f' },
        { "idle", required_argument, NULL, 'i' },     { "escape", required_argument, NULL, 'e' },
        { "monochrome", no_argument, NULL, 'm' },     { "ascii", no_argument, NULL, 'a' },
        { "help", no_argument, NULL, 'h' },           { "version", no_argument, NULL, 'V' },
        { 0 },
    };
    struct ui_options o = { .user = env_of("PGUSER"),
                            .window = env_of("GUITAI_WINDOW"),
                            .print_to = env_of("GUITAI_PRINT_TO"),
                            .print_format = env_of("GUITAI_PRINT_FORMAT") };
    for (int c; (c = getopt_long(argc, argv, "hV", options, NULL)) != -1;) {
        switch (c) {
        case 'u': o.user = optarg; break;
        case 'w': o.window = optarg; break;
        case 'p': o.print_to = optarg; break;
        case 'f': o.print_format = optarg; break;
        case 'i':
            if (!take_number("idle", -1, IDLE_MOST, &o.idle_minutes))
                return 2;
            break;
        case 'e':
            if (!take_number("escape", 1, ESCAPE_MOST, &o.escape_ms))
                return 2;
            break;
        case 'm': o.monochrome = true; break;
        case 'a': o.ascii = true; break;
        case 'V': puts(CLI_PROGRAM " " GUITAI_VERSION); return 0;
        case 'h': print_help(stdout); return 0;
        default: return 2;
        }
    }
    struct err e;
    if (optind < argc) {
        fprintf(stderr, _("%s: there is no command “%s”; guitai --help lists all\n"), CLI_PROGRAM, argv[optind]);
        return 2;
    }
    if (o.print_format && !paper_format_ok(o.print_format, &e))
        return cli_fail(&e);
    return run_screen(&o);
}

int main(int argc, char **argv)
{
    int used;
    i18n_init(NULL);
    signal(SIGPIPE, SIG_IGN); /* a server or printing child that goes away is an error message, not an end */
    const struct verb *v = find_verb(argc, argv, &used);
    if (!v)
        return screen(argc, argv);
    cli_running(v->synopsis);
    log_open(CLI_PROGRAM);
    int status = v->run(argc - used, argv + used);
    log_close();
    return report_output(CLI_PROGRAM, status);
}
