/* The halls that cases are exchanged with, and how this one takes part. */
#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/report.h"
#include "guitai/base/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- peer add ---- */

struct pairing {
    const char *peer, *name, *url, *relation, *division;
    const char *secret_file, *make_file;
    char own[7];
    char secret[SECRET_HEX + 1];
};

/* A fresh secret is in its file before the database has it: a failure leaves an unused file, never a pair without. */
static bool pairing_secret(struct pairing *p, struct err *e)
{
    if (p->secret_file)
        return secret_read(p->secret_file, p->secret, e);
    return !p->make_file || secret_make(p->make_file, p->secret, e);
}

static bool add_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct pairing *p = ctx;
    struct db_arg args[] = {
        { "own", p->own },           { "division", p->peer },         { "name", p->name }, { "url", p->url },
        { "relation", p->relation }, { "secret", *p->secret ? p->secret : NULL },
    };
    return admin_call(a, "peer__set", args, sizeof args / sizeof *args, NULL, e);
}

static bool add_peer(struct pairing *p, struct err *e)
{
    struct db_admin *a = db_admin_open(NULL, e);
    bool ok = a && admin_division(a, p->division, p->own, e) && pairing_secret(p, e) &&
              admin_transaction(a, add_work, p, e);
    if (ok)
        printf(_("%s exchanges cases with %s (%s)\n"), p->own, p->peer, p->name);
    if (ok && p->make_file)
        printf(_("the secret stands in %s: carry it to the other administrator, then delete the file\n"), p->make_file);
    db_admin_close(&a);
    return ok;
}

int peer_add_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "name", required_argument, NULL, 'n' },   { "url", required_argument, NULL, 'u' },
        { "relation", required_argument, NULL, 'r' }, { "secret", required_argument, NULL, 's' },
        { "make-secret", required_argument, NULL, 'm' }, { "division", required_argument, NULL, 'd' },
        { 0 },
    };
    struct pairing p = { 0 };
    struct err e;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'n': p.name = optarg; break;
        case 'u': p.url = optarg; break;
        case 'r': p.relation = optarg; break;
        case 's': p.secret_file = optarg; break;
        case 'm': p.make_file = optarg; break;
        case 'd': p.division = optarg; break;
        default: return admin_usage();
        }
    }
    if (optind + 1 != argc || !p.name || !p.url || !p.relation || (p.secret_file && p.make_file))
        return admin_usage();
    p.peer = argv[optind];
    bool ok = add_peer(&p, &e);
    wipe(p.secret, sizeof p.secret);
    return ok ? 0 : admin_fail(&e);
}

/* ---- peer list ---- */

struct listing {
    const char *division;
    bool as_json;
};

static void print_peers(const struct jnode *all)
{
    static const char *const columns[] = { "division", "name", "relation", "url", "active",
                                           "waiting", "last_sent", "last_heard", "problem" };
    static const char *const headings[] = { N_("division"), N_("name"), N_("relation"), N_("address"), N_("active"),
                                            N_("waiting"), N_("last sent"), N_("last heard"), N_("problem") };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    char number[24];
    struct report_table *t = report_table_new(COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        report_table_add(t, _(headings[i]));
    for (const struct jnode *n = jn_first(all); n; n = jn_next(n))
        for (size_t i = 0; i < COLUMNS; i++)
            report_table_add(t, jn_shown(jn_get(n, columns[i]), number, sizeof number));
    report_table_print(t, stdout);
    report_table_free(&t);
}

static bool list_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct listing *l = ctx;
    struct db_result *r;
    char own[7];
    if (!admin_division(a, l->division, own, e))
        return false;
    struct db_arg args[] = { { "own", own } };
    if (!db_admin_call(a, "peer__list", args, 1, &r, e))
        return false;
    struct json *rows = db_rows_json(r);
    if (l->as_json) {
        char *text = json_text(rows, true);
        puts(text);
        free(text);
    } else {
        print_peers(json_root(rows));
    }
    json_free(&rows);
    db_result_free(&r);
    return true;
}

int peer_list_verb(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' },
                                             { "division", required_argument, NULL, 'd' },
                                             { 0 } };
    struct listing l = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'j')
            l.as_json = true;
        else if (c == 'd')
            l.division = optarg;
        else
            return admin_usage();
    }
    if (optind != argc)
        return admin_usage();
    return admin_run_work(list_work, &l);
}

/* ---- peer end ---- */

static bool end_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct pairing *p = ctx;
    if (!admin_division(a, p->division, p->own, e))
        return false;
    struct db_arg args[] = { { "own", p->own }, { "division", p->peer } };
    if (!admin_call(a, "peer__end", args, 2, NULL, e))
        return false;
    printf(_("%s exchanges no more with %s; what waits for it stays\n"), p->own, p->peer);
    return true;
}

int peer_end_verb(int argc, char **argv)
{
    static const struct option options[] = { { "division", required_argument, NULL, 'd' }, { 0 } };
    struct pairing p = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'd')
            return admin_usage();
        p.division = optarg;
    }
    if (optind + 1 != argc)
        return admin_usage();
    p.peer = argv[optind];
    return admin_run_work(end_work, &p);
}

/* ---- sync set ---- */

struct setting {
    const char *days, *minutes, *compare_at, *division;
    struct pairing key; /* its secret only */
};

static bool set_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct setting *s = ctx;
    struct db_arg args[] = {
        { "own", s->key.own },
        { "duplicate_days", s->days },
        { "report_minutes", s->minutes },
        { "compare_at", s->compare_at },
        { "duplicate_key", *s->key.secret ? s->key.secret : NULL },
    };
    return admin_call(a, "sync__set", args, sizeof args / sizeof *args, NULL, e);
}

static bool set_setting(struct setting *s, struct err *e)
{
    struct db_admin *a = db_admin_open(NULL, e);
    bool ok = a && admin_division(a, s->division, s->key.own, e) && pairing_secret(&s->key, e) &&
              admin_transaction(a, set_work, s, e);
    db_admin_close(&a);
    return ok;
}

static bool is_hour(const char *text)
{
    struct tm tm;
    const char *end = strptime(text, "%H:%M", &tm);
    return end && !*end;
}

int sync_set_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "duplicate-days", required_argument, NULL, 'n' }, { "report-minutes", required_argument, NULL, 'r' },
        { "compare-at", required_argument, NULL, 'c' },     { "duplicate-key", required_argument, NULL, 'k' },
        { "make-duplicate-key", required_argument, NULL, 'm' }, { "division", required_argument, NULL, 'd' },
        { 0 },
    };
    struct setting s = { 0 };
    struct err e;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'n': s.days = optarg; break;
        case 'r': s.minutes = optarg; break;
        case 'c': s.compare_at = optarg; break;
        case 'k': s.key.secret_file = optarg; break;
        case 'm': s.key.make_file = optarg; break;
        case 'd': s.division = optarg; break;
        default: return admin_usage();
        }
    }
    if (optind != argc || (s.key.secret_file && s.key.make_file) ||
        (!s.days && !s.minutes && !s.compare_at && !s.key.secret_file && !s.key.make_file))
        return admin_usage();
    if (s.compare_at && !is_hour(s.compare_at)) {
        err_set(&e, ERR_INPUT, _("“%s” is not a time of day; expected HH:MM"), s.compare_at);
        return admin_fail(&e);
    }
    bool ok = set_setting(&s, &e);
    wipe(s.key.secret, sizeof s.key.secret);
    return ok ? 0 : admin_fail(&e);
}
