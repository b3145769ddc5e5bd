#include "guitai/base/json.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"
#include "json_place.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json {
    cJSON *root;
    char *text; /* as read, to find the line of a complaint; NULL for built documents */
    char *name;
};

/* A jnode is a cJSON item under a name of ours, so that cJSON's header stays in this file. */
static const cJSON *item(const struct jnode *n)
{
    return (const cJSON *)n;
}

static const struct jnode *node(const cJSON *i)
{
    return (const struct jnode *)i;
}

static int depth_of(const char *text, size_t len)
{
    int depth = 0, most = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"')
            in_string = true;
        else if (c == '{' || c == '[') {
            if (++depth > most)
                most = depth;
        } else if (c == '}' || c == ']')
            depth--;
    }
    return most;
}

/* As JSON means it: behind another backslash, a backslash is a letter like any. */
static bool names_nul(const char *text)
{
    for (const char *p = text; (p = strchr(p, '\\')) && p[1]; p += 2)
        if (strncmp(p + 1, "u0000", 5) == 0)
            return true;
    return false;
}

static bool acceptable(const char *text, size_t len, const char *name, struct err *e)
{
    if (len > JSON_MAX_BYTES)
        return err_set(e, ERR_INPUT, _("%s: larger than %u bytes"), name, JSON_MAX_BYTES);
    if (memchr(text, '\0', len) || names_nul(text))
        return err_set(e, ERR_INPUT, _("%s: contains a NUL character"), name);
    if (!utf8_valid(text, len))
        return err_set(e, ERR_INPUT, _("%s: is not valid UTF-8"), name);
    if (depth_of(text, len) > JSON_MAX_DEPTH)
        return err_set(e, ERR_INPUT, _("%s: nested deeper than %d levels"), name, JSON_MAX_DEPTH);
    return true;
}

struct json *json_parse(const char *text, size_t len, const char *name, struct err *e)
{
    char *copy = xstrndup(text, len);
    if (!acceptable(copy, len, name, e)) {
        free(copy);
        return NULL;
    }
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(copy, len + 1, &end, true);
    if (!root) {
        size_t at = end && end >= copy ? (size_t)(end - copy) : 0;
        char here[24];
        snprintf(here, sizeof here, "%.20s", copy + at);
        utf8_blank_controls(here, false);
        err_set(e, ERR_INPUT, _("%s:%d: not valid JSON here: %s"), name, json_line_at(copy, at),
                *here ? here : _("(end of the text)"));
        free(copy);
        return NULL;
    }
    struct json *doc = xcalloc(1, sizeof *doc);
    *doc = (struct json){ .root = root, .text = copy, .name = xstrdup(name) };
    return doc;
}

struct json *json_load(const char *path, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(path, JSON_MAX_BYTES, &text, &len, e))
        return NULL;
    struct json *doc = json_parse(text, len, path, e);
    free(text);
    return doc;
}

void json_free(struct json **doc)
{
    if (!*doc)
        return;
    cJSON_Delete((*doc)->root);
    free((*doc)->text);
    free((*doc)->name);
    free(*doc);
    *doc = NULL;
}

const struct jnode *json_root(const struct json *doc)
{
    return doc ? node(doc->root) : NULL;
}

/* Writes the path of `wanted` below `here` into s; false when it is not there. */
static bool path_to(const cJSON *here, const cJSON *wanted, struct str *s)
{
    if (here == wanted)
        return true;
    size_t mark = s->len, index = 0;
    for (const cJSON *c = here->child; c; c = c->next, index++) {
        if (cJSON_IsArray(here))
            str_addf(s, "[%zu]", index);
        else
            str_addf(s, ".%s", c->string);
        if (path_to(c, wanted, s))
            return true;
        s->len = mark;
        s->p[mark] = '\0';
    }
    return false;
}

