#include "guitai/print/page.h"

#include "fill.h"
#include "kinds.h"
#include "parts.h"

#include "guitai/base/i18n.h"
#include "guitai/base/paths.h"
#include "guitai/base/xalloc.h"
#include "guitai/print/chart.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct build {
    const struct json *form;
    const struct jnode *data;
    struct page *page;
    struct err *e;
    int depth;
};

static bool build_blocks(struct build *b, const struct jnode *blocks);

/* The name of what is missing, as the reader of the form knows it: the part's or the block's label, else
 * the path. */
static bool fail_missing(struct build *b, const struct jnode *block, const char *path)
{
    const char *title = jn_label(jn_get(json_root(b->form), "title"));
    const char *label = jn_str(block, "label", "");
    if (*label && !strchr(label, '{'))
        err_set(b->e, ERR_INPUT, _("%s cannot be printed: \"%s\" is missing (%s)"), title, label, path);
    else
        err_set(b->e, ERR_INPUT, _("%s cannot be printed: %s is missing"), title, path);
    return err_field(b->e, path);
}

static char *fill_with(struct build *b, const struct jnode *block, const struct jnode *row,
                       const char *template)
{
    struct fill f = { .data = b->data, .row = row, .words = jn_get(json_root(b->form), "words") };
    struct err why;
    err_reset(&why);
    char *text = fill_text(&f, template, &why);
    if (!text && f.missing)
        fail_missing(b, block, f.missing);
    else if (!text)
        json_fail(b->form, block, b->e, "%s", why.message);
    return text;
}

/* Fills member `name` of the block into *out; a kind without that member leaves NULL. */
static bool fill_member(struct build *b, const struct jnode *block, const char *name, char **out)
{
    if (!name)
        return true;
    const char *template = jn_str(block, name, NULL);
    if (!template)
        return json_fail(b->form, block, b->e, _("\"%s\" is expected"), name);
    *out = fill_with(b, block, NULL, template);
    return *out != NULL;
}

static struct block *add_block(struct build *b, const struct jnode *at, enum block_kind kind)
{
    struct page *p = b->page;
    if (p->count == PAGE_MAX_BLOCKS) {
        json_fail(b->form, at, b->e, _("more than %d blocks"), PAGE_MAX_BLOCKS);
        return NULL;
    }
    p->blocks = xrealloc(p->blocks, p->count + 1, sizeof *p->blocks);
    struct block *to = &p->blocks[p->count++];
    *to = (struct block){ .kind = kind };
    return to;
}

static void free_block(struct block *b)
{
    struct table *t = &b->table;
    for (size_t i = 0; i < t->rows * t->columns; i++)
        free(t->cells[i]);
    for (size_t i = 0; i < t->columns; i++)
        free(t->column[i].label);
    free(t->cells);
    free(b->part);
    free(b->label);
    free(b->text);
    free(b->label2);
    free(b->text2);
    free(b->caption);
}

static bool add_row(struct build *b, const struct jnode *block, struct table *t, const struct jnode *row)
{
    const struct jnode *columns = jn_get(block, "columns");
    if (t->rows == PAGE_MAX_ROWS)
        return json_fail(b->form, block, b->e, _("more than %d rows"), PAGE_MAX_ROWS);
    t->cells = xrealloc(t->cells, (t->rows + 1) * t->columns, sizeof *t->cells);
    char **cells = t->cells + t->rows * t->columns;
    memset(cells, 0, t->columns * sizeof *cells);
    t->rows++;
    size_t i = 0;
    for (const struct jnode *c = jn_first(columns); c; c = jn_next(c), i++)
        if (!(cells[i] = fill_with(b, c, row, jn_str(c, "value", ""))))
            return false;
    return true;
}

