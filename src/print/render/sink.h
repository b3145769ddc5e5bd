/* Where the bytes of a page go: for now a file. */
#ifndef GUITAI_RENDER_SINK_H
#define GUITAI_RENDER_SINK_H

#include "guitai/base/err.h"
#include "guitai/print/block.h"

#include <stddef.h>

/* The path for `to`: itself, or, when it ends in '/', <number>-<document>-<copy>.<suffix> in that folder,
 * which is made when missing (not its parents). */
bool sink_path(const struct page *p, const char *to, const char *suffix, char *out, size_t size,
               struct err *e);
/* Writes all or nothing (mode 0600: the page names a person). `digest` receives the SHA-256 of the bytes
 * in hex. */
bool sink_write(const char *path, const void *bytes, size_t n, char digest[65], struct err *e);

#endif
