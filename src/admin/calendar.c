#include "admin.h"

#include "guitai/base/date.h"
#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (256u << 10)

/* A notice may move days of the December before: those around New Year belong to the next year's notice. */
static int edition_of(struct date d, const char *holiday)
{
    return d.month == 12 && strstr(holiday, "元旦") ? d.year + 1 : d.year;
}

static bool parse_row(char *line, const char *name, int number, struct calendar_row *row, struct err *e)
{
    struct date d;
    char *rest = line;
    const char *date = strsep(&rest, ","), *kind = strsep(&rest, ","), *holiday = rest ? rest : "";
    if (!date_parse_iso(date, &d))
        return err_set(e, ERR_INPUT, _("%s:%d: “%s” is not a date; expected YYYY-MM-DD"), name, number, date);
    if (!kind || (strcmp(kind, "off") != 0 && strcmp(kind, "work") != 0))
        return err_set(e, ERR_INPUT, _("%s:%d: “%s” is no kind of day; expected off or work"), name, number,
                       kind ? kind : "");
    if (strlen(holiday) >= sizeof row->holiday)
        return err_set(e, ERR_INPUT, _("%s:%d: the name of the holiday is too long"), name, number);
    snprintf(row->date, sizeof row->date, "%s", date);
    snprintf(row->kind, sizeof row->kind, "%s", kind);
    snprintf(row->holiday, sizeof row->holiday, "%s", holiday);
    row->edition = edition_of(d, holiday);
    return true;
}

bool calendar_parse(char *text, const char *name, struct calendar_row **rows, size_t *count,
                    const char **document, struct err *e)
{
    *rows = xcalloc(CALENDAR_MAX_ROWS, sizeof **rows);
    *count = 0;
    *document = NULL;
    int number = 0;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3; /* spreadsheets write a byte-order mark */
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        number++;
        line[strcspn(line, "\r")] = '\0';
        if (line[0] == '#' && !*document)
            *document = line + 1 + strspn(line + 1, " ");
        if (line[0] == '\0' || line[0] == '#' || strncmp(line, "date,", 5) == 0)
            continue;
        bool room = *count < CALENDAR_MAX_ROWS;
        if (!room)
            err_set(e, ERR_INPUT, _("%s:%d: more than %d days"), name, number, CALENDAR_MAX_ROWS);
        if (!room || !parse_row(line, name, number, &(*rows)[*count], e)) {
            free(*rows);
            *rows = NULL;
            return false;
        }
        (*count)++;
    }
    return true;
}

static bool load_year(struct db_admin *a, int year, const char *document, const struct calendar_row *rows,
                      size_t n, struct err *e)
{
    struct json *days = json_new_array();
    for (size_t i = 0; i < n; i++) {
        if (rows[i].edition != year)
            continue;
        struct jnode *day = jn_push_object(json_edit(days));
        jn_set_str(day, "date", rows[i].date);
        jn_set_str(day, "kind", rows[i].kind);
        jn_set_str(day, "holiday", rows[i].holiday);
    }
    char text_year[8], *text = json_text(days, false);
    snprintf(text_year, sizeof text_year, "%d", year);
    struct db_arg args[] = { { "year", text_year }, { "document", document }, { "days", text } };
    bool ok = admin_call(a, "calendar__load", args, 3, NULL, e);
    if (ok)
        printf(_("calendar of %d loaded (%s)\n"), year, document);
    free(text);
    json_free(&days);
    return ok;
}

bool calendar_load(struct db_admin *a, const char *path, const char *document, struct err *e)
{
    char *text;
    size_t len, n;
    struct calendar_row *rows;
    const char *comment;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (!file_read(path, FILE_MAX, &text, &len, e))
        return false;
    bool ok = calendar_parse(text, path, &rows, &n, &comment, e);
    if (ok && n == 0)
        ok = err_set(e, ERR_INPUT, _("%s: no day in it"), path);
    int first = 9999, last = 0;
    for (size_t i = 0; ok && i < n; i++) {
        first = rows[i].edition < first ? rows[i].edition : first;
        last = rows[i].edition > last ? rows[i].edition : last;
    }
    for (int year = first; ok && year <= last; year++)
        ok = load_year(a, year, document ? document : comment ? comment : name, rows, n, e);
    free(rows);
    free(text);
    return ok;
}

struct load {
    const char *path, *document;
};

static bool load_file(struct db_admin *a, void *ctx, struct err *e)
{
    const struct load *load = ctx;
    return calendar_load(a, load->path, load->document, e);
}

int calendar_load_verb(int argc, char **argv)
{
    static const struct option options[] = { { "document", required_argument, NULL, 'd' }, { 0 } };
    struct load load = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'd')
            return admin_usage();
        load.document = optarg;
    }
    if (optind + 1 != argc)
        return admin_usage();
    load.path = argv[optind];
    int status = 0;
    struct err e;
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, load_file, &load, &e))
        status = admin_fail(&e);
    db_admin_close(&a);
    return status;
}
