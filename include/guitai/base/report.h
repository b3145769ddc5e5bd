/* What commands say: one line for an error, columns for a list. For programs without a screen. */
#ifndef GUITAI_BASE_REPORT_H
#define GUITAI_BASE_REPORT_H

#include "guitai/base/err.h"

#include <stddef.h>
#include <stdio.h>

/* "program: field: message (law). hint" on standard error. Returns err_exit_status(e). */
int report_error(const char *program, const struct err *e);

/* The end of a command: all that was printed must be out. Returns `status`, or 7 after a line on standard error when it
 * is 0 and something is not (a full disk, a closed pipe). */
int report_output(const char *program, int status);

/* A table in columns of terminal cells: two cells between columns, no trailing blanks, a wide character counts two. */
struct report_table;
#define REPORT_MAX_COLUMNS 16

/* The first row are the headings. `columns` is at most REPORT_MAX_COLUMNS. */
struct report_table *report_table_new(size_t columns);
/* Adds the next cell, row by row; NULL is an empty cell. Copies; control characters become blanks. */
void report_table_add(struct report_table *t, const char *text);
void report_table_print(const struct report_table *t, FILE *out);
void report_table_free(struct report_table **t);

#endif
