/* Templates of document forms: "编号 {number}", "{date:promise_due}", "{window_name|—}".
 *
 * {path} is looked up in the table row first, then in the page's data; {path,path} takes the first that
 * has data; {filter:path} formats it (the table of filters is in fill.c); {path|text} gives `text` where
 * there is no data. "{{" is a brace. Base only. */
#ifndef GUITAI_PRINT_FILL_H
#define GUITAI_PRINT_FILL_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

struct fill {
    const struct jnode *data;
    const struct jnode *row;   /* inside of a table, or NULL */
    const struct jnode *words; /* the form's "words": wording that follows another value */
    const char *missing;     /* set by fill_text: the path without data, cut to `name` */
    char name[64];
};

/* The filled text, owned by the caller. NULL with fill->missing set when a path has no data; NULL with
 * fill->missing NULL and *e set on any other error (unknown filter, a value that the filter cannot read,
 * too long). Control, format and direction characters of the data are dropped; line feeds stay. */
char *fill_text(struct fill *f, const char *template, struct err *e) __attribute__((warn_unused_result));

/* Are the braces closed and the filters known? */
bool fill_check(const char *template, struct err *e);

#endif
