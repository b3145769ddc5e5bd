/* Requests to other halls over HTTPS with certificates on both sides. Never waits, unless asked to.
 *
 * The only user of libcurl, which is loaded by peer_open(). One `struct peer_line` holds the connections to all peers:
 * kept open, at most two to each. It does what src/sync/README.md says of the transport and knows nothing of
 * messages. */
#ifndef GUITAI_SYNC_PEER_H
#define GUITAI_SYNC_PEER_H

#include "guitai/sync/tls.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define PEER_MAX_FDS 64
#define PEER_MAX_ANSWER (4u << 20) /* a longer answer is cut off and counts as none */
#define PEER_LIMIT_MS 15000        /* the protocol: an answer comes within 15 s */
#define PEER_WORDS 160

struct peer_line;

/* What became of a request. `text` is borrowed for the time of the call, NUL-terminated, never NULL. */
struct peer_answer {
    int status;      /* of HTTP; 0: no whole answer came, `problem` says why */
    int retry_after; /* seconds, as the peer said; 0: it did not */
    const char *text;
    size_t len;
    char problem[PEER_WORDS]; /* one sentence in the user's language, "" with a status */
    long ms;                  /* from sending to the end */
};
typedef void peer_done_fn(void *ctx, const struct peer_answer *a);

/* Loads libcurl; the files are read at the first connection. `tls` is copied, its paths are borrowed until
 * peer_close(). NULL with `e` (ERR_IO). Owner: the caller. */
struct peer_line *peer_open(const struct tls_files *tls, struct err *e) __attribute__((warn_unused_result));
/* Ends all connections; requests under way are dropped without a word. */
void peer_close(struct peer_line **line);

/* POSTs `body` (taken over, freed by the line; `len` bytes of JSON) to `base` + `path` ("/v1/handoff"). `done` is
 * called once, from peer_step(). False when it could not start (then `done` is not called). */
bool peer_post(struct peer_line *line, const char *base, const char *path, char *body, size_t len,
               peer_done_fn *done, void *ctx, struct err *e);
/* Requests under way. */
size_t peer_pending(const struct peer_line *line);

/* For the caller's poll(): fills at most PEER_MAX_FDS descriptors, lowers *timeout_ms (-1: none yet). */
size_t peer_poll(const struct peer_line *line, struct pollfd *fds, int *timeout_ms);
/* Goes on with what is ready among `fds` as poll() left them; never blocks. */
void peer_step(struct peer_line *line, const struct pollfd *fds, size_t n);

/* `text` into `out`, cut to fit, never inside a character: the database takes no broken one. */
void peer_words(char out[PEER_WORDS], const char *text);

/* Why an answer without status 200 is none. False, always. ERR_OFFLINE: no answer, or the peer said later; ERR_DENIED: 403;
 * ERR_RULE: any other status. */
bool peer_refused(const struct peer_answer *a, struct err *e);

/* The blocking form for commands: true when an answer with status 200 came; *text (owner: the caller) is its body. Errors as
 * peer_refused(). */
bool peer_ask(struct peer_line *line, const char *base, const char *path, const char *body, char **text, size_t *len,
              struct err *e);

#endif
