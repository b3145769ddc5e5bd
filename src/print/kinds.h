/* What a document form may hold: the block kinds with their members, shared by building and checking. Base
 * only. */
#ifndef GUITAI_PRINT_KINDS_H
#define GUITAI_PRINT_KINDS_H

#include "guitai/base/json.h"
#include "guitai/print/block.h"

#define FORM_MAX_DEPTH 6 /* "when" inside of "when" */

/* Names of the members that are templates; NULL: the kind has no such member. */
struct kind_spec {
    const char *name;
    enum block_kind kind;
    const char *text, *text2, *label, *label2;
};

/* NULL when unknown ("when" is not a block: it chooses among blocks). */
const struct kind_spec *kinds_find(const char *name);
bool kinds_is_when(const struct jnode *block);
/* "left", "center" or "right"; anything else is left. */
enum block_align kinds_align(const char *word);

/* Reads the columns of a table block into `t` (labels owned by t). Errors name the place. */
bool kinds_read_columns(const struct json *form, const struct jnode *block, struct table *t, struct err *e);

#endif
