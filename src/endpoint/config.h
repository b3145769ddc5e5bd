/* The settings of guitai-endpoint: one file of `name = value` lines. */
#ifndef GUITAI_ENDPOINT_CONFIG_H
#define GUITAI_ENDPOINT_CONFIG_H

#include "guitai/base/err.h"

#define CONFIG_PATH_MAX 1024
#define CONFIG_SOCKET_MAX 100 /* below what a socket's address holds */

struct config {
    char listen[128];                /* [ADDRESS:]PORT of the TLS face, or "" */
    char socket[CONFIG_PATH_MAX];    /* path of the face behind a proxy, or "" */
    char socket_group[64];           /* the proxy's group, or "" for the process's own */
    char certificate[CONFIG_PATH_MAX], key[CONFIG_PATH_MAX];
    char authority[CONFIG_PATH_MAX]; /* whose client certificates are accepted */
    char revoked[CONFIG_PATH_MAX];   /* revocation lists, or "" */
    int connections;                 /* of all peers together */
    int division_connections;        /* of one division */
    int division_rate;               /* requests of one division in a second */
    int database_connections;
    int request_seconds;             /* from a request's first byte to its last */
};

/* Reads `path`. Errors (ERR_INPUT, ERR_IO) name file and line. */
bool config_load(const char *path, struct config *c, struct err *e);
/* The same from memory; `name` starts every complaint. */
bool config_parse(const char *text, const char *name, struct config *c, struct err *e);

#endif