/* A table without rows becomes its "empty" sentence; without such a sentence the rows are missing. */
static bool build_table(struct build *b, const struct jnode *block, struct block *to)
{
    const char *path = jn_str(block, "rows", "");
    const struct jnode *rows = jn_path(b->data, path);
    const char *empty = jn_str(block, "empty", NULL);
    if (jn_count(rows) == 0 && !empty)
        return fail_missing(b, block, path);
    if (jn_count(rows) == 0) {
        to->kind = BLOCK_TEXT;
        to->text = fill_with(b, block, NULL, empty);
        return to->text != NULL;
    }
    if (!kinds_read_columns(b->form, block, &to->table, b->e))
        return false;
    for (const struct jnode *row = jn_first(rows); row; row = jn_next(row))
        if (!add_row(b, block, &to->table, row))
            return false;
    return true;
}

static bool build_chart(struct build *b, const struct jnode *block, struct block *to)
{
    const char *path = jn_str(block, "value", "");
    const struct jnode *graph = jn_path(b->data, path);
    struct json *made = NULL;
    if (jn_is_null(graph)) {
        path = jn_str(block, "steps", path);
        if (jn_count(jn_path(b->data, path)) == 0)
            return fail_missing(b, block, path);
        made = chart_of_steps(jn_path(b->data, path));
        graph = json_root(made);
    }
    struct chart_size size = { .columns = b->page->columns, .chinese = true };
    to->text = chart_draw_sized(graph, size, b->e);
    json_free(&made);
    return to->text != NULL;
}

/* A QR code with Chinese in it is read as Japanese by half of the readers, and Code128 has no Chinese at
 * all. */
static bool check_code(struct build *b, const struct jnode *block, const char *text)
{
    for (const char *p = text; p && *p; p++)
        if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7E)
            return json_fail(b->form, block, b->e, _("a code may hold ASCII only"));
    return true;
}

static void read_look(const struct jnode *block, struct block *to)
{
    const char *align = jn_str(block, "align", to->kind == BLOCK_TITLE ? "center" : "left");
    to->align = kinds_align(align);
    to->bold = jn_bool(block, "bold", to->kind == BLOCK_TITLE);
    to->indent = jn_bool(block, "indent", false);
    to->size = (int)jn_int(block, "size", 0);
    to->lines = (int)jn_int(block, "lines", 1);
    const char *part = jn_str(block, "part", NULL);
    to->part = part ? xstrdup(part) : NULL;
}

static bool fill_block(struct build *b, const struct jnode *block, const struct kind_spec *spec,
                       struct block *to)
{
    read_look(block, to);
    if (spec->kind == BLOCK_TABLE)
        return build_table(b, block, to);
    if (spec->kind == BLOCK_CHART)
        return build_chart(b, block, to);
    if (!fill_member(b, block, spec->label, &to->label) || !fill_member(b, block, spec->text, &to->text)
        || !fill_member(b, block, spec->label2, &to->label2)
        || !fill_member(b, block, spec->text2, &to->text2))
        return false;
    if (spec->kind != BLOCK_BARCODE && spec->kind != BLOCK_QR && spec->kind != BLOCK_CODES)
        return true;
    if (jn_get(block, "caption") && !fill_member(b, block, "caption", &to->caption))
        return false;
    return check_code(b, block, to->text) && check_code(b, block, to->text2);
}

static bool is_set(const struct jnode *n)
{
    char scalar[64];
    if (jn_is_bool(n))
        return strcmp(jn_scalar(n, scalar, sizeof scalar), "true") == 0;
    if (jn_is_array(n) || jn_is_object(n))
        return jn_count(n) > 0;
    return jn_is_string(n) ? *jn_text(n) != '\0' : !jn_is_null(n);
}

static bool is_listed(const struct jnode *n, const struct jnode *list)
{
    char scalar[256], other[256];
    jn_scalar(n, scalar, sizeof scalar);
    for (const struct jnode *v = jn_first(list); v; v = jn_next(v))
        if (strcmp(jn_scalar(v, other, sizeof other), scalar) == 0)
            return true;
    return false;
}

