/* A place where peers connect: TLS on a port, or plain HTTP on a socket that only a proxy reaches. */
#ifndef GUITAI_ENDPOINT_FACE_H
#define GUITAI_ENDPOINT_FACE_H

#include "server.h"

struct face;

/* Listens as the configuration says. NULL with `e` (ERR_INPUT: the address; ERR_IO) when it cannot. */
struct face *face_open_tls(struct server *s, struct err *e) __attribute__((warn_unused_result));
struct face *face_open_proxied(struct server *s, struct err *e) __attribute__((warn_unused_result));
/* Readable when face_run has something to do; -1 without `f`. */
int face_fd(const struct face *f);
/* Milliseconds until it wants to run though nothing happened; -1: never. */
int face_timeout_ms(const struct face *f);
void face_run(struct face *f);
/* Takes no new connections from now on. */
void face_quiesce(struct face *f);
/* No request may be with the database any more (requests_abandon). */
void face_close(struct face **f);

#endif
