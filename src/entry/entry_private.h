/* What the files of a form being filled in share. Only entry*.c include it.
 *
 *   entry.c          life, accessors          entry_key.c      keys
 *   entry_slot.c     the value of one field   entry_choice.c   choice fields
 *   entry_check.c    check, leave, submit     entry_focus.c    which field comes next
 *   entry_refresh.c  what follows from other fields: visible, kind, defaults, read-outs
 *   entry_request.c  questions to the database and what their answers do
 *   entry_splice.c   defaults; the chosen item's own fields
 *   entry_values.c   arguments, saved values */
#ifndef ENTRY_ENTRY_PRIVATE_H
#define ENTRY_ENTRY_PRIVATE_H

#include "checklist.h"
#include "field_type.h"
#include "guitai/base/str.h"
#include "guitai/entry/entry.h"

#define RECENT_MAX 9
#define SOURCE_MAX 4096 /* choices that a table function may list */
#define UNDO_MAX 32
#define MESSAGE_SIZE 1280
#define TEXT_MAX 4096 /* bytes of a read-out or note */

/* Who put the value that a field holds; what is stronger is not overwritten by what is weaker. */
enum slot_owner {
    OWNER_DEFAULT, /* the form: follows default_from */
    OWNER_ANSWER,  /* an answer of the database: replaced or taken back by the next one of the same field */
    OWNER_CLERK
};

/* One field of the form with its value. */
struct slot {
    const struct fielddef *def;
    enum field_kind kind; /* in force */
    bool visible;
    enum slot_owner owner;
    const struct slot *filler; /* whose answer filled it, with OWNER_ANSWER */
    bool typed;                /* keys changed it: lost when the form is left */
    struct textedit *edit;     /* text of a text-like field, search text of a choice; else NULL */
    char *value;               /* of the other kinds: code, yes/no, read-only text; never NULL */
    char *at_focus;            /* the value when the cursor came, for undo; NULL: not visited */
    char *shown, *readout, *note;
    char *alert; /* what others know of the value, in front of the read-out; NULL: nothing */
    bool warn;
    struct checklist list;
    struct json *source;    /* rows of the table function that lists the choices */
    struct choice *choices; /* made from `source` */
    size_t choice_count;
    struct json *loaded; /* answer of `load` */
    char *loaded_for;    /* the value that `loaded` belongs to, or NULL */
    char *looked_for;    /* the arguments of the last lookup, or NULL */
    bool trial;          /* a code that the list does not have: whether it exists, the load will tell */
};

struct ask {
    struct entry_request request;
    struct slot *slot;
    char *names[ENTRY_REQUEST_ARGS], *values[ENTRY_REQUEST_ARGS];
    char *about; /* the field's value when it was asked */
    bool handed;
};

/* What goes on when the answers are there. */
enum pending { PENDING_NONE, PENDING_ENTER, PENDING_TAB, PENDING_SUBMIT, PENDING_NEEDED };

/* How far the list of a choice is open: HINT shows the recent ones, but Enter does not take any. */
enum list_state { LIST_CLOSED, LIST_HINT, LIST_OPEN };

struct undo {
    struct slot *slot;
    char *value;
};

struct entry {
    const struct formdef *form;
    struct entry_env env;
    char *window;
    struct json *repeat, *chosen; /* what env points to */
    struct slot **slots;
    size_t slot_count;
    struct slot **visible;
    size_t visible_count;
    struct slot *focus; /* NULL only in a form without a field that takes keys */
    char message[MESSAGE_SIZE];
    bool is_error;
    bool resumed; /* holds values of a parked form */

    struct ask **asks;
    size_t ask_count;
    unsigned last_id;
    enum pending pending;
    bool jump; /* an answer filled fields: go to the first that still needs something */

    const struct choice **offered, **matches; /* of the choice with the focus */
    size_t offered_count, match_count, highlight;
    const struct choice *recent[RECENT_MAX];
    size_t recent_count;
    enum list_state list;

    struct fielddef *item_fields; /* of the spliced slots */
    size_t item_field_count;
    struct json *waiting; /* loaded values whose field is not there yet */
    bool repeating;       /* they are the last case's: a field that is never repeated does not take them */
    struct undo undo[UNDO_MAX];
    size_t undo_count;
    bool just_advanced, advanced_by_burst;

    struct entry_arg *args;
    size_t arg_count;
    char *extra;
};

