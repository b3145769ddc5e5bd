#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/report.h"
#include "guitai/base/str.h"
#include "guitai/base/uuid.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 200
#define NAMES_MAX 512

int cli_fail(const struct err *e)
{
    return report_error(CLI_PROGRAM, e);
}

static const char *running = "";

void cli_running(const char *synopsis)
{
    running = synopsis;
}

int cli_usage(void)
{
    fprintf(stderr, _("usage: %s"), CLI_PROGRAM);
    fprintf(stderr, " %s\n", running);
    return 2;
}

struct db *cli_connect(struct err *e)
{
    struct db *db = db_new();
    if (!db_open_wait(db, NULL, NULL, e))
        db_free(&db);
    return db;
}

bool cli_ask(struct db *db, const char *function, const struct db_arg *args, size_t n, struct db_result **out,
             struct err *e)
{
    if (!db_call_wait(db, function, args, n, out, e))
        return false;
    if (db_json(*out))
        return true;
    db_result_free(out);
    return err_set(e, ERR_BUG, _("%s: the answer is empty"), function);
}

bool cli_act(struct db *db, const char *request, const char *function, const struct db_arg *args, size_t n,
             struct db_result **out, struct err *e)
{
    struct db_arg all[DB_MAX_ARGS];
    char fresh[37];
    if (n + 1 > DB_MAX_ARGS)
        return err_set(e, ERR_BUG, _("%s: too many arguments"), function);
    uuid_new(fresh);
    all[0] = (struct db_arg){ "request", request ? request : fresh };
    memcpy(all + 1, args, n * sizeof *args);
    return cli_ask(db, function, all, n + 1, out, e);
}

/* Appends a page to `all`; returns its number of rows. `after` receives the key of the last one. */
static size_t append(struct json *all, const struct db_result *r, char *after, size_t size, size_t room)
{
    struct json *rows = db_rows_json(r);
    size_t n = db_rows(r), taken = 0;
    for (const struct jnode *row = jn_first(json_root(rows)); row && taken < room;
         row = jn_next(row), taken++) {
        jn_remove((struct jnode *)row, "key"); /* where to go on, no datum; the document is ours */
        jn_push_copy(json_edit(all), row);
    }
    if (n)
        snprintf(after, size, "%s", db_value(r, n - 1, "key") ? db_value(r, n - 1, "key") : "");
    json_free(&rows);
    return n;
}

struct json *cli_list(struct db *db, const char *function, const char *search, size_t limit, struct err *e)
{
    struct json *all = json_new_array();
    char after[256] = "", page[16];
    snprintf(page, sizeof page, "%d", PAGE_ROWS);
    for (size_t count = 0;;) {
        struct db_arg args[] = { { "search", search },
                                 { "after", *after ? after : NULL },
                                 { "limit", page } };
        struct db_result *r;
        if (!db_call_wait(db, function, args, 3, &r, e)) {
            json_free(&all);
            return NULL;
        }
        size_t n = append(all, r, after, sizeof after, limit ? limit - count : (size_t)-1);
        db_result_free(&r);
        count += n;
        if (n < PAGE_ROWS || (limit && count >= limit))
            return all;
    }
}

bool cli_window(struct db *db, const char *given, const char **out, struct err *e)
{
    const struct jnode *windows = jn_get(db_me(db), "windows");
    const char *own = getenv("GUITAI_WINDOW");
    *out = given ? given : own && *own ? own : NULL;
    if (*out || jn_count(windows) == 0)
        return true;
    if (jn_count(windows) == 1) {
        *out = jn_str(jn_first(windows), "code", NULL);
        return true;
    }
    struct str codes;
    str_init(&codes, NAMES_MAX);
    for (const struct jnode *w = jn_first(windows); w; w = jn_next(w))
        str_addf(&codes, " %s", jn_str(w, "code", ""));
    err_set(e, ERR_INPUT, _("today you sit at several windows:%s"), codes.p);
    str_reset(&codes);
    return err_hint(e, "%s", _("say --window CODE"));
}

void cli_print_json(const struct jnode *n)
{
    char *text = jn_write(n, true);
    puts(text);
    free(text);
}

void cli_print_rows(const struct jnode *rows, const struct cli_column *columns, size_t n)
{
    char number[24];
    struct report_table *t = report_table_new(n);
    for (size_t i = 0; i < n; i++)
        report_table_add(t, _(columns[i].heading));
    for (const struct jnode *row = jn_first(rows); row; row = jn_next(row))
        for (size_t i = 0; i < n; i++)
            report_table_add(t, jn_words(row, columns[i].name, number, sizeof number));
    report_table_print(t, stdout);
    report_table_free(&t);
}
