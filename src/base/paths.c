#include "guitai/base/paths.h"

#include "guitai/base/i18n.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *env_or(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return value && *value ? value : fallback;
}

bool paths_share(const char *name, char *out, size_t size, struct err *e)
{
    int n = snprintf(out, size, "%s/%s", env_or("GUITAI_SHARE", GUITAI_SHARE_DIR), name);
    if (n < 0 || (size_t)n >= size)
        return err_set(e, ERR_IO, _("the path of %s is too long"), name);
    if (access(out, R_OK) != 0) {
        err_set(e, ERR_IO, _("%s: cannot be read: %s"), out, strerror(errno));
        return err_hint(e, "%s", _("set GUITAI_SHARE to the folder that holds forms and sql"));
    }
    return true;
}

void paths_program(const char *name, char *out, size_t size)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        if (slash) {
            *slash = '\0';
            int len = snprintf(out, size, "%s/%s", self, name);
            if (len > 0 && (size_t)len < size && access(out, X_OK) == 0)
                return;
        }
    }
    snprintf(out, size, "%s", name);
}

static bool make_folders(char *path, struct err *e)
{
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        int rc = mkdir(path, 0700);
        *p = '/';
        if (rc != 0 && errno != EEXIST)
            return err_set(e, ERR_IO, _("%s: cannot be made: %s"), path, strerror(errno));
    }
    return true;
}

bool paths_state(const char *name, char *out, size_t size, struct err *e)
{
    const char *own = getenv("GUITAI_STATE"), *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n;
    if (own && *own)
        n = snprintf(out, size, "%s/%s", own, name);
    else if (xdg && *xdg)
        n = snprintf(out, size, "%s/guitai/%s", xdg, name);
    else if (home && *home)
        n = snprintf(out, size, "%s/.local/state/guitai/%s", home, name);
    else /* a folder that everybody can write is no place for it */
        return err_set(e, ERR_IO, _("there is no home folder for %s: set HOME or GUITAI_STATE"), name);
    if (n < 0 || (size_t)n >= size)
        return err_set(e, ERR_IO, _("the path of %s is too long"), name);
    return make_folders(out, e);
}
