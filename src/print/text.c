/* A page as plain text: for the screen, for a file, and for the printers that know nothing else. */
#include "guitai/print/page.h"

#include "wrap.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"
#include "guitai/print/block.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT (1u << 20)
#define MIN_COLUMNS 24
#define MAX_COLUMNS 200

struct writer {
    struct str out;
    int columns;
};

static void put_spaces(struct writer *w, int n)
{
    str_add_repeat(&w->out, " ", n > 0 ? (size_t)n : 0);
}

/* `n` bytes of `s` in a field of `cells`. */
static void put_field(struct writer *w, const char *s, size_t n, int cells, enum block_align align)
{
    char *line = xstrndup(s, n);
    int room = cells - utf8_cells(line);
    int before = align == ALIGN_RIGHT ? room : align == ALIGN_CENTER ? room / 2 : 0;
    put_spaces(w, before);
    str_add(&w->out, line);
    put_spaces(w, room - (before > 0 ? before : 0));
    free(line);
}

static void end_line(struct writer *w)
{
    while (w->out.len > 0 && w->out.p[w->out.len - 1] == ' ')
        w->out.p[--w->out.len] = '\0';
    str_add(&w->out, "\n");
}

/* Wrapped text; lines after the first begin `hang` cells in. The caller has written what stands before the
 * first. */
static void put_wrapped(struct writer *w, const char *text, int first, int hang, enum block_align align)
{
    int indent = first;
    do {
        size_t skip, n = wrap_line(text, w->columns - indent, &skip);
        put_field(w, text, n, w->columns - indent, align);
        end_line(w);
        text += n + skip;
        indent = hang;
        if (*text)
            put_spaces(w, hang);
    } while (*text);
}

static void put_paragraphs(struct writer *w, const struct block *b)
{
    int first = b->indent && b->align == ALIGN_LEFT ? 4 : 0;
    char *copy = xstrdup(b->text), *rest = copy;
    for (char *line; (line = strsep(&rest, "\n"));) {
        put_spaces(w, first);
        put_wrapped(w, line, first, 0, b->align);
    }
    free(copy);
}

static void put_pair(struct writer *w, const struct block *b)
{
    int label = utf8_cells(b->label) + 2;
    int hang = label > w->columns / 2 ? 4 : label;
    str_addf(&w->out, "%s：", b->label);
    put_wrapped(w, b->text, label < w->columns - 2 ? label : hang, hang, ALIGN_LEFT);
}

/* Cells of a row side by side, each wrapped in its own width. */
struct lane {
    const char *text;
    int width;
    enum block_align align;
};

static void put_lanes(struct writer *w, struct lane *lanes, size_t n)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            struct lane *l = &lanes[i];
            size_t skip, bytes = wrap_line(l->text, l->width, &skip);
            put_field(w, l->text, bytes, l->width, l->align);
            if (i + 1 < n)
                put_spaces(w, 1);
            l->text += bytes + skip;
            more = more || *l->text;
        }
        end_line(w);
    }
}

static void put_pairs2(struct writer *w, const struct block *b)
{
    char *left = xasprintf("%s：%s", b->label, b->text), *right = xasprintf("%s：%s", b->label2, b->text2);
    int half = (w->columns - 1) / 2;
    struct lane lanes[] = { { left, half, ALIGN_LEFT }, { right, w->columns - 1 - half, ALIGN_LEFT } };
    put_lanes(w, lanes, 2);
    free(left);
    free(right);
}

static bool put_table(struct writer *w, const struct table *t, struct err *e)
{
    struct lane lanes[PAGE_MAX_COLUMNS];
    int rest = w->columns - (int)t->columns + 1;
    bool labels = false;
    for (size_t i = 0; i < t->columns; i++) {
        rest -= t->column[i].width;
        labels = labels || *t->column[i].label;
    }
    if (rest < 2)
        return err_set(e, ERR_INPUT, _("the table is wider than %d columns"), w->columns);
    for (size_t row = labels ? 0 : 1; row <= t->rows; row++) {
        for (size_t i = 0; i < t->columns; i++) {
            const struct table_column *c = &t->column[i];
            const char *text = row == 0 ? c->label : t->cells[(row - 1) * t->columns + i];
            lanes[i] = (struct lane){ text, c->width ? c->width : rest, c->align };
        }
        put_lanes(w, lanes, t->columns);
    }
    return true;
}

static void put_code(struct writer *w, const char *text, const char *caption)
{
    char *line = xasprintf("[%s]", text);
    put_wrapped(w, line, 0, 0, ALIGN_CENTER);
    if (caption)
        put_wrapped(w, caption, 0, 0, ALIGN_CENTER);
    free(line);
}

static void put_seal(struct writer *w, const char *text)
{
    int left = w->columns / 2;
    while (*text) {
        size_t skip, n = wrap_line(text, w->columns - left, &skip);
        put_spaces(w, left);
        put_field(w, text, n, w->columns - left, ALIGN_CENTER);
        end_line(w);
        text += n + skip;
    }
}

static bool put_chart(struct writer *w, const char *text, struct err *e)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *line = xstrndup(text, n);
        bool fits = utf8_cells(line) <= w->columns;
        str_add(&w->out, line);
        end_line(w);
        free(line);
        if (!fits)
            return err_set(e, ERR_INPUT, _("the flow chart is wider than %d columns"), w->columns);
        text += n + (text[n] == '\n');
    }
    return true;
}

static bool put_block(struct writer *w, const struct block *b, struct err *e)
{
    switch (b->kind) {
    case BLOCK_TITLE:
    case BLOCK_TEXT:
        put_paragraphs(w, b);
        break;
    case BLOCK_PAIR:
        put_pair(w, b);
        break;
    case BLOCK_PAIRS2:
        put_pairs2(w, b);
        break;
    case BLOCK_RULE:
        str_add_repeat(&w->out, "-", (size_t)w->columns);
        end_line(w);
        break;
    case BLOCK_SPACE:
        str_add_repeat(&w->out, "\n", b->lines > 0 && b->lines < 20 ? (size_t)b->lines : 1);
        break;
    case BLOCK_TABLE:
        return put_table(w, &b->table, e);
    case BLOCK_BARCODE:
    case BLOCK_QR:
        put_code(w, b->text, b->caption);
        break;
    case BLOCK_CODES:
        put_code(w, b->text, NULL);
        put_code(w, b->text2, b->caption);
        break;
    case BLOCK_SEAL:
        put_seal(w, b->text);
        break;
    case BLOCK_CHART:
        return put_chart(w, b->text, e);
    }
    return true;
}

char *page_text(const struct page *p, int columns, struct err *e)
{
    struct writer w = { .columns = columns ? columns : p->columns };
    bool ok = w.columns >= MIN_COLUMNS && w.columns <= MAX_COLUMNS;
    if (!ok) {
        err_set(e, ERR_INPUT, _("a text page has %d to %d columns"), MIN_COLUMNS, MAX_COLUMNS);
        return NULL;
    }
    str_init(&w.out, MAX_TEXT);
    for (size_t i = 0; i < p->count && ok; i++)
        ok = put_block(&w, &p->blocks[i], e);
    if (ok && w.out.overflow)
        ok = err_set(e, ERR_INPUT, _("the page is longer than %u bytes"), MAX_TEXT);
    if (!ok) {
        str_reset(&w.out);
        return NULL;
    }
    return str_steal(&w.out);
}
