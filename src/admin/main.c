/* guitai-admin: what the administrator of a hall does, as commands. */
#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verb {
    const char *words[2]; /* the second may be NULL */
    admin_verb *run;
    const char *synopsis;
    const char *what;
};

static const struct verb verbs[] = {
    { { "init-db" },
      initdb_verb,
      "init-db [--demo [--password-file FILE] [--division CODE]]",
      N_("create or migrate the database; --demo adds the demonstration data") },
    { { "check-forms" },
      check_forms_verb,
      "check-forms [--database] [DIR]",
      N_("check every file of forms/, with a database also against its functions") },
    { { "staff", "add" },
      staff_add_verb,
      "staff add LOGIN --name NAME [--division CODE] [--department CODE] [--title TEXT] [--phone NO]\n"
      "         [--from DATE] [--post DUTY[:DEPARTMENT]]… [--window CODE]… [--credential NUMBER:FROM:TO]\n"
      "         [--password-file FILE] [--reuse-role]\n"
      "       staff add --form FILE|- [--division CODE] [--password-file FILE] [--reuse-role]",
      N_("enter a person and the sign-in") },
    { { "staff", "list" }, staff_list_verb, "staff list [--json] [SEARCH]", N_("list the staff") },
    { { "staff", "end" },
      staff_end_verb,
      "staff end LOGIN [--on DATE] --reason TEXT",
      N_("end a person's service and close the sign-in") },
    { { "item", "import" },
      item_import_verb,
      "item import [--division CODE] FILE…",
      N_("publish items of the catalogue, each as the next version") },
    { { "item", "end" },
      item_end_verb,
      "item end CODE --on DATE --document NO --rule finish|terminate|convert [--division CODE]",
      N_("end an item by a document; lists its open cases") },
    { { "calendar", "load" },
      calendar_load_verb,
      "calendar load FILE [--document NO]",
      N_("load the yearly notice of workdays") },
    { { "organisation", "load" },
      organisation_load_verb,
      "organisation load FILE",
      N_("load divisions, departments and windows") },
    { { "audit", "verify" },
      audit_verify_verb,
      "audit verify [NUMBER]",
      N_("recompute the hash chain of one case or of all") },
    { { "peer", "add" },
      peer_add_verb,
      "peer add DIVISION --name NAME --url URL --relation upper|lower|same [--secret FILE | --make-secret FILE]\n"
      "         [--division CODE]",
      N_("exchange cases with another hall, or change its address") },
    { { "peer", "list" },
      peer_list_verb,
      "peer list [--json] [--division CODE]",
      N_("the halls that cases are exchanged with") },
    { { "peer", "end" },
      peer_end_verb,
      "peer end DIVISION [--division CODE]",
      N_("exchange no more with a hall") },
    { { "sync", "set" },
      sync_set_verb,
      "sync set [--duplicate-days N] [--report-minutes N] [--compare-at HH:MM] [--duplicate-key FILE |\n"
      "         --make-duplicate-key FILE] [--division CODE]",
      N_("how this hall takes part in the hand-off") },
    { { "endpoint-login" },
      endpoint_login_verb,
      "endpoint-login NAME [--password-file FILE]",
      N_("make the sign-in of guitai-endpoint, which can receive and nothing else") },
    { { "reconcile" },
      reconcile_verb,
      "reconcile --peer DIVISION --since DATE [--division CODE] [--json]",
      N_("compare the ledger with that of another hall and name every difference") },
    { { "tidy" },
      tidy_verb,
      "tidy [--older DAYS]",
      N_("forget remembered answers and parked forms, dropped or of people who left; records stay") },
};

static void print_help(FILE *out)
{
    fprintf(out, "%s\n\n", _("usage: guitai-admin VERB …"));
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        fprintf(out, "  %s\n      %s\n", verbs[i].synopsis, _(verbs[i].what));
    fprintf(out, "\n%s\n",
            _("The database is named by the libpq environment (PGHOST, PGDATABASE, PGUSER, PGSERVICE, …)."));
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

int main(int argc, char **argv)
{
    i18n_init(NULL);
    log_open(ADMIN_PROGRAM);
    signal(SIGPIPE, SIG_IGN); /* a server that goes away is an error message, not an end */
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts(ADMIN_PROGRAM " " GUITAI_VERSION);
        return 0;
    }
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(stdout);
        return 0;
    }
    int used;
    const struct verb *v = find_verb(argc, argv, &used);
    if (!v && argc > 1) {
        fprintf(stderr, _("%s: there is no command “%s”; guitai-admin --help lists all\n"), ADMIN_PROGRAM, argv[1]);
        return 2;
    }
    if (!v) {
        print_help(stderr);
        return 2;
    }
    admin_running(v->synopsis);
    int status = v->run(argc - used, argv + used);
    log_close();
    return report_output(ADMIN_PROGRAM, status);
}
