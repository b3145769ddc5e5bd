/* One row per kind of field: which characters it takes, what it checks, what stands beside it.
 *
 * Shape only: length, characters, check digit, date. Whether a value is lawful is decided in the database.
 * Pure functions; nothing here knows of other fields, of focus or of a screen. */
#ifndef ENTRY_FIELD_TYPE_H
#define ENTRY_FIELD_TYPE_H

#include "guitai/base/date.h"
#include "guitai/base/str.h"
#include "guitai/entry/formdef.h"

#include <stdint.h>

#define FIELD_KIND_COUNT (FIELD_ITEM_FIELDS + 1)

/* Answers of field_accept beside a code point. */
#define FIELD_CHAR_REFUSED 0u
#define FIELD_CHAR_DROPPED                                                                                   \
    0xFFFFFFFFu /* belongs to no value but is no mistake: blanks in a pasted number                          \
                 */

struct field_type {
    const char *name;
    int width;                        /* cells, unless the form says otherwise */
    size_t max_chars;                 /* code points, likewise */
    bool text;                        /* typed with an editor and stored as typed */
    bool fixed;                       /* max_chars is the kind's own; a form cannot change it */
    bool repeat, auto_advance, upper; /* defaults */
};

/* Never NULL. */
const struct field_type *field_type_of(enum field_kind kind);

/* Characters that a field takes when `kind` is in force: the form's own limit, unless the kind has a fixed
 * one or the limit is only the default of another kind. */
size_t field_max_chars(enum field_kind kind, const struct fielddef *d);

/* The code point to insert for a typed `cp` (folded width, upper case, name separator), or one of the two
 * answers above. `before` is the code point before the cursor, 0 at the start. */
uint32_t field_accept(enum field_kind kind, const struct fielddef *d, uint32_t cp, uint32_t before);
/* Which characters the field takes, as a sentence for the message line. */
const char *field_accept_hint(enum field_kind kind, const struct fielddef *d);

struct field_value {
    char *normal; /* the stored form, owned by the caller; NULL on error */
    int working;  /* working days after today that only the database can count ("+5w"), else 0 */
};

/* Checks a text-like kind. An empty text is an error only when the field is mandatory. The normal form of
 * a date with working days is today's. */
bool field_check(enum field_kind kind, const struct fielddef *d, const char *text, struct date today,
                 struct field_value *out, struct err *e);
/* Empty text in a mandatory field. Returns false. */
bool field_missing(const struct fielddef *d, struct err *e);

/* What the read-out `name` ("citizen", "credit", "weekday") says of a value: appended to `out`, nothing
 * when the value is not valid. *warn when it needs a look. */
void field_readout(const char *name, const char *value, struct str *out, bool *warn);
/* The read-out of a kind when the form names none; NULL: none. */
const char *field_default_readout(enum field_kind kind);

#endif
