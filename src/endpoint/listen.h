/* Sockets to listen on. */
#ifndef GUITAI_ENDPOINT_LISTEN_H
#define GUITAI_ENDPOINT_LISTEN_H

#include "guitai/base/err.h"

/* `where`: PORT, ADDRESS:PORT or [IPV6]:PORT; without an address all of them. A descriptor that listens, or -1. */
int listen_port(const char *where, struct err *e);
/* A socket at `path`, mode 0660, of `group` unless "". One that a dead process left is replaced; a living one, or a file
 * of another kind, is an error. */
int listen_path(const char *path, const char *group, struct err *e);

#endif
