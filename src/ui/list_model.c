#include "list_model.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list file ---- */

static const struct {
    const char *name;
    enum list_format format;
} formats[] = {{"text", LIST_TEXT}, {"date", LIST_DATE}, {"datetime", LIST_DATETIME}, {"money", LIST_MONEY}};

static bool read_format(struct list_def *d, const struct jnode *n, struct list_column *c, struct err *e)
{
    const char *wanted = jn_str(n, "format", "text");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(formats[i].name, wanted)) {
            c->format = formats[i].format;
            return true;
        }
    return json_fail(d->doc, jn_get(n, "format"), e, "expected text, date, datetime or money");
}

static bool read_column(struct list_def *d, const struct jnode *n, struct list_column *c, struct err *e)
{
    const struct jnode *english = i18n_english() ? jn_get(n, "width_en") : NULL;
    const struct jnode *width = english ? english : jn_get(n, "width");
    c->name = jn_str(n, "name", NULL);
    if (!c->name)
        return json_fail(d->doc, n, e, "expected \"name\", a column of the source");
    c->label = jn_label(jn_get(n, "label"));
    if (jn_text(width) && !strcmp(jn_text(width), "*"))
        c->width = 0;
    else if (jn_is_number(width) && jn_number(width) >= 1 && jn_number(width) <= 200)
        c->width = (int)jn_number(width);
    else
        return json_fail(d->doc, width ? width : n, e, "expected \"width\", 1 to 200 cells or \"*\"");
    c->min_screen = (int)jn_int(n, "min_width", 0);
    c->values = jn_get(n, "values");
    if (c->values && !jn_is_object(c->values))
        return json_fail(d->doc, c->values, e, "expected an object: code to label");
    c->right = !strcmp(jn_str(n, "align", "left"), "right");
    return read_format(d, n, c, e);
}

static bool read_def(struct list_def *d, struct err *e)
{
    const struct jnode *root = json_root(d->doc), *columns = jn_get(root, "columns");
    d->source = jn_str(root, "source", NULL);
    if (!d->source)
        return json_fail(d->doc, root, e, "expected \"source\", a table function of schema api");
    if (!jn_count(columns) || jn_count(columns) > LIST_MAX_COLUMNS)
        return json_fail(d->doc, columns ? columns : root, e, "expected \"columns\", 1 to %d",
                         LIST_MAX_COLUMNS);
    for (const struct jnode *n = jn_first(columns); n; n = jn_next(n))
        if (!read_column(d, n, &d->column[d->columns++], e))
            return false;
    d->colour = jn_str(root, "colour", "");
    d->empty = jn_label(jn_get(root, "empty"));
    d->live = jn_bool(root, "live", false);
    d->search = jn_bool(root, "search", false);
    return true;
}

bool list_def_load(struct list_def *d, const char *id, struct err *e)
{
    char name[128], path[1024];
    memset(d, 0, sizeof *d);
    snprintf(name, sizeof name, "forms/lists/%s.json", id);
    if (!paths_share(name, path, sizeof path, e))
        return false;
    d->doc = json_load(path, e);
    if (!d->doc)
        return false;
    if (read_def(d, e))
        return true;
    list_def_reset(d);
    return false;
}

void list_def_reset(struct list_def *d)
{
    json_free(&d->doc);
    memset(d, 0, sizeof *d);
}

const char *list_def_mark(const struct list_def *d, const char *colour)
{
    return *colour ? jn_str(jn_get(json_root(d->doc), "marks"), colour, "") : "";
}

const struct jnode *list_def_key(const struct list_def *d, const char *key)
{
    const struct jnode *n = jn_first(jn_get(json_root(d->doc), "keys"));
    while (n && strcmp(jn_str(n, "key", ""), key))
        n = jn_next(n);
    return n;
}

/* ---- rows ---- */

void list_rows_reset(struct list_rows *rows)
{
    for (size_t i = 0; i < rows->columns; i++)
        free(rows->names[i]);
    for (size_t i = 0; i < rows->count * rows->columns; i++)
        free(rows->cells[i]);
    free(rows->names);
    free(rows->cells);
    memset(rows, 0, sizeof *rows);
}

void list_rows_take(struct list_rows *rows, const struct db_result *r, size_t limit)
{
    list_rows_reset(rows);
    rows->columns = db_columns(r);
    rows->count = db_rows(r) < limit ? db_rows(r) : limit;
    rows->more = db_rows(r) > limit;
    rows->names = xcalloc(rows->columns + 1, sizeof *rows->names);
    rows->cells = xcalloc(rows->count * rows->columns + 1, sizeof *rows->cells);
    for (size_t c = 0; c < rows->columns; c++) {
        rows->names[c] = xstrdup(db_column_name(r, c));
        for (size_t i = 0; i < rows->count; i++) {
            const char *value = db_value(r, i, rows->names[c]);
            rows->cells[i * rows->columns + c] = value ? xstrdup(value) : NULL;
        }
    }
}

const char *list_rows_get(const struct list_rows *rows, size_t row, const char *column)
{
    for (size_t c = 0; row < rows->count && c < rows->columns; c++)
        if (!strcmp(rows->names[c], column)) {
            const char *value = rows->cells[row * rows->columns + c];
            return value ? value : "";
        }
    return "";
}

const char *list_rows_words(const struct list_rows *rows, size_t row, const char *column)
{
    char twin[128];
    const char *words = list_rows_get(rows, row, i18n_column(column, twin, sizeof twin));
    return *words ? words : list_rows_get(rows, row, column);
}

/* ---- values as read ---- */

static const char *format_date(const char *value, int width, char *out, size_t size)
{
    struct date d;
    if (width < 10 && strlen(value) == 10)
        snprintf(out, size, "%s", value + 5);
    else if (width >= 13 && strlen(value) == 10 && date_parse_iso(value, &d))
        snprintf(out, size, "%s %s", value, date_weekday_name(d));
    else
        snprintf(out, size, "%.10s", value);
    return out;
}

static const char *format_datetime(const char *value, int width, char *out, size_t size)
{
    if (strlen(value) < 16)
        snprintf(out, size, "%s", value);
    else if (width >= 16)
        snprintf(out, size, "%.10s %.5s", value, value + 11);
    else if (width < 11)
        snprintf(out, size, "%.5s", value + 11);
    else
        snprintf(out, size, "%.5s %.5s", value + 5, value + 11);
    return out;
}

static const char *format_money(const char *value, char *out, size_t size)
{
    long long cents = strtoll(value, NULL, 10);
    if (!*value)
        out[0] = '\0';
    else
        snprintf(out, size, "%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100, llabs(cents) % 100);
    return out;
}

const char *list_format_value(const char *value, const struct list_column *column, int width, char *out,
                              size_t size)
{
    const struct jnode *label = *value ? jn_get(column->values, value) : NULL;
    if (label)
        return jn_label(label);
    switch (column->format) {
    case LIST_DATE: return format_date(value, width, out, size);
    case LIST_DATETIME: return format_datetime(value, width, out, size);
    case LIST_MONEY: return format_money(value, out, size);
    default: return value;
    }
}
