/* What lives beside the screen: the hand-off to other halls. The screen does not know the sender, the sender no
 * screen. */
#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/xalloc.h"
#include "guitai/sync/sender.h"
#include "guitai/ui/ui.h"

#include <string.h>
#include <time.h>

#define ASKED_MAX 8 /* questions under way: a form's, a comparison's, and what they no longer want to know */

_Static_assert(SENDER_MAX_FDS <= UI_SIDE_FDS, "the screen's loop has room for the sender");

static struct {
    struct sender *sender;
    struct tls_files tls;
    char warning[256];
    struct asked {
        ui_side_answer_fn *done; /* NULL: free */
        void *ctx;
    } asked[ASKED_MAX];
} side;

static void heard(void *ctx, const struct sender_event *event)
{
    (void)ctx;
    if (event->kind == SENDER_SENT || event->kind == SENDER_FAILED)
        log_line("hand-off to %s: %zu messages, %zu taken, %zu refused, %zu later%s%s", event->peer, event->messages,
                 event->taken, event->refused, event->later, *event->words ? ": " : "", event->words);
}

static size_t side_poll(void *ctx, struct pollfd *fds, int *timeout_ms)
{
    (void)ctx;
    return sender_poll(side.sender, fds, timeout_ms);
}

static bool side_step(void *ctx, const struct pollfd *fds, size_t n)
{
    (void)ctx;
    return sender_step(side.sender, fds, n);
}

static void side_waiting(void *ctx, const struct db *person, long long n)
{
    (void)ctx;
    sender_waiting(side.sender, person, n);
}

static void side_leave(void *ctx)
{
    (void)ctx;
    sender_leave(side.sender);
    memset(side.asked, 0, sizeof side.asked);
}

static void on_answer(void *ctx, const struct peer_answer *a)
{
    struct asked *slot = ctx, asked = *slot;
    struct err e;
    slot->done = NULL;
    if (a->status == 200) {
        asked.done(asked.ctx, a->text, NULL);
        return;
    }
    peer_refused(a, &e);
    log_line("question to another hall: %s", e.message);
    asked.done(asked.ctx, NULL, e.message);
}

static struct asked *free_slot(void)
{
    for (size_t i = 0; i < ASKED_MAX; i++)
        if (!side.asked[i].done)
            return &side.asked[i];
    return NULL;
}

static void side_ask(void *ctx, const char *base, const char *path, const char *body, ui_side_answer_fn *done, void *done_ctx)
{
    struct asked *slot = free_slot();
    struct err e;
    (void)ctx;
    if (!slot) {
        done(done_ctx, NULL, _("too many questions to other halls are under way: try again in a moment"));
        return;
    }
    *slot = (struct asked){ done, done_ctx };
    if (sender_ask(side.sender, base, path, xstrdup(body), strlen(body), on_answer, slot, &e))
        return;
    slot->done = NULL;
    done(done_ctx, NULL, e.message);
}

static const char *side_warning(void *ctx)
{
    (void)ctx;
    return tls_warning(&side.tls, (long long)time(NULL), side.warning, sizeof side.warning);
}

const struct ui_side *side_begin(void)
{
    static const struct ui_side ops = { NULL, side_poll, side_step, side_waiting, side_leave, side_ask,
                                          side_warning };
    struct err e;
    if (!tls_configured())
        return NULL; /* this station leaves sending to others */
    if (!tls_from_environment(&side.tls, &e)) {
        log_line("this station does not send: %s", e.message);
        return NULL;
    }
    side.sender = sender_new(SENDER_BESIDE, &side.tls, heard, NULL);
    return &ops;
}

void side_end(void)
{
    sender_free(&side.sender);
}