bool json_fail(const struct json *doc, const struct jnode *at, struct err *e, const char *fmt, ...)
{
    char what[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    struct str path;
    str_init(&path, 512);
    str_add(&path, "$");
    int line = 1;
    if (at && path_to(doc->root, item(at), &path) && doc->text)
        line = json_line_of(doc->text, path.p);
    err_set(e, ERR_INPUT, "%s:%d: %s: %s", doc->name ? doc->name : "json", line, path.p, what);
    str_reset(&path);
    return false;
}

const struct jnode *jn_get(const struct jnode *n, const char *key)
{
    return n ? node(cJSON_GetObjectItemCaseSensitive(item(n), key)) : NULL;
}

const struct jnode *jn_path(const struct jnode *n, const char *path)
{
    char part[64];
    while (n && *path) {
        size_t len = strcspn(path, ".");
        if (len >= sizeof part)
            return NULL;
        memcpy(part, path, len);
        part[len] = '\0';
        n = jn_get(n, part);
        path += len + (path[len] == '.');
    }
    return n;
}

const struct jnode *jn_at(const struct jnode *n, size_t i)
{
    return n ? node(cJSON_GetArrayItem(item(n), (int)i)) : NULL;
}

size_t jn_count(const struct jnode *n)
{
    return n ? (size_t)cJSON_GetArraySize(item(n)) : 0;
}

const struct jnode *jn_first(const struct jnode *n)
{
    return n ? node(item(n)->child) : NULL;
}

const struct jnode *jn_next(const struct jnode *n)
{
    return n ? node(item(n)->next) : NULL;
}

const char *jn_key(const struct jnode *n)
{
    return n ? item(n)->string : NULL;
}

bool jn_is_object(const struct jnode *n)
{
    return cJSON_IsObject(item(n));
}

bool jn_is_array(const struct jnode *n)
{
    return cJSON_IsArray(item(n));
}

bool jn_is_string(const struct jnode *n)
{
    return cJSON_IsString(item(n));
}

bool jn_is_number(const struct jnode *n)
{
    return cJSON_IsNumber(item(n));
}

bool jn_is_bool(const struct jnode *n)
{
    return cJSON_IsBool(item(n));
}

bool jn_is_null(const struct jnode *n)
{
    return !n || cJSON_IsNull(item(n));
}

const char *jn_str(const struct jnode *n, const char *key, const char *fallback)
{
    const char *text = jn_text(jn_get(n, key));
    return text ? text : fallback;
}

long long jn_int(const struct jnode *n, const char *key, long long fallback)
{
    const cJSON *i = item(jn_get(n, key));
    return cJSON_IsNumber(i) && fabs(i->valuedouble) < 9e15 ? (long long)i->valuedouble : fallback;
}

bool jn_bool(const struct jnode *n, const char *key, bool fallback)
{
    const cJSON *i = item(jn_get(n, key));
    return cJSON_IsBool(i) ? cJSON_IsTrue(i) : fallback;
}

const char *jn_text(const struct jnode *n)
{
    return cJSON_GetStringValue(item(n));
}

double jn_number(const struct jnode *n)
{
    return cJSON_IsNumber(item(n)) ? item(n)->valuedouble : 0;
}

const char *jn_scalar(const struct jnode *n, char *out, size_t size)
{
    const cJSON *i = item(n);
    out[0] = '\0';
    if (cJSON_IsString(i))
        snprintf(out, size, "%s", i->valuestring);
    else if (cJSON_IsBool(i))
        snprintf(out, size, "%s", cJSON_IsTrue(i) ? "true" : "false");
    else if (cJSON_IsNumber(i) && i->valuedouble == floor(i->valuedouble) && fabs(i->valuedouble) < 9e15)
        snprintf(out, size, "%lld", (long long)i->valuedouble);
    else if (cJSON_IsNumber(i))
        snprintf(out, size, "%.15g", i->valuedouble);
    return out;
}

const char *jn_shown(const struct jnode *n, char *out, size_t size)
{
    const char *text = jn_text(n);
    return text ? text : jn_scalar(n, out, size);
}

const char *jn_words(const struct jnode *row, const char *name, char *out, size_t size)
{
    char column[128];
    const char *words = jn_shown(jn_get(row, i18n_column(name, column, sizeof column)), out, size);
    return *words ? words : jn_shown(jn_get(row, name), out, size);
}

const char *jn_label(const struct jnode *n)
{
    const char *plain = jn_text(n);
    return plain ? plain : i18n_pick(jn_str(n, "zh", NULL), jn_str(n, "en", NULL));
}

static struct json *new_document(cJSON *root)
{
    if (!root)
        abort();
    struct json *doc = xcalloc(1, sizeof *doc);
    doc->root = root;
    return doc;
}

struct json *json_new_object(void)
{
    return new_document(cJSON_CreateObject());
}

struct json *json_new_array(void)
{
    return new_document(cJSON_CreateArray());
}

struct jnode *json_edit(struct json *doc)
{
    return (struct jnode *)doc->root;
}

/* Sets or replaces member `key`. */
static struct jnode *put(struct jnode *n, const char *key, cJSON *value)
{
    cJSON *object = (cJSON *)n;
    if (!value)
        abort();
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    cJSON_AddItemToObject(object, key, value);
    return (struct jnode *)value;
}

struct jnode *jn_set_object(struct jnode *n, const char *key)
{
    return put(n, key, cJSON_CreateObject());
}

struct jnode *jn_set_array(struct jnode *n, const char *key)
{
    return put(n, key, cJSON_CreateArray());
}

void jn_set_str(struct jnode *n, const char *key, const char *value)
{
    put(n, key, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void jn_set_int(struct jnode *n, const char *key, long long value)
{
    put(n, key, cJSON_CreateNumber((double)value));
}

void jn_set_bool(struct jnode *n, const char *key, bool value)
{
    put(n, key, cJSON_CreateBool(value));
}

void jn_set_copy(struct jnode *n, const char *key, const struct jnode *value)
{
    put(n, key, value ? cJSON_Duplicate(item(value), true) : cJSON_CreateNull());
}

struct jnode *jn_push_object(struct jnode *array)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray((cJSON *)array, object);
    return (struct jnode *)object;
}

void jn_push_str(struct jnode *array, const char *value)
{
    cJSON_AddItemToArray((cJSON *)array, cJSON_CreateString(value));
}

void jn_push_copy(struct jnode *array, const struct jnode *value)
{
    cJSON_AddItemToArray((cJSON *)array, value ? cJSON_Duplicate(item(value), true) : cJSON_CreateNull());
}

void jn_remove(struct jnode *n, const char *key)
{
    cJSON_DeleteItemFromObjectCaseSensitive((cJSON *)n, key);
}

struct json *json_clone(const struct jnode *n)
{
    return new_document(n ? cJSON_Duplicate(item(n), true) : cJSON_CreateNull());
}

char *jn_write(const struct jnode *n, bool pretty)
{
    if (!n)
        return xstrdup("null");
    char *text = pretty ? cJSON_Print(item(n)) : cJSON_PrintUnformatted(item(n));
    if (!text)
        abort();
    return text;
}

char *json_text(const struct json *doc, bool pretty)
{
    return jn_write(json_root(doc), pretty);
}
