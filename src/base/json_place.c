#include "json_place.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int json_line_at(const char *text, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

static const char *skip_blank(const char *p)
{
    while (*p && isspace((unsigned char)*p))
        p++;
    return p;
}

static const char *skip_string(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : p;
}

/* The text is valid JSON (it was parsed before), so brackets match and strings end. */
static const char *skip_value(const char *p)
{
    int depth = 0;
    for (p = skip_blank(p); *p; p++) {
        if (*p == '"') {
            p = skip_string(p) - 1;
            if (depth == 0)
                return p + 1;
        } else if (*p == '{' || *p == '[')
            depth++;
        else if (*p == '}' || *p == ']') {
            if (depth == 0)
                return p;
            if (--depth == 0)
                return p + 1;
        } else if (depth == 0 && *p == ',')
            return p;
    }
    return p;
}

/* From the '{' or '[' at p to member `name` / element `index`; NULL when absent. */
static const char *enter(const char *p, const char *name, size_t name_len, long index)
{
    bool object = *p == '{';
    if ((*p != '{' && *p != '[') || object != (name != NULL))
        return NULL;
    p = skip_blank(p + 1);
    for (long i = 0; *p && *p != '}' && *p != ']'; i++) {
        const char *key = p;
        if (object) {
            p = skip_string(p);
            bool match = (size_t)(p - key) == name_len + 2 && strncmp(key + 1, name, name_len) == 0;
            p = skip_blank(strchr(p, ':') + 1);
            if (match)
                return p;
        } else if (i == index)
            return p;
        p = skip_blank(skip_value(p));
        if (*p == ',')
            p = skip_blank(p + 1);
    }
    return NULL;
}

int json_line_of(const char *text, const char *path)
{
    const char *at = skip_blank(text);
    path++; /* $ */
    while (*path) {
        const char *next;
        if (*path == '[') {
            char *end;
            next = enter(at, NULL, 0, strtol(path + 1, &end, 10));
            path = *end == ']' ? end + 1 : end;
        } else {
            size_t len = strcspn(++path, ".[");
            next = enter(at, path, len, 0);
            path += len;
        }
        if (!next)
            break;
        at = next;
    }
    return json_line_at(text, (size_t)(at - text));
}
