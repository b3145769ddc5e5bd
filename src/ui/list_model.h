/* The rows of one page of a list, copied out of a result, and the list file that says how they look. No
 * curses. */
#ifndef GUITAI_UI_LIST_MODEL_H
#define GUITAI_UI_LIST_MODEL_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/db/db.h"

#include <stddef.h>

#define LIST_MAX_COLUMNS 24
#define LIST_MAX_ROWS 200
#define LIST_MAX_PAGES 4096

enum list_format { LIST_TEXT, LIST_DATE, LIST_DATETIME, LIST_MONEY };

struct list_column {
    const char *name, *label; /* borrowed from the document */
    int width;                /* cells; 0: takes the rest */
    int min_screen;           /* shown only on a screen of so many columns */
    bool right;
    enum list_format format;
    const struct jnode *values; /* {"code": label} of coded values, or NULL; borrowed */
};

struct list_def {
    struct json *doc;
    const char *source, *colour, *empty;
    struct list_column column[LIST_MAX_COLUMNS];
    size_t columns;
    bool live, search;
};

/* Reads forms/lists/<id>.json; errors name file, line and path. */
bool list_def_load(struct list_def *d, const char *id, struct err *e);
void list_def_reset(struct list_def *d);
/* The letter drawn for a colour, so that colour never stands alone; "" when none. */
const char *list_def_mark(const struct list_def *d, const char *colour);
/* The authored key ("enter", "n"), or NULL. */
const struct jnode *list_def_key(const struct list_def *d, const char *key);

struct list_rows {
    size_t count, columns;
    char **names; /* columns */
    char **cells; /* count * columns; NULL: SQL null */
    bool more;    /* another page follows */
};

/* Copies at most `limit` rows; one more in `r` means that another page follows. */
void list_rows_take(struct list_rows *rows, const struct db_result *r, size_t limit);
void list_rows_reset(struct list_rows *rows);
/* "" for null and for an unknown column. */
const char *list_rows_get(const struct list_rows *rows, size_t row, const char *column);
/* The same in the user's language, where the source gives the column in both (i18n_column). */
const char *list_rows_words(const struct list_rows *rows, size_t row, const char *column);
/* As a person reads it: coded values by their label, dates with weekday when there is room, money with its
 * point. */
const char *list_format_value(const char *value, const struct list_column *column, int width, char *out,
                              size_t size);

#endif
