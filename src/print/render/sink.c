#include "sink.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"

#include <ctype.h>
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Numbers and item codes are letters and digits; whatever else comes must not lead to another folder. */
static void safe_name(const char *text, char *out, size_t size)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        out[n++] = isalnum((unsigned char)*text) ? *text : '_';
    out[n] = '\0';
}

bool sink_path(const struct page *p, const char *to, const char *suffix, char *out, size_t size,
               struct err *e)
{
    char number[48];
    size_t len = strlen(to);
    if (len == 0)
        return err_set(e, ERR_INPUT, _("no place to print to"));
    if (to[len - 1] != '/') {
        int n = snprintf(out, size, "%s", to);
        return (n > 0 && (size_t)n < size) || err_set(e, ERR_INPUT, _("the path is too long"));
    }
    if (mkdir(to, 0700) != 0 && errno != EEXIST)
        return err_set(e, ERR_IO, _("%s: cannot be made: %s"), to, strerror(errno));
    safe_name(*p->number ? p->number : "page", number, sizeof number);
    int n = snprintf(out, size, "%s%s-%s-%lld.%s", to, number, p->document, p->copy, suffix);
    return (n > 0 && (size_t)n < size) || err_set(e, ERR_INPUT, _("the path is too long"));
}

bool sink_write(const char *path, const void *bytes, size_t n, char digest[65], struct err *e)
{
    char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, n);
    snprintf(digest, 65, "%s", hex);
    g_free(hex);
    return file_write(path, bytes, n, e);
}