/* "is" and "not" compare the value; without them the field only has to be set. */
static bool build_when(struct build *b, const struct jnode *when)
{
    const struct jnode *value = jn_path(b->data, jn_str(when, "field", ""));
    const struct jnode *is = jn_get(when, "is"), *is_not = jn_get(when, "not");
    bool holds = is ? is_listed(value, is) : is_not ? !is_listed(value, is_not) : is_set(value);
    const struct jnode *blocks = jn_get(when, holds ? "blocks" : "else");
    if (!blocks)
        return true;
    if (b->depth == FORM_MAX_DEPTH)
        return json_fail(b->form, when, b->e, _("nested too deeply"));
    b->depth++;
    bool ok = build_blocks(b, blocks);
    b->depth--;
    return ok;
}

static bool build_block(struct build *b, const struct jnode *block)
{
    if (kinds_is_when(block))
        return build_when(b, block);
    const struct kind_spec *spec = kinds_find(jn_str(block, "kind", ""));
    if (!spec)
        return json_fail(b->form, block, b->e, _("\"%s\" is no kind of block"), jn_str(block, "kind", ""));
    struct block *to = add_block(b, block, spec->kind);
    return to && fill_block(b, block, spec, to);
}

static bool build_blocks(struct build *b, const struct jnode *blocks)
{
    for (const struct jnode *block = jn_first(blocks); block; block = jn_next(block))
        if (!build_block(b, block))
            return false;
    return true;
}

/* The copy's number and the file name come from the data, whatever the form shows. */
static void read_head(struct build *b)
{
    const struct jnode *root = json_root(b->form);
    struct page *p = b->page;
    const char *number = jn_str(b->data, "number", NULL);
    if (!number)
        number = jn_str(b->data, "item_code", jn_str(b->data, "code", ""));
    p->document = xstrdup(jn_str(root, "id", "document"));
    p->title = xstrdup(jn_str(jn_get(root, "title"), "zh", jn_str(root, "id", "")));
    p->number = xstrdup(number);
    p->mark = xstrdup(jn_str(b->data, "mark", ""));
    p->copy = jn_int(b->data, "copy_no", 1);
    p->paper = strcmp(jn_str(root, "paper", "a4"), "a5") == 0 ? PAPER_A5 : PAPER_A4;
    long long columns = jn_int(root, "columns", 64);
    p->columns = columns < 24 ? 24 : columns > 200 ? 200 : (int)columns;
}

struct page *page_build_from(const struct json *form, const struct jnode *data, struct err *e)
{
    struct page *p = xcalloc(1, sizeof *p);
    struct build b = { .form = form, .data = data, .page = p, .e = e };
    read_head(&b);
    const struct jnode *blocks = jn_get(json_root(form), "blocks");
    bool ok = jn_is_array(blocks) ? build_blocks(&b, blocks)
                                  : json_fail(form, json_root(form), e, _("\"blocks\" is expected"));
    if (!ok || !parts_check(form, p->blocks, p->count, e))
        page_free(&p);
    return p;
}

static bool plain_name(const char *document)
{
    size_t n = strlen(document);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)document[i];
        if (!islower(c) && !isdigit(c) && c != '_')
            return false;
    }
    return n > 0 && n < 64;
}

struct page *page_build(const char *document, const struct jnode *data, struct err *e)
{
    char name[128], path[1024];
    if (!plain_name(document)) {
        err_set(e, ERR_INPUT, _("%s: no such document"), document);
        return NULL;
    }
    snprintf(name, sizeof name, "forms/documents/%s.json", document);
    if (!paths_share(name, path, sizeof path, e))
        return NULL;
    struct json *form = json_load(path, e);
    struct page *p = form ? page_build_from(form, data, e) : NULL;
    json_free(&form);
    return p;
}

void page_free(struct page **page)
{
    struct page *p = *page;
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        free_block(&p->blocks[i]);
    free(p->blocks);
    free(p->document);
    free(p->title);
    free(p->number);
    free(p->mark);
    free(p);
    *page = NULL;
}
