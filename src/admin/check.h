/* check-forms: what its files share. Complaints go to standard error, one line each: "file:line: path:
 * expected …". */
#ifndef GUITAI_ADMIN_CHECK_H
#define GUITAI_ADMIN_CHECK_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/entry/formdef.h"

struct check {
    const char *dir;              /* the folder forms/ */
    size_t files, errors;
    /* by name: {"in":[…],"defaults":n,"out":[…],"table":bool}; NULL without a database */
    const struct jnode *functions;
};

/* Counts and prints. Returns false. */
bool check_complain(struct check *c, const struct err *e);
/* json_fail() and check_complain() in one. Returns false. */
bool check_fail(struct check *c, const struct json *doc, const struct jnode *at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

enum check_shape { SHAPE_TEXT, SHAPE_LABEL, SHAPE_NUMBER, SHAPE_BOOL, SHAPE_OBJECT, SHAPE_ARRAY, SHAPE_ANY };
struct check_member {
    const char *name;
    enum check_shape shape;
    bool needed;
    const char *allowed; /* words that a text may be, separated by blanks; NULL: any */
};
/* Every member is known, has its shape, and none that is needed is missing. False when one is wrong. */
bool check_members(struct check *c, const struct json *doc, const struct jnode *n,
                   const struct check_member *members, size_t count);
/* A text that equals the file's name without .json. Whether it is a text at all, the check of the members tells. */
bool check_id(struct check *c, const struct json *doc, const char *path, const char *member);
/* Is there forms/<folder>/<id>.json? */
bool check_has_file(const struct check *c, const char *folder, const char *id);
/* A target of "open". */
bool check_open(struct check *c, const struct json *doc, const struct jnode *open);
/* Is `name` among the elements of the text array `list`? */
bool check_contains(const struct jnode *list, const char *name);

/* ---- check_list.c, check_item.c ---- */
void check_list(struct check *c, const struct json *doc, const char *path);
void check_menu(struct check *c, const struct json *doc, const char *path);
void check_item(struct check *c, const struct json *doc, const char *path);

/* ---- check_function.c: against the functions of a database ---- */

/* The functions of schema api as a document. Owner: the caller. NULL with `e`. */
struct json *check_function_read(struct err *e);
void check_function_entry(struct check *c, const struct formdef *form);
void check_function_list(struct check *c, const struct json *doc);

#endif
