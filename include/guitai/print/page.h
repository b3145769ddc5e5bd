/* A page: document form + data -> a list of blocks that every back end (text, PDF, later printers) draws.
 * Base only. The format of forms/documents: forms/documents/README.md. The blocks: guitai/print/block.h. */
#ifndef GUITAI_PRINT_PAGE_H
#define GUITAI_PRINT_PAGE_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

struct page;

/* Builds the page of forms/documents/<document>.json with `data`. A {key} without data, and a mandatory
 * part that is missing or does not say what the law wants said (行政许可法 38: reasons and remedies), is an
 * error that names the part: a paper with a hole is not printed. Owner: the caller. */
struct page *page_build(const char *document, const struct jnode *data, struct err *e)
    __attribute__((warn_unused_result));
struct page *page_build_from(const struct json *form, const struct jnode *data, struct err *e)
    __attribute__((warn_unused_result));
void page_free(struct page **p);
/* Plain text, UTF-8, `columns` cells wide (0: as the form says; 24 to 200); owned by the caller. Codes as
 * their value in brackets. A word or number longer than a line is broken, never cut off. */
char *page_text(const struct page *p, int columns, struct err *e) __attribute__((warn_unused_result));

/* Checks a document form without data (`guitai-admin check-forms`): block kinds, filters and columns
 * known, every mandatory part has a block. Errors name file, line and path. */
bool page_check_form(const struct json *form, struct err *e);

#endif
