#include "config.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_MAX_BYTES (64u << 10)

struct setting {
    const char *name;
    size_t offset;
    size_t size;       /* of a text; 0: a number */
    int least, most;
};

#define TEXT(name) { #name, offsetof(struct config, name), sizeof(((struct config *)0)->name), 0, 0 }
#define NUMBER(name, least, most) { #name, offsetof(struct config, name), 0, least, most }

static const struct setting settings[] = {
    TEXT(listen),
    TEXT(socket),
    TEXT(socket_group),
    TEXT(certificate),
    TEXT(key),
    TEXT(authority),
    TEXT(revoked),
    NUMBER(connections, 1, 10000),
    NUMBER(division_connections, 1, 1000),
    NUMBER(division_rate, 1, 100000),
    NUMBER(database_connections, 1, 8),
    NUMBER(request_seconds, 1, 60),
};

static const struct setting *setting_of(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        s[--n] = '\0';
    return s;
}

static bool number(const struct setting *s, const char *value, struct config *c, const char *at, struct err *e)
{
    char *end;
    long n = strtol(value, &end, 10);
    if (end == value || *end || n < s->least || n > s->most)
        return err_set(e, ERR_INPUT, _("%s: %s is a number from %d to %d"), at, s->name, s->least, s->most);
    *(int *)((char *)c + s->offset) = (int)n;
    return true;
}

static bool take_line(char *line, const char *at, struct config *c, struct err *e)
{
    char *name = trim(line), *value = strchr(name, '=');
    if (*name == '\0' || *name == '#')
        return true;
    if (!value)
        return err_set(e, ERR_INPUT, _("%s: expected “name = value”"), at);
    *value++ = '\0';
    name = trim(name);
    value = trim(value);
    const struct setting *s = setting_of(name);
    if (!s)
        return err_set(e, ERR_INPUT, _("%s: there is no setting “%s”"), at, name);
    if (s->size == 0)
        return number(s, value, c, at, e);
    if (strlen(value) >= s->size)
        return err_set(e, ERR_INPUT, _("%s: %s is too long"), at, name);
    strcpy((char *)c + s->offset, value);
    return true;
}

static bool complete(const struct config *c, const char *name, struct err *e)
{
    if (!*c->listen && !*c->socket)
        return err_set(e, ERR_INPUT, _("%s: neither listen nor socket is given"), name);
    if (*c->listen && (!*c->certificate || !*c->key || !*c->authority))
        return err_set(e, ERR_INPUT, _("%s: listen needs certificate, key and authority"), name);
    if (strlen(c->socket) > CONFIG_SOCKET_MAX)
        return err_set(e, ERR_INPUT, _("%s: the path of the socket is longer than %d bytes"), name, CONFIG_SOCKET_MAX);
    return true;
}

bool config_parse(const char *text, const char *name, struct config *c, struct err *e)
{
    *c = (struct config){ .connections = 512,
                          .division_connections = 8,
                          .division_rate = 500,
                          .database_connections = 4,
                          .request_seconds = 10 };
    struct str line;
    str_init(&line, CONFIG_MAX_BYTES);
    bool ok = true;
    for (int n = 1; ok && *text; n++) {
        size_t len = strcspn(text, "\n");
        char at[CONFIG_PATH_MAX + 16];
        snprintf(at, sizeof at, "%s:%d", name, n);
        str_clear(&line);
        str_add_n(&line, text, len);
        ok = len == 0 || take_line(line.p, at, c, e);
        text += len + (text[len] == '\n');
    }
    str_reset(&line);
    return ok && complete(c, name, e);
}

bool config_load(const char *path, struct config *c, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(path, CONFIG_MAX_BYTES, &text, &len, e))
        return false;
    bool ok = config_parse(text, path, c, e);
    free(text);
    return ok;
}
