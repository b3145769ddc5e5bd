/* Secrets of 32 random bytes as 64 hex digits: in files only, never on a command line. */
#include "admin.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SECRET_FILE_MAX 4096

bool secret_read(const char *file, char *out, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(file, SECRET_FILE_MAX, &text, &len, e))
        return false;
    size_t n = strcspn(text, "\r\n");
    bool ok = n == SECRET_HEX;
    for (size_t i = 0; ok && i < n; i++)
        ok = isxdigit((unsigned char)text[i]);
    if (ok) {
        memcpy(out, text, SECRET_HEX);
        out[SECRET_HEX] = '\0';
    }
    wipe(text, len);
    free(text);
    return ok ? true : err_set(e, ERR_INPUT, _("%s: the first line is no secret of %d hex digits"), file, SECRET_HEX);
}

static bool fill(char *out, struct err *e)
{
    unsigned char bytes[SECRET_HEX / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return err_set(e, ERR_BUG, _("the system gives no random numbers"));
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    wipe(bytes, sizeof bytes);
    return true;
}

bool secret_make(const char *file, char *out, struct err *e)
{
    if (!fill(out, e))
        return false;
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(e, ERR_IO, _("%s: cannot be made: %s"), file, strerror(errno));
    bool ok = write(fd, out, SECRET_HEX) == SECRET_HEX && write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    return ok ? true : err_set(e, ERR_IO, _("%s: cannot be written: %s"), file, strerror(errno));
}
