/* Papers on their way to the printer: children of print_start watched by the loop, outcomes marked in the
 * ledger. */
#ifndef GUITAI_UI_PRINTING_H
#define GUITAI_UI_PRINTING_H

#include "guitai/base/json.h"

#include <poll.h>
#include <stddef.h>

struct app;
struct print_job;

#define PRINTING_MAX 8

enum printing_state { PRINTING_NONE, PRINTING_READY, PRINTING_BUSY, PRINTING_FAILED };

struct printing {
    struct {
        struct print_job *job;
        char paper[24]; /* ledger id */
        char document[48];
        char number[32];
    } job[PRINTING_MAX];
    enum printing_state state;
};

/* Starts printing the paper of a successful answer ({"paper":{id,document,…},"data":{…}}); nothing to do when
 * the answer holds none. Says so on the message line when there is no printer or it cannot start. */
void printing_answer(struct app *app, const struct jnode *answer);
size_t printing_poll(const struct printing *p, struct pollfd *fds, int *timeout_ms);
void printing_step(struct app *app);
void printing_reset(struct printing *p);
/* Title of forms/documents/<document>.json in the user's language; its id when there is none. Returns out. */
const char *printing_title(const char *document, char *out, size_t size);
bool printing_busy(const struct printing *p);

#endif
