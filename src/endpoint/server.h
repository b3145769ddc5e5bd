/* What the parts of a running endpoint share. One thread: whoever runs, runs alone. */
#ifndef GUITAI_ENDPOINT_SERVER_H
#define GUITAI_ENDPOINT_SERVER_H

#include "config.h"
#include "keys.h"
#include "limits.h"
#include "pool.h"

#include <stdbool.h>
#include <stddef.h>

struct client;
struct face;
struct MHD_Connection;

struct clients {
    struct client *head, *tail; /* by age */
    size_t count;
};

struct server {
    struct config config;
    struct keys *keys;
    unsigned generation; /* of `keys`: grows with each reload */
    struct limits limits;
    struct pool *pool;
    struct face *tls, *proxied; /* either may be NULL */
    struct clients clients;
    size_t bodies; /* bytes promised to bodies that are being read or worked on */
    bool stopping;
};

/* Reads `path`, opens what it says, and serves until SIGTERM or SIGINT: then it takes no new connection, finishes
 * what it has taken within SERVER_STOP_SECONDS, and returns true. False with `e` when it could not start. */
bool server_run(const char *path, struct err *e);

#define SERVER_STOP_SECONDS 15

#endif
