/* Form files: forms/entry/<id>.json read, checked and held in memory. The format: forms/README.md.
 *
 * A form owns its document and all strings; `spec` pointers borrow from the document. Everything that can
 * be wrong in a file is found here, with file, line, path and what was expected, so that entry.c never
 * meets a bad form. Knows neither screen nor database: whether `function` takes these arguments is checked
 * by guitai-admin check-forms. */
#ifndef GUITAI_ENTRY_FORMDEF_H
#define GUITAI_ENTRY_FORMDEF_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

#include <stddef.h>

#define FORMDEF_MAX_FIELDS 96
#define FORMDEF_MAX_CHOICES 512
#define FORMDEF_MAX_CHARS 4000 /* of one field */
#define FORMDEF_MAX_WIDTH 200  /* cells */

enum field_kind {
    FIELD_TEXT,
    FIELD_MULTILINE,
    FIELD_NUMBER,
    FIELD_MONEY,
    FIELD_DATE,
    FIELD_YESNO,
    FIELD_CHOICE,
    FIELD_CITIZEN,
    FIELD_CREDIT,
    FIELD_PHONE,
    FIELD_CHECKLIST,
    FIELD_READONLY,
    FIELD_ITEM_FIELDS /* place where the chosen item's own fields are spliced in */
};

enum field_script { SCRIPT_ANY, SCRIPT_HAN, SCRIPT_LATIN, SCRIPT_DIGITS };

struct choice {
    char *code, *zh, *en, *initials;
    char *extra; /* one line shown beside the choice, or NULL */
};

struct fielddef {
    char *id, *param; /* param "" is not sent */
    char *label_zh, *label_en, *help_zh, *help_en, *law, *examples;
    enum field_kind kind;
    enum field_script script;
    bool mandatory, repeat, upper, auto_advance, recent;
    bool skip;                   /* Enter and Tab pass over it while it holds a valid value */
    size_t min_chars, max_chars; /* code points */
    int width;                   /* cells of the input area */
    char *initial;               /* default as authored, or NULL */
    struct choice *choices;
    size_t choice_count;
    char *source;             /* api table function that lists the choices, or NULL */
    char *readout;            /* "citizen", "credit", "class_limits", "due", "weekday", or NULL */
    bool from_item;           /* spliced: sent inside p_extra */
    const struct jnode *spec; /* the authored object: show_when, kind_from, default_from, lookup, load,
                               * recognise, fill, text, choices; borrowed from the document */
};

struct formdef {
    char *id, *function, *title_zh, *title_en;
    bool print, again;
    struct fielddef *fields;
    size_t count;
    struct json *doc; /* owned */
};

/* True when there is a forms/entry/<id>.json. */
bool formdef_exists(const char *id);
/* Loads forms/entry/<id>.json from the share folder. Errors: "file:line: $.path: expected …" (ERR_INPUT). */
struct formdef *formdef_load(const char *id, struct err *e) __attribute__((warn_unused_result));
/* Takes ownership of `doc` also on failure. */
struct formdef *formdef_parse(struct json *doc, struct err *e) __attribute__((warn_unused_result));
void formdef_free(struct formdef **f);
/* Parses an item's own "fields" array into an array of `*count` fielddefs (from_item set), owned by the
 * caller; `doc` must outlive them. NULL with *count 0 when there are none; false on error. */
bool formdef_parse_fields(const struct json *doc, const struct jnode *array, struct fielddef **out,
                          size_t *count, struct err *e);
void formdef_free_fields(struct fielddef **fields, size_t count);
/* "text", "multiline", …; false when there is no such kind. */
bool field_kind_from_name(const char *name, enum field_kind *kind);
/* The field called `id`, or NULL. */
const struct fielddef *formdef_find(const struct formdef *f, const char *id);
/* Label in the user's language, "" when there is none. */
const char *fielddef_label(const struct fielddef *d);

#endif