/* entry_slot.c */
struct slot *slot_new(const struct fielddef *def);
void slot_free(struct slot **s);
/* The raw value: the text of an editor, a code, "yes"; a checklist's JSON. Valid until the slot changes. */
const char *slot_value(struct slot *s);
bool slot_empty(struct slot *s);
/* Puts a value (not checked); false when it does not fit or a checklist cannot be read. */
bool slot_put(struct slot *s, const char *value, enum slot_owner owner, struct err *e);
void slot_set_kind(struct slot *s, enum field_kind kind);
/* Characters the field can hold under its kind in force. */
size_t slot_max_chars(const struct slot *s);
bool slot_auto_advance(const struct slot *s);
struct slot *entry_slot(const struct entry *en, const char *id);
void replace_text(char **where, const char *text);

/* entry_message of a note or a complaint. entry_complain returns ENTRY_REFUSED. */
enum entry_effect entry_complain(struct entry *en, const struct err *e);
enum entry_effect entry_complain_text(struct entry *en, const char *text);
void entry_note(struct entry *en, const char *text);

/* entry_choice.c */
/* The choice with this code, preferring one that is offered now; NULL when there is none. */
const struct choice *choice_of(const struct entry *en, const struct slot *s, const char *code);
size_t choices_all(const struct slot *s, const struct choice **all);
const char *choice_name(const struct choice *c);
/* The authored choice or the table's row behind a choice. */
const struct jnode *choice_row(const struct slot *s, const struct choice *c);
bool choice_offered(const struct entry *en, const struct slot *s, const struct choice *c);
void choice_read_source(struct slot *s, const struct jnode *rows);
void choice_focus(struct entry *en); /* the focus came to, or the choices of, a choice field changed */
enum entry_effect choice_char(struct entry *en, uint32_t cp, bool from_paste);
/* ENTRY_NOTHING when the key is not one of a choice. */
enum entry_effect choice_key(struct entry *en, enum entry_key key);
/* Turns the search text into a value. True also when there is none. */
bool choice_settle(struct entry *en, struct slot *s, struct err *e);

/* entry_check.c */
enum leave { LEAVE_OK, LEAVE_WRONG, LEAVE_WAIT };
/* Shape of a value as it stands; changes nothing but the row cursor of a checklist. `strict`: emptiness
 * counts. */
bool slot_check(const struct entry *en, struct slot *s, bool strict, struct err *e);
/* Checks, normalises, asks what must be asked. */
enum leave entry_leave(struct entry *en, struct slot *s, bool strict, struct err *e);
enum entry_effect entry_go(struct entry *en, enum pending how);
/* Takes what is valid and moves; never blocks. */
void entry_leave_loosely(struct entry *en);

/* entry_focus.c */
bool slot_focusable(const struct slot *s);
/* Moves the cursor; a change of the field that is left can be undone afterwards. */
void entry_focus_slot(struct entry *en, struct slot *s);
bool entry_undo(struct entry *en);
/* Forgets what concerns a slot that goes away. */
void entry_forget_slot(struct entry *en, const struct slot *s);
struct slot *entry_next_slot(struct entry *en, const struct slot *from);
struct slot *entry_previous_slot(struct entry *en, const struct slot *from);
/* The first field after `from` (NULL: of the form) that still needs input; the last one when none does. */
struct slot *entry_needed_slot(struct entry *en, const struct slot *from);

/* entry_refresh.c */
void entry_refresh(struct entry *en);
void slot_refresh_readout(struct entry *en, struct slot *s);
bool condition_holds(const struct entry *en, const struct jnode *condition);
/* {key} from `answer`, else from the fields, else from any load answer. False when a key has no value. */
bool template_fill(const struct entry *en, const char *text, const struct jnode *answer, struct str *out);

/* entry_request.c */
void ask_choices(struct entry *en, struct slot *s);
/* True when an answer must be waited for. */
bool ask_load(struct entry *en, struct slot *s);
bool ask_lookup(struct entry *en, struct slot *s);
void ask_working_date(struct entry *en, struct slot *s, int days);
void ask_free_all(struct entry *en);
void ask_forget_slot(struct entry *en, const struct slot *s);
/* Fills fields from `answer` as {"field id":"answer key"} says: only empty ones, or those this field
 * filled before. `found` false takes those back. True when something was filled. */
bool entry_fill(struct entry *en, const struct slot *by, const struct jnode *fill, const struct jnode *answer,
                bool found);

/* entry_values.c */
void entry_place_waiting(struct entry *en);
/* Keeps a value for a field that is not there yet, unless one is kept already. */
void entry_keep_waiting(struct entry *en, const char *id, const char *value);
void entry_free_args(struct entry *en);

/* entry_splice.c */
void slot_put_default(struct entry *en, struct slot *s);
struct slot *entry_item_place(const struct entry *en);
/* Takes the fields; they replace those of the item chosen before. */
void entry_splice(struct entry *en, struct fielddef *fields, size_t count);

#endif
