#include "kinds.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <string.h>

static const struct kind_spec specs[] = {
    { "title", BLOCK_TITLE, "text", NULL, NULL, NULL },
    { "text", BLOCK_TEXT, "text", NULL, NULL, NULL },
    { "pair", BLOCK_PAIR, "value", NULL, "label", NULL },
    { "pairs2", BLOCK_PAIRS2, "value", "value2", "label", "label2" },
    { "rule", BLOCK_RULE, NULL, NULL, NULL, NULL },
    { "space", BLOCK_SPACE, NULL, NULL, NULL, NULL },
    { "table", BLOCK_TABLE, NULL, NULL, NULL, NULL },
    { "barcode", BLOCK_BARCODE, "value", NULL, NULL, NULL },
    { "qr", BLOCK_QR, "value", NULL, NULL, NULL },
    { "codes", BLOCK_CODES, "barcode", "qr", NULL, NULL },
    { "seal", BLOCK_SEAL, "text", NULL, NULL, NULL },
    { "chart", BLOCK_CHART, NULL, NULL, NULL, NULL },
};

const struct kind_spec *kinds_find(const char *name)
{
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
        if (strcmp(specs[i].name, name) == 0)
            return &specs[i];
    return NULL;
}

bool kinds_is_when(const struct jnode *block)
{
    return strcmp(jn_str(block, "kind", ""), "when") == 0;
}

enum block_align kinds_align(const char *word)
{
    return strcmp(word, "right") == 0 ? ALIGN_RIGHT : strcmp(word, "center") == 0 ? ALIGN_CENTER : ALIGN_LEFT;
}

bool kinds_read_columns(const struct json *form, const struct jnode *block, struct table *t, struct err *e)
{
    const struct jnode *columns = jn_get(block, "columns");
    size_t n = jn_count(columns), free_widths = 0;
    if (!jn_is_array(columns) || n == 0 || n > PAGE_MAX_COLUMNS)
        return json_fail(form, block, e, _("\"columns\": 1 to %d are expected"), PAGE_MAX_COLUMNS);
    for (const struct jnode *c = jn_first(columns); c; c = jn_next(c)) {
        struct table_column *to = &t->column[t->columns++];
        long long width = jn_int(c, "width", 0);
        to->label = xstrdup(jn_str(c, "label", ""));
        to->align = kinds_align(jn_str(c, "align", "left"));
        to->width = (int)width;
        free_widths += width == 0;
        if (!jn_is_string(jn_get(c, "value")) || width < 0 || width > 100)
            return json_fail(form, c, e,
                             _("a column has \"value\" and a \"width\" of 1 to 100 cells, or \"*\""));
    }
    if (free_widths > 1)
        return json_fail(form, columns, e, _("only one column may take the rest of the width"));
    return true;
}
