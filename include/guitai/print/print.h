/* Printing from the workstation: a child process renders and delivers, so no printer and no font holds up
 * a key.
 *
 * Base only. The child is guitai-print (its own heavy libraries); the job travels as one JSON object on
 * its standard input, the outcome as one JSON object on its standard output. */
#ifndef GUITAI_PRINT_PRINT_H
#define GUITAI_PRINT_PRINT_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

struct print_job; /* one running child */

struct print_outcome {
    bool ok;
    char path[1024];   /* where the page lies (folder sink) */
    char digest[65];   /* sha256 of the bytes, hex */
    struct err err;    /* when !ok */
};

#define PRINT_LIMIT_MS 30000

/* Starts printing `document` (id in forms/documents) filled with `data` as `format` ("text" or "pdf") to
 * `to` (a file path, or a folder ending in '/': a name is made from number, document and copy). Never
 * blocks. NULL on error. */
struct print_job *print_start(const char *document, const struct jnode *data, const char *format,
                              const char *to, struct err *e) __attribute__((warn_unused_result));
/* For poll(): descriptor and events (POLLIN while reading the outcome, POLLOUT while the job is being
 * fed). */
int print_fd(const struct print_job *j);
short print_events(const struct print_job *j);
/* Goes on; true when finished, then *out is filled and the job may be freed. A child that takes over 30 s
 * is ended. */
bool print_step(struct print_job *j, struct print_outcome *out);
int print_timeout_ms(const struct print_job *j);
void print_free(struct print_job **j);
/* The whole job, blocking, for commands. */
bool print_wait(const char *document, const struct jnode *data, const char *format, const char *to,
                struct print_outcome *out, struct err *e);

#endif
