/* reconcile: our ledger and that of another hall, compared over the protocol (/v1/ledger). The database leads the
 * conversation (api.ledger__ask, api.ledger__heard); here its questions are carried. */
#include "admin.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/report.h"
#include "guitai/sync/peer.h"
#include "guitai/sync/tls.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENT 1 /* exit status, as diff(1) has it */

struct comparing {
    const char *peer, *since, *division;
    bool as_json;
    char own[7];
    struct tls_files tls;
    struct peer_line *line;
    struct db_admin *a;
    struct json *differences;
};

static bool call(struct comparing *c, const char *sql, struct db_result **r, struct err *e)
{
    const char *params[] = { c->own, c->peer, c->since };
    return db_admin_query(c->a, sql, params, 3, r, e);
}

/* Carries the question of a step to the other hall and its answer back; *r becomes the next step. */
static bool carry(struct comparing *c, const struct jnode *step, struct db_result **r, struct err *e)
{
    static const char sql[] = "select * from api.ledger__heard(p_peer => $1, p_asked => $2, p_theirs => $3)";
    size_t len;
    char *theirs;
    if (!peer_ask(c->line, jn_str(step, "url", ""), jn_str(step, "path", ""), jn_str(step, "question", ""), &theirs,
                  &len, e))
        return false;
    struct json *doc = json_parse(theirs, len, c->peer, e); /* a clearer word than the database has for nonsense */
    char *asked = jn_write(jn_get(step, "asked"), false);
    const char *params[] = { c->peer, asked, theirs };
    bool ok = doc && db_admin_query(c->a, sql, params, 3, r, e);
    json_free(&doc);
    free(asked);
    free(theirs);
    return ok;
}

/* Step by step until none asks for anything; false with `e`. */
static bool converse(struct comparing *c, struct err *e)
{
    struct db_result *step, *next;
    bool ok = call(c, "select * from api.ledger__ask(p_own => $1, p_peer => $2, p_since => $3)", &step, e);
    while (ok && jn_get(json_root(db_json(step)), "question")) {
        ok = carry(c, json_root(db_json(step)), &next, e);
        db_result_free(&step);
        step = ok ? next : NULL;
    }
    if (ok)
        db_result_free(&step);
    return ok;
}

static bool compare(struct comparing *c, struct err *e)
{
    struct db_result *found;
    if (!converse(c, e) ||
        !call(c, "select * from api.ledger__differences(p_own => $1, p_peer => $2, p_since => $3)", &found, e))
        return false;
    c->differences = db_rows_json(found);
    db_result_free(&found);
    return true;
}

static void print_differences(const struct jnode *all)
{
    static const char *const columns[] = { "day", "side", "number", "message" };
    struct report_table *t = report_table_new(5);
    report_table_add(t, _("day"));
    report_table_add(t, _("side"));
    report_table_add(t, _("case"));
    report_table_add(t, _("message"));
    report_table_add(t, _("difference"));
    for (const struct jnode *n = jn_first(all); n; n = jn_next(n)) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            report_table_add(t, jn_str(n, columns[i], ""));
        report_table_add(t, i18n_pick(jn_str(n, "zh", ""), jn_str(n, "en", "")));
    }
    report_table_print(t, stdout);
    report_table_free(&t);
}

static void print_outcome(const struct comparing *c)
{
    size_t n = jn_count(json_root(c->differences));
    if (c->as_json) {
        struct json *doc = json_new_object();
        jn_set_bool(json_edit(doc), "equal", n == 0);
        jn_set_copy(json_edit(doc), "differences", json_root(c->differences));
        char *text = json_text(doc, true);
        puts(text);
        free(text);
        json_free(&doc);
        return;
    }
    if (n > 0)
        print_differences(json_root(c->differences));
    if (n == 0)
        printf(_("%s and %s agree on everything since %s: nothing lost, nothing twice\n"), c->own, c->peer, c->since);
    else
        printf(_("%zu differences between %s and %s since %s\n"), n, c->own, c->peer, c->since);
}

static bool run(struct comparing *c, struct err *e)
{
    return tls_from_environment(&c->tls, e) && (c->a = db_admin_open(NULL, e)) != NULL &&
           admin_division(c->a, c->division, c->own, e) && (c->line = peer_open(&c->tls, e)) != NULL && compare(c, e);
}

int reconcile_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "peer", required_argument, NULL, 'p' }, { "since", required_argument, NULL, 's' },
        { "division", required_argument, NULL, 'd' }, { "json", no_argument, NULL, 'j' }, { 0 },
    };
    struct comparing c = { 0 };
    struct date since;
    struct err e;
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (o) {
        case 'p': c.peer = optarg; break;
        case 's': c.since = optarg; break;
        case 'd': c.division = optarg; break;
        case 'j': c.as_json = true; break;
        default: return admin_usage();
        }
    }
    if (optind != argc || !c.peer || !c.since)
        return admin_usage();
    if (!date_parse_iso(c.since, &since)) {
        err_set(&e, ERR_INPUT, _("“%s” is not a date; expected YYYY-MM-DD"), c.since);
        return admin_fail(&e);
    }
    bool ok = run(&c, &e);
    bool equal = ok && jn_count(json_root(c.differences)) == 0;
    if (ok)
        print_outcome(&c);
    peer_close(&c.line);
    db_admin_close(&c.a);
    json_free(&c.differences);
    return !ok ? admin_fail(&e) : equal ? 0 : DIFFERENT;
}
