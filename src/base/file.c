#include "guitai/base/file.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, const char *path, struct str *s, struct err *e)
{
    char chunk[8192];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, ERR_IO, _("%s: cannot be read: %s"), path, strerror(errno));
        if (n == 0)
            return true;
        if (!str_add_n(s, chunk, (size_t)n))
            return err_set(e, ERR_INPUT, _("%s: larger than %zu bytes"), path, s->max);
    }
}

bool file_read(const char *path, size_t max, char **out, size_t *len, struct err *e)
{
    bool standard_input = strcmp(path, "-") == 0;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_IO, _("%s: cannot be opened: %s"), path, strerror(errno));
    struct str s;
    str_init(&s, max);
    bool ok = read_all(fd, path, &s, e);
    if (!standard_input)
        close(fd);
    if (!ok) {
        str_reset(&s);
        return false;
    }
    *len = s.len;
    *out = str_steal(&s);
    return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return false;
        p += w;
        n -= (size_t)w;
    }
    return true;
}

bool file_write(const char *path, const void *bytes, size_t n, struct err *e)
{
    char *temporary = xasprintf("%s.%ld.part", path, (long)getpid());
    bool ok = false;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(e, ERR_IO, _("%s: cannot be written: %s"), path, strerror(errno));
        goto out;
    }
    ok = write_all(fd, bytes, n) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, path) == 0;
    if (!ok) {
        err_set(e, ERR_IO, _("%s: cannot be written: %s"), path, strerror(errno));
        unlink(temporary);
    }
out:
    free(temporary);
    return ok;
}
