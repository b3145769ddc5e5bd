/* Where the data files are: forms, sql. One rule for the build tree and an installed program. */
#ifndef GUITAI_BASE_PATHS_H
#define GUITAI_BASE_PATHS_H

#include "guitai/base/err.h"

#include <stddef.h>

/* Path of `name` ("forms/menu.json", "sql/manifest") under GUITAI_SHARE, else the installed share folder.
 * Errors: ERR_IO naming what was looked for when it does not fit or cannot be read. */
bool paths_share(const char *name, char *out, size_t size, struct err *e);
/* Path of a sibling program ("guitai-print") in the folder of the running one, else on PATH. */
void paths_program(const char *name, char *out, size_t size);
/* This station's own folder (GUITAI_STATE, else XDG_STATE_HOME/guitai, else ~/.local/state/guitai), made with mode 0700
 * when missing, with `name` appended. */
bool paths_state(const char *name, char *out, size_t size, struct err *e);

#endif
