/* JSON documents: parsing with a place for every complaint, reading, building.
 *
 * The only user of cJSON. A `struct json` owns a document; a `struct jnode` is
 * borrowed from it and lives as long as it. Caps: JSON_MAX_BYTES and JSON_MAX_DEPTH. */
#ifndef GUITAI_BASE_JSON_H
#define GUITAI_BASE_JSON_H

#include "guitai/base/err.h"

#include <stddef.h>

#define JSON_MAX_BYTES (4u << 20)
#define JSON_MAX_DEPTH 64

struct json;
struct jnode;

/* Parses `len` bytes. `name` (file name or "answer") starts every complaint. NULL on error:
 * "name:line: …". A NUL inside a string, invalid UTF-8, too deep or too large is an error.
 * Owner of the document: the caller. */
struct json *json_parse(const char *text, size_t len, const char *name, struct err *e)
    __attribute__((warn_unused_result));
/* Reads and parses a file. */
struct json *json_load(const char *path, struct err *e) __attribute__((warn_unused_result));
void json_free(struct json **doc);
const struct jnode *json_root(const struct json *doc);

/* Complains about `at`: "file:line: $.fields[2].kind: expected …". Returns false. */
bool json_fail(const struct json *doc, const struct jnode *at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Reading. `n` may be NULL everywhere (gives NULL / the default / 0), so that paths can be chained. */
const struct jnode *jn_get(const struct jnode *n, const char *key);
/* Dotted path: "case.number". */
const struct jnode *jn_path(const struct jnode *n, const char *path);
const struct jnode *jn_at(const struct jnode *n, size_t i);
size_t jn_count(const struct jnode *n);
/* Iteration over the members of an object or array: first child, next sibling, member name. */
const struct jnode *jn_first(const struct jnode *n);
const struct jnode *jn_next(const struct jnode *n);
const char *jn_key(const struct jnode *n);
bool jn_is_object(const struct jnode *n);
bool jn_is_array(const struct jnode *n);
bool jn_is_string(const struct jnode *n);
bool jn_is_number(const struct jnode *n);
bool jn_is_bool(const struct jnode *n);
bool jn_is_null(const struct jnode *n); /* JSON null, or n == NULL */
/* Borrowed text of member `key`; `fallback` when absent or not a string. */
const char *jn_str(const struct jnode *n, const char *key, const char *fallback);
long long jn_int(const struct jnode *n, const char *key, long long fallback);
bool jn_bool(const struct jnode *n, const char *key, bool fallback);
/* The node's own text (strings only), NULL otherwise; and its own number, 0 otherwise. */
const char *jn_text(const struct jnode *n);
double jn_number(const struct jnode *n);
/* Any scalar as text into `out` (numbers without a needless fraction, true/false, "" for null and others; a text that
 * does not fit is cut). Returns out. */
const char *jn_scalar(const struct jnode *n, char *out, size_t size);
/* The same, whatever its length: a text is borrowed from the node, everything else written into `out` (24 bytes do). */
const char *jn_shown(const struct jnode *n, char *out, size_t size);
/* jn_shown of member `name` of a row, in the user's language where the row has it twice (i18n_column). */
const char *jn_words(const struct jnode *row, const char *name, char *out, size_t size);
/* A label {"zh":…,"en":…} or a plain string in the user's language; "" when absent. Borrowed. */
const char *jn_label(const struct jnode *n);

/* Building. The nodes returned belong to the document. */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct jnode *json_edit(struct json *doc);
struct jnode *jn_set_object(struct jnode *n, const char *key);
struct jnode *jn_set_array(struct jnode *n, const char *key);
/* value NULL writes null. */
void jn_set_str(struct jnode *n, const char *key, const char *value);
void jn_set_int(struct jnode *n, const char *key, long long value);
void jn_set_bool(struct jnode *n, const char *key, bool value);
/* A deep copy of `value` (NULL writes null). */
void jn_set_copy(struct jnode *n, const char *key, const struct jnode *value);
struct jnode *jn_push_object(struct jnode *array);
void jn_push_str(struct jnode *array, const char *value);
void jn_push_copy(struct jnode *array, const struct jnode *value);
void jn_remove(struct jnode *n, const char *key);
/* A new document holding a deep copy of `n`. */
struct json *json_clone(const struct jnode *n) __attribute__((warn_unused_result));
/* Serialised text, owned by the caller (free). `pretty` indents for people. */
char *json_text(const struct json *doc, bool pretty) __attribute__((warn_unused_result));
char *jn_write(const struct jnode *n, bool pretty) __attribute__((warn_unused_result));

#endif
