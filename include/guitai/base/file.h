/* Whole files with a cap. */
#ifndef GUITAI_BASE_FILE_H
#define GUITAI_BASE_FILE_H

#include "guitai/base/err.h"

#include <stddef.h>

/* Reads `path` ("-": standard input) into *out (NUL-terminated, owned by the caller), *len bytes. Refuses more than
 * `max` bytes. */
bool file_read(const char *path, size_t max, char **out, size_t *len, struct err *e);
/* Writes `n` bytes to a new file beside `path` and renames it into place, mode 0600. */
bool file_write(const char *path, const void *bytes, size_t n, struct err *e);

#endif
