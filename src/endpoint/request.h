/* A request from its first line to its answer; the three signatures are libmicrohttpd's, `ctx` is the struct server. */
#ifndef GUITAI_ENDPOINT_REQUEST_H
#define GUITAI_ENDPOINT_REQUEST_H

#include "server.h"

#include <microhttpd.h>

/* The request line has come. */
void *request_line(void *ctx, const char *uri, struct MHD_Connection *connection);
/* Called when the headers are complete, for each part of the body, and at the end. Checks, collects, gives the body to the
 * database and lets the connection sleep until it has answered. */
enum MHD_Result request_handle(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *part, size_t *part_size, void **own);
/* Answered, or broken off. */
void request_completed(void *ctx, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode how);
/* Answers 503 to all that the database has not answered yet: we are going away. Face by face_run they leave. */
void requests_abandon(struct server *s);

#endif
