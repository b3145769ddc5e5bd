/* A form being filled in: values, focus, checks, what is shown. Knows neither screen nor database.
 *
 * The screen feeds keys and draws what the accessors say. What only the database can tell is asked through
 * entry_next_request() and given back with entry_answer(): the caller holds further keys until then
 * (type-ahead), so that blind typing never runs into the wrong field. A field that must ask keeps the cursor
 * until the answer is there; then the form goes on by itself with what the key began (next field, submit).
 *
 * Strings that accessors return belong to the entry and live until the next call that changes it. May
 * include of guitai only base and entry. */
#ifndef GUITAI_ENTRY_ENTRY_H
#define GUITAI_ENTRY_ENTRY_H

#include "guitai/base/date.h"
#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/entry/formdef.h"
#include "guitai/entry/textedit.h"

#include <stddef.h>
#include <stdint.h>

struct entry;

/* Keys as the form understands them; characters are ENTRY_CHAR with a code point. */
enum entry_key {
    ENTRY_CHAR,  /* '\n' begins a new line in a multi-line field */
    ENTRY_ENTER, /* field exit: check, go on; on the last field: submit */
    ENTRY_NEXT,
    ENTRY_PREVIOUS, /* Tab, Shift-Tab: move (checks shape, never blocks going back) */
    ENTRY_UP,
    ENTRY_DOWN,
    ENTRY_LEFT,
    ENTRY_RIGHT,
    ENTRY_WORD_LEFT,
    ENTRY_WORD_RIGHT,
    ENTRY_HOME,
    ENTRY_END,
    ENTRY_BACKSPACE,
    ENTRY_DELETE,
    ENTRY_DELETE_WORD,
    ENTRY_CLEAR_TO_END,
    ENTRY_CLEAR,
    ENTRY_REPEAT, /* F6: same field of the last case; ENTRY_REPEAT_ALL: all following fields */
    ENTRY_REPEAT_ALL,
    ENTRY_CHOOSE, /* F4: open/close the list of a choice */
    ENTRY_UNDO,   /* takes back the last change of a field's value */
    ENTRY_SUBMIT, /* F9 from any field: check all, jump to the first that is wrong */
    ENTRY_CLOSE   /* Esc: closes the list of a choice and drops its search; else nothing */
};

enum entry_effect {
    ENTRY_NOTHING, /* the key means nothing here */
    ENTRY_CHANGED, /* redraw the current field only */
    ENTRY_MOVED,   /* redraw the form */
    ENTRY_REFUSED, /* entry_message() says why; beep; the cursor may have gone to the guilty field: redraw the
                      form */
    ENTRY_READY    /* all checks passed: read the arguments with entry_args() and call the function */
};

struct entry_env {
    struct date today;
    const char *window;              /* "@station.window", or NULL */
    const struct jnode *repeat_from; /* values of the last case by field id (F6), or NULL; copied */
    const struct jnode *recent;      /* {"field id": ["code", …]} last nine chosen, or NULL; copied */
};

/* `form` must outlive the entry. */
struct entry *entry_new(const struct formdef *form, const struct entry_env *env);
void entry_free(struct entry **en);

/* Keys. `from_paste` marks characters of a bracketed paste or a scanner burst: pure data, never commands
 * such as ? or the digits that choose. */
enum entry_effect entry_key(struct entry *en, enum entry_key key, uint32_t cp, bool from_paste);
/* The one message line: last complaint or note ("separator · corrected"); "" when none. `is_error` may be
 * NULL. */
const char *entry_message(const struct entry *en, bool *is_error);
/* A refusal of the database: puts the cursor on e->field when the form has it, shows e->message. */
void entry_refuse(struct entry *en, const struct err *e);

/* The fields as shown now: only visible ones, the item's own spliced in, 0 … entry_count()-1. */
size_t entry_count(const struct entry *en);
size_t entry_focus(const struct entry *en);
void entry_set_focus(struct entry *en, size_t i);
const struct fielddef *entry_def(const struct entry *en, size_t i);
/* The kind in force (kind_from may change it). */
enum field_kind entry_kind(const struct entry *en, size_t i);
/* Stored value (code of a choice, ISO date, …), UTF-8; and what is drawn in the field when it has no
 * focus. */
