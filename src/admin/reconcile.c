/* reconcile: our ledger and that of another hall, compared over the protocol (/v1/ledger): digests of days first, then
 * the entries of the days that differ. The comparison itself is made in the database. */
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

#define SYNOPSIS "reconcile --peer DIVISION --since DATE [--division CODE] [--json]"
#define DIFFERENT 1 /* exit status, as diff(1) has it */

struct comparing {
    const char *peer, *since, *division;
    bool as_json;
    char own[7];
    char url[256];
    struct tls_files tls;
    struct peer_line *line;
    struct db_admin *a;
    struct json *differences;
};

static bool find_url(struct comparing *c, struct err *e)
{
    struct db_result *r;
    struct db_arg args[] = { { "own", c->own } };
    if (!db_admin_call(c->a, "peer__list", args, 1, &r, e))
        return false;
    for (size_t i = 0; i < db_rows(r); i++)
        if (strcmp(db_value(r, i, "division"), c->peer) == 0)
            snprintf(c->url, sizeof c->url, "%s", db_value(r, i, "url"));
    db_result_free(&r);
    if (c->url[0])
        return true;
    err_set(e, ERR_INPUT, _("%s exchanges no cases with %s"), c->own, c->peer);
    return err_hint(e, "%s", _("guitai-admin peer list shows with whom"));
}

/* Their answer to a question about `key` ("since" or "day"). *text: owner the caller. */
static bool ask(struct comparing *c, const char *key, const char *day, char **text, struct err *e)
{
    size_t len;
    struct json *question = json_new_object();
    struct jnode *n = json_edit(question);
    jn_set_int(n, "protocol", 1);
    jn_set_str(n, "from", c->own);
    jn_set_str(n, key, day);
    char *body = json_text(question, false);
    json_free(&question);
    bool ok = peer_ask(c->line, c->url, "/v1/ledger", body, text, &len, e);
    free(body);
    struct json *doc = ok ? json_parse(*text, len, c->peer, e) : NULL;
    if (ok && !doc)
        free(*text);
    ok = doc != NULL;
    json_free(&doc);
    return ok;
}

static bool query(struct comparing *c, const char *sql, const char *day, const char *theirs, struct db_result **r,
                  struct err *e)
{
    const char *params[] = { c->peer, day, theirs };
    return db_admin_query(c->a, sql, params, 3, r, e);
}

static bool compare_day(struct comparing *c, const char *day, struct err *e)
{
    struct db_result *r;
    char *theirs;
    if (!ask(c, "day", day, &theirs, e))
        return false;
    bool ok = query(c, "select * from api.ledger__differences(p_peer => $1, p_day => $2, p_theirs => $3)", day, theirs,
                    &r, e);
    free(theirs);
    if (!ok)
        return false;
    struct json *rows = db_rows_json(r);
    for (const struct jnode *n = jn_first(json_root(rows)); n; n = jn_next(n))
        jn_push_copy(json_edit(c->differences), n);
    json_free(&rows);
    db_result_free(&r);
    return true;
}

static bool compare(struct comparing *c, struct err *e)
{
    struct db_result *r;
    char *theirs;
    if (!ask(c, "since", c->since, &theirs, e))
        return false;
    bool ok = query(c, "select * from api.ledger__compare(p_peer => $1, p_since => $2, p_theirs => $3)", c->since,
                    theirs, &r, e);
    free(theirs);
    if (!ok)
        return false;
    const struct jnode *days = db_json(r) ? jn_get(json_root(db_json(r)), "days") : NULL;
    for (const struct jnode *n = jn_first(days); ok && n; n = jn_next(n))
        ok = jn_text(n) && compare_day(c, jn_text(n), e);
    db_result_free(&r);
    return ok;
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
           admin_division(c->a, c->division, c->own, e) && find_url(c, e) &&
           (c->line = peer_open(&c->tls, e)) != NULL && compare(c, e);
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
        default: return admin_usage(SYNOPSIS);
        }
    }
    if (optind != argc || !c.peer || !c.since)
        return admin_usage(SYNOPSIS);
    if (!date_parse_iso(c.since, &since)) {
        err_set(&e, ERR_INPUT, _("“%s” is not a date; expected YYYY-MM-DD"), c.since);
        return admin_fail(&e);
    }
    c.differences = json_new_array();
    bool ok = run(&c, &e);
    bool equal = jn_count(json_root(c.differences)) == 0;
    if (ok)
        print_outcome(&c);
    peer_close(&c.line);
    db_admin_close(&c.a);
    json_free(&c.differences);
    return !ok ? admin_fail(&e) : equal ? 0 : DIFFERENT;
}
