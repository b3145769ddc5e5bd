#include "guitai/base/err.h"

#include "guitai/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf may cut inside a character; the rest of such a character is taken away. */
static void trim_cut_character(char *text)
{
    size_t len = strlen(text);
    size_t i = 0;
    while (i < len) {
        uint32_t cp;
        size_t n = utf8_decode(text + i, len - i, &cp);
        if (cp == UTF8_BAD && len - i < UTF8_MAX) {
            text[i] = '\0';
            return;
        }
        i += n;
    }
}

/* A message may quote a file or another hall, and goes to a terminal. */
static void tidy(char *text)
{
    trim_cut_character(text);
    utf8_blank_controls(text, true);
}

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    if (!e)
        return false;
    err_reset(e);
    e->kind = kind;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->message, sizeof e->message, fmt, ap);
    va_end(ap);
    tidy(e->message);
    return false;
}

bool err_prefix(struct err *e, const char *name)
{
    if (!e || strncmp(e->message, name, strlen(name)) == 0)
        return false;
    char message[sizeof e->message];
    snprintf(message, sizeof message, "%s: %.*s", name, (int)sizeof message, e->message);
    snprintf(e->message, sizeof e->message, "%s", message);
    tidy(e->message);
    return false;
}

bool err_add(struct err *e, const char *more)
{
    if (!e)
        return false;
    size_t n = strlen(e->message);
    snprintf(e->message + n, sizeof e->message - n, ": %s", more);
    tidy(e->message);
    return false;
}

bool err_hint(struct err *e, const char *fmt, ...)
{
    if (!e)
        return false;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->hint, sizeof e->hint, fmt, ap);
    va_end(ap);
    tidy(e->hint);
    return false;
}

bool err_field(struct err *e, const char *field)
{
    if (e)
        snprintf(e->field, sizeof e->field, "%s", field ? field : "");
    return false;
}

void err_reset(struct err *e)
{
    if (e)
        memset(e, 0, sizeof *e);
}

int err_exit_status(const struct err *e)
{
    switch (e->kind) {
    case ERR_NONE: return 0;
    case ERR_INPUT: return 2;
    case ERR_RULE: return 3;
    case ERR_DENIED: return 4;
    case ERR_CONFLICT: return 5;
    case ERR_OFFLINE:
    case ERR_VERSION: return 6;
    case ERR_IO: return 7;
    case ERR_BUG: break;
    }
    return 70;
}