const char *entry_value(const struct entry *en, size_t i);
const char *entry_shown(const struct entry *en, size_t i);
/* What others know of a field's value: stands in front of the text beside it and warns, till it is set anew ("": nothing).
 * A field that the form does not have is left alone. */
void entry_alert(struct entry *en, const char *field, const char *text);
/* Text beside the field: sex and birth date, limits, lookup note; "" when none. *warn when it needs a
 * look. */
const char *entry_readout(const struct entry *en, size_t i, bool *warn);
/* The editor behind a text-like field or the search text of a choice; NULL for others. */
const struct textedit *entry_editor(const struct entry *en, size_t i);
/* May the cursor stand in it? (read-only fields and empty checklists: no) */
bool entry_focusable(const struct entry *en, size_t i);
/* Cells of a row of a multi-line field as it is drawn, for up and down; until told: the form's width. */
void entry_set_wrap(struct entry *en, size_t i, int cells);
/* A choice field with focus: the matching choices, best first, and which is highlighted (the count: none
 * is, Enter takes none). The list is open by F4, while a search is typed, and in an empty field that
 * offers recent choices. */
size_t entry_matches(const struct entry *en, const struct choice *const **out, size_t *highlight);
bool entry_list_open(const struct entry *en);
/* How many of the first matches can be chosen with the digits 1-9 now. */
size_t entry_recent_count(const struct entry *en);
/* Checklist rows of field i. */
struct check_row {
    int no;
    char *name;
    const char *form;  /* wanted: original, copy, check, electronic */
    const char *state; /* "" (missing), original, copy, checked, electronic */
    bool mandatory;
    int copies;
};
size_t entry_rows(const struct entry *en, size_t i, const struct check_row **rows, size_t *cursor);

/* Anything typed that would be lost? */
bool entry_dirty(const struct entry *en);

/* What the database must be asked, if anything: an api function with arguments. */
enum entry_request_kind { ENTRY_ASK_LOOKUP, ENTRY_ASK_LOAD, ENTRY_ASK_CHOICES, ENTRY_ASK_WORKING_DATE };
#define ENTRY_REQUEST_ARGS 6
struct entry_request {
    unsigned id;
    enum entry_request_kind kind;
    const char *function;
    const char *names[ENTRY_REQUEST_ARGS]; /* borrowed until the answer */
    const char *values[ENTRY_REQUEST_ARGS];
    size_t count;
    bool hold_keys; /* keys typed meanwhile wait for the answer */
};
/* True and *out filled when there is something to ask that was not handed out yet. */
bool entry_next_request(struct entry *en, struct entry_request *out);
/* The answer to request `id`: its JSON (for ENTRY_ASK_CHOICES an array of row objects); NULL with `e` when
 * it failed (the message is shown, nothing typed is lost). An answer that was overtaken by a newer
 * question is ignored. The effect may be ENTRY_READY: a submit that waited for this answer has passed. */
enum entry_effect entry_answer(struct entry *en, unsigned id, const struct jnode *answer,
                               const struct err *e);

/* The arguments of the form's function: one per param (NULL text: SQL null), p_extra gathered. Owned by
 * the entry until the next call. */
struct entry_arg {
    const char *name;
    const char *value;
};
size_t entry_args(struct entry *en, const struct entry_arg **out);
/* All values by field id, for a parked form, F6 of the next case, and scripts; and back (unknown ids are
 * an error that names them; the other values are taken all the same). entry_load_values is also how
 * `guitai case accept --form` fills the same form. Values of the item's own fields and of a checklist wait
 * for the item's detail; the cursor goes to the first field that needs input. Passwords and the station's
 * own values are not saved. */
struct json *entry_save_values(const struct entry *en) __attribute__((warn_unused_result));
bool entry_load_values(struct entry *en, const struct jnode *values, struct err *e);
/* The same for what the opener of the form knows (case number, `sl 0213`): does not make the form dirty. */
bool entry_preset(struct entry *en, const struct jnode *values, struct err *e);
/* Back to saved values, fields that were empty emptied again: a scan that was meant for another screen is
 * taken out. The cursor stays and nothing is asked. */
void entry_restore(struct entry *en, const struct jnode *values);
/* When all requests are answered: false, naming them, if loaded values found no field of the form or of the
 * item (a script's typing error). */
bool entry_values_placed(const struct entry *en, struct err *e);

#endif
