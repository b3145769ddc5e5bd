#include "cli.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/entry/entry.h"

#include <getopt.h>
#include <string.h>

struct accept {
    const char *form, *window, *request;
    struct cli_paper paper;
    bool as_json;
};

/* ---- the same form as on the screen, filled without keys ---- */

/* Asks the database what the form wants to know and gives the answer back. *first: the first question that failed. */
static enum entry_effect answer_one(struct db *db, struct entry *en, const struct entry_request *q, struct err *first)
{
    struct db_arg args[ENTRY_REQUEST_ARGS];
    struct db_result *r = NULL;
    struct err e;
    for (size_t i = 0; i < q->count; i++)
        args[i] = (struct db_arg){ q->names[i], q->values[i] };
    if (!db_call_wait(db, q->function, args, q->count, &r, &e)) {
        if (first->kind == ERR_NONE)
            *first = e;
        return entry_answer(en, q->id, NULL, &e);
    }
    struct json *rows = db_json(r) ? NULL : db_rows_json(r);
    enum entry_effect effect = entry_answer(en, q->id, json_root(rows ? rows : db_json(r)), NULL);
    json_free(&rows);
    db_result_free(&r);
    return effect;
}

static enum entry_effect answer_all(struct db *db, struct entry *en, struct err *first)
{
    struct entry_request q;
    enum entry_effect effect = ENTRY_NOTHING;
    while (effect != ENTRY_READY && entry_next_request(en, &q))
        effect = answer_one(db, en, &q, first);
    return effect;
}

/* The form's own complaint: message and the field on which it stands. What the database said goes before it, for a
 * connection that broke is no wrong input, and a rule has its law and remedy. */
static bool fail_as_form(struct entry *en, const struct err *first, struct err *e)
{
    const char *message = entry_message(en, NULL);
    if (first->kind != ERR_NONE)
        *e = *first;
    else
        err_set(e, ERR_INPUT, "%s", *message ? message : _("the form is not complete"));
    if (!*e->field && entry_count(en) > 0 && (e->kind == ERR_INPUT || e->kind == ERR_RULE))
        err_field(e, entry_def(en, entry_focus(en))->id);
    return false;
}

static bool fill(struct db *db, struct entry *en, const struct jnode *values, struct err *e)
{
    struct err first = { 0 };
    if (!entry_load_values(en, values, e))
        return false;
    answer_all(db, en, &first);
    if (first.kind != ERR_NONE)
        return fail_as_form(en, &first, e);
    if (!entry_values_placed(en, e))
        return false;
    enum entry_effect effect = entry_key(en, ENTRY_SUBMIT, 0, false);
    if (effect != ENTRY_READY)
        effect = answer_all(db, en, &first);
    return effect == ENTRY_READY ? true : fail_as_form(en, &first, e);
}

static bool call(struct db *db, const char *request, const struct formdef *form, struct entry *en,
                 struct db_result **out, struct err *e)
{
    const struct entry_arg *given;
    struct db_arg args[DB_MAX_ARGS];
    size_t n = entry_args(en, &given);
    if (n > DB_MAX_ARGS)
        return err_set(e, ERR_BUG, _("%s: too many arguments"), form->function);
    for (size_t i = 0; i < n; i++)
        args[i] = (struct db_arg){ given[i].name, given[i].value };
    return cli_act(db, request, form->function, args, n, out, e);
}

/* ---- the verb ---- */

static void print_answer(const struct jnode *answer, bool as_json, const char *path)
{
    if (as_json) {
        cli_print_json(answer);
        return;
    }
    printf(_("%s  query code %s  due %s%s\n"), jn_str(answer, "number", ""), jn_str(answer, "query_code", ""),
           jn_str(answer, "promise_due", ""),
           jn_bool(answer, "due_provisional", false) ? _(" (provisional)") : "");
    if (*path)
        puts(path);
}

static bool submit(struct db *db, const struct accept *o, const struct formdef *form, struct entry *en,
                   struct err *e)
{
    char path[1024] = "";
    struct db_result *r = NULL;
    if (!call(db, o->request, form, en, &r, e))
        return false;
    const struct jnode *answer = json_root(db_json(r));
    bool ok = !o->paper.to || paper_deliver(db, answer, &o->paper, path, sizeof path, e);
    print_answer(answer, o->as_json, path); /* accepted is accepted, printed or not */
    db_result_free(&r);
    return ok;
}

static bool run(struct db *db, const struct accept *o, const struct json *values, struct err *e)
{
    struct entry_env env = { .today = date_today() };
    if (!cli_window(db, o->window, &env.window, e))
        return false;
    date_parse_iso(jn_str(db_me(db), "today", ""), &env.today);
    struct formdef *form = formdef_load("accept", e);
    if (!form)
        return false;
    struct entry *en = entry_new(form, &env);
    bool ok = fill(db, en, json_root(values), e) && submit(db, o, form, en, e);
    entry_free(&en);
    formdef_free(&form);
    return ok;
}

static bool parse(int argc, char **argv, struct accept *o)
{
    static const struct option options[] = {
        { "form", required_argument, NULL, 'i' },     { "window", required_argument, NULL, 'w' },
        { "print-to", required_argument, NULL, 'p' }, { "format", required_argument, NULL, 'f' },
        { "request", required_argument, NULL, 'r' },  { "json", no_argument, NULL, 'j' },
        { 0 },
    };
    o->paper.format = "text";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'i': o->form = optarg; break;
        case 'w': o->window = optarg; break;
        case 'p': o->paper.to = optarg; break;
        case 'f': o->paper.format = optarg; break;
        case 'r': o->request = optarg; break;
        case 'j': o->as_json = true; break;
        default: return false;
        }
    }
    return optind == argc && o->form;
}

int case_accept_verb(int argc, char **argv)
{
    struct accept o = { 0 };
    struct err e;
    if (!parse(argc, argv, &o))
        return cli_usage();
    struct json *values = paper_ok(&o.paper, &e) ? json_load(o.form, &e) : NULL;
    struct db *db = values ? cli_connect(&e) : NULL;
    bool ok = db && run(db, &o, values, &e);
    db_free(&db);
    json_free(&values);
    return ok ? 0 : cli_fail(&e);
}
