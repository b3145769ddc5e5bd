#include "guitai/base/report.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define COLUMN_GAP 2

static const char *sentence_end(const char *message)
{
    static const char *const ends[] = { ".", "。", "!", "?", "！", "？", ":", "：" };
    size_t n = strlen(message);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i]);
        if (n >= len && strcmp(message + n - len, ends[i]) == 0)
            return " ";
    }
    return i18n_english() ? ". " : "。";
}

int report_error(const char *program, const struct err *e)
{
    fprintf(stderr, "%s: %s%s%s", program, e->field, e->field[0] ? ": " : "", e->message);
    if (e->law[0])
        fprintf(stderr, " (%s)", e->law);
    if (e->hint[0])
        fprintf(stderr, "%s%s", e->law[0] ? sentence_end(")") : sentence_end(e->message), e->hint);
    fputc('\n', stderr);
    return err_exit_status(e);
}

int report_output(const char *program, int status)
{
    bool lost = ferror(stdout) != 0;
    if ((fflush(stdout) == 0 && !lost) || status != 0)
        return status;
    struct err e;
    err_set(&e, ERR_IO, _("not everything could be written to standard output"));
    return report_error(program, &e);
}

struct report_table {
    size_t columns, cells, room;
    char **cell;
    int width[REPORT_MAX_COLUMNS];
};

struct report_table *report_table_new(size_t columns)
{
    struct report_table *t = xcalloc(1, sizeof *t);
    t->columns = columns < REPORT_MAX_COLUMNS ? columns : REPORT_MAX_COLUMNS;
    return t;
}

void report_table_add(struct report_table *t, const char *text)
{
    if (t->cells == t->room) {
        t->room = t->room ? t->room * 2 : 64;
        t->cell = xrealloc(t->cell, t->room, sizeof *t->cell);
    }
    char *copy = xstrdup(text ? text : "");
    utf8_blank_controls(copy, false);
    int cells = utf8_cells(copy), *width = &t->width[t->cells % t->columns];
    if (cells > *width)
        *width = cells;
    t->cell[t->cells++] = copy;
}

void report_table_print(const struct report_table *t, FILE *out)
{
    for (size_t row = 0; row + t->columns <= t->cells; row += t->columns) {
        int pending = 0; /* blanks are written only when something follows */
        for (size_t i = 0; i < t->columns; i++) {
            const char *text = t->cell[row + i];
            if (*text) {
                fprintf(out, "%*s%s", pending, "", text);
                pending = 0;
            }
            pending += t->width[i] - utf8_cells(text) + COLUMN_GAP;
        }
        fputc('\n', out);
    }
}

void report_table_free(struct report_table **t)
{
    if (!*t)
        return;
    for (size_t i = 0; i < (*t)->cells; i++)
        free((*t)->cell[i]);
    free((*t)->cell);
    free(*t);
    *t = NULL;
}
