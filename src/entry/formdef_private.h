/* What the three files that read form files share: formdef.c (the form and its references),
 * formdef_field.c (one field), formdef_member.c (which members an object may have). */
#ifndef ENTRY_FORMDEF_PRIVATE_H
#define ENTRY_FORMDEF_PRIVATE_H

#include "guitai/entry/formdef.h"

/* What a member may be. */
enum member_type {
    MEMBER_STRING = 1,
    MEMBER_LABEL = 2, /* a string, or {"zh":…,"en":…} */
    MEMBER_BOOL = 4,
    MEMBER_NUMBER = 8,
    MEMBER_ARRAY = 16,
    MEMBER_OBJECT = 32,
    MEMBER_NULL = 64
};

struct member {
    const char *name;
    unsigned types; /* of enum member_type */
    bool required;
};

/* Refuses a member that is not in the table (a typing error in a form must not pass as "no such wish"),
 * one of the wrong type, and one that is required and missing. */
bool formdef_check_members(const struct json *doc, const struct jnode *object, const struct member *table,
                           size_t n, struct err *e);
/* An object whose members are all strings. */
bool formdef_check_strings(const struct json *doc, const struct jnode *object, struct err *e);
/* Reads one field into `out` (zeroed by the caller), which owns what was read also on failure. */
bool formdef_read_field(const struct json *doc, const struct jnode *spec, struct fielddef *out,
                        struct err *e);
void formdef_free_field(struct fielddef *d);
/* Copies of the two languages of a label; either may become NULL. */
void formdef_take_label(const struct jnode *label, char **zh, char **en);

#endif
