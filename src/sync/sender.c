#include "sender_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define NOTICE_MS 800         /* whoever else may send first is given that long */
#define NOTIFY_MS 20          /* announcements come in swarms */
#define CLOSE_MS 30000        /* a workstation's second connection is kept that long for nothing */
#define REPORT_EVERY_MS 60000 /* how often the database is asked whether a report is due */
#define OPEN_FIRST_MS 1000
#define OPEN_MOST_MS 30000
#define ONCE_OPENS 3
#define POLL_MOST_MS 60000

long long sender_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

long long sender_spread(long long ms)
{
    unsigned n = 0;
    (void)!getrandom(&n, sizeof n, 0); /* only spreads: 0 does as well */
    return ms / 2 + (long long)(n % (unsigned)(ms + 1));
}

void sender_tell(struct sender *s, const struct sender_event *event)
{
    if (s->heard)
        s->heard(s->heard_ctx, event);
}

struct sender *sender_new(enum sender_mode mode, const struct tls_files *tls, sender_event_fn *heard, void *ctx)
{
    struct sender *s = xcalloc(1, sizeof *s);
    s->mode = mode;
    s->tls = *tls;
    s->heard = heard;
    s->heard_ctx = ctx;
    if (mode != SENDER_BESIDE)
        s->open_at = sender_now();
    return s;
}

/* Back to sleep: no connection, no memory, nothing under way. */
static void release(struct sender *s)
{
    sender_drop_batches(s);
    sender_drop_comparison(s);
    peer_close(&s->line);
    db_free(&s->db);
    s->ready = s->claiming = s->reporting = false;
    s->claim_at = s->close_at = s->wake_at = 0;
}

bool sender_ask(struct sender *s, const char *base, const char *path, char *body, size_t len, peer_done_fn *done, void *ctx,
                struct err *e)
{
    if (!s->questions)
        s->questions = peer_open(&s->tls, e);
    if (!s->questions) {
        free(body);
        return false;
    }
    s->questions_close_at = sender_now() + CLOSE_MS;
    return peer_post(s->questions, base, path, body, len, done, ctx, e);
}

void sender_free(struct sender **s)
{
    if (!*s)
        return;
    release(*s);
    peer_close(&(*s)->questions);
    free(*s);
    *s = NULL;
}

void sender_give_up(struct sender *s, const struct err *e)
{
    s->dead = *e;
    log_line("hand-off given up: %s", e->code[0] ? e->code : e->message);
}

void sender_leave(struct sender *s)
{
    release(s);
    peer_close(&s->questions);
    s->waiting = 0;
    err_reset(&s->dead);
}

void sender_stop(struct sender *s)
{
    s->stopping = true;
}

bool sender_finished(const struct sender *s, struct err *e)
{
    *e = s->dead;
    return s->dead.kind != ERR_NONE || s->drained || (s->stopping && s->under_way == 0 && !s->claiming);
}

/* ---- the connection ---- */

static void on_notify(void *ctx, const char *payload)
{
    struct sender *s = ctx;
    (void)payload; /* from anybody: a reason to look, no more */
    long long soon = sender_now() + NOTIFY_MS;
    if (s->claim_at == 0 || soon < s->claim_at)
        s->claim_at = soon;
}

static void open_again(struct sender *s, const struct err *e)
{
    long long wait = OPEN_FIRST_MS << (s->open_failures < 5 ? s->open_failures : 5);
    s->open_failures++;
    if (s->mode == SENDER_ONCE && s->open_failures >= ONCE_OPENS) {
        sender_give_up(s, e);
        return;
    }
    if (!s->away)
        sender_tell(s, &(struct sender_event){ .kind = SENDER_AWAY, .peer = "", .words = e->message });
    s->away = true;
    s->open_at = sender_now() + sender_spread(wait < OPEN_MOST_MS ? wait : OPEN_MOST_MS);
}

static void on_open(void *ctx, const struct db_result *r, const struct err *e)
{
    struct sender *s = ctx;
    (void)r;
    if (!e) {
        s->ready = true;
        s->open_failures = 0;
        s->claim_at = sender_now();
        s->report_at = s->mode == SENDER_BESIDE ? 0 : s->claim_at;
        s->compare_at = s->mode == SENDER_SERVICE ? s->claim_at : 0;
        if (s->mode != SENDER_BESIDE)
            db_listen(s->db, on_notify, s);
        return;
    }
    if (s->mode != SENDER_BESIDE && e->kind == ERR_OFFLINE)
        open_again(s, e);
    else if (e->kind == ERR_OFFLINE)
        s->open_at = sender_now() + sender_spread(OPEN_MOST_MS); /* the next hint after that tries again */
    else
        sender_give_up(s, e);
}

static void open_service(struct sender *s)
{
    struct err e;
    s->open_at = 0;
    if (!s->db)
        s->db = db_new();
    if (!db_open(s->db, NULL, NULL, on_open, s, &e))
        on_open(s, NULL, &e);
}

void sender_waiting(struct sender *s, const struct db *person, long long n)
{
    struct err e;
    long long now = sender_now();
    bool grew = n > s->waiting;
    bool noticed = s->waiting > 0 && s->wake_at == 0;
    s->waiting = n;
    if (s->mode != SENDER_BESIDE || s->dead.kind != ERR_NONE)
        return;
    if (n <= 0) {
        s->wake_at = 0;
        if (s->db && s->close_at == 0)
            s->close_at = now + CLOSE_MS;
    } else if (s->db && s->ready) {
        s->close_at = 0;
        if (grew)
            s->claim_at = now;
    } else if (!s->db && !noticed) {
        /* A service or another station may be quicker: only what still waits after a moment is worth a connection. */
        if (s->wake_at == 0)
            s->wake_at = now + sender_spread(NOTICE_MS);
    } else if (now >= s->open_at && (!s->db || db_state(s->db) == DB_CLOSED)) {
        s->open_at = 0;
        if (!s->db)
            s->db = db_new();
        if (!db_open_as(s->db, person, on_open, s, &e))
            on_open(s, NULL, &e);
    }
}

/* ---- the periodic report ---- */

static void on_report(void *ctx, const struct db_result *r, const struct err *e)
{
    struct sender *s = ctx;
    s->reporting = false;
    s->reported = true;
    if (e) {
        log_line("report: %s", e->code[0] ? e->code : e->message);
        return;
    }
    long long cases = db_json(r) ? jn_int(json_root(db_json(r)), "cases", 0) : 0;
    if (cases <= 0)
        return;
    s->claim_at = sender_now();
    sender_tell(s, &(struct sender_event){ .kind = SENDER_REPORTED, .peer = "", .words = "",
                                           .messages = (size_t)cases });
}

static void report(struct sender *s)
{
    struct err e;
    s->report_at = sender_now() + sender_spread(REPORT_EVERY_MS);
    s->reporting = db_call(s->db, "report__compose", NULL, 0, on_report, s, &e);
    s->reported = s->reported || !s->reporting;
}

/* ---- the loop ---- */

static void sooner(int *timeout_ms, long long at, long long now)
{
    long long left = at - now;
    if (at == 0)
        return;
    int ms = left < 0 ? 0 : left > POLL_MOST_MS ? POLL_MOST_MS : (int)left;
    if (*timeout_ms < 0 || ms < *timeout_ms)
        *timeout_ms = ms;
}

/* May a batch be asked for now? SENDER_ONCE asks after the report, so that the report goes too. */
static bool may_claim(const struct sender *s)
{
    return s->ready && !s->claiming && !s->stopping && s->under_way < BATCHES_MAX && s->claim_at != 0 &&
           db_state(s->db) == DB_READY && (s->mode != SENDER_ONCE || s->reported);
}

static bool may_report(const struct sender *s)
{
    return s->ready && !s->reporting && !s->stopping && s->report_at != 0;
}

static bool may_compare(const struct sender *s)
{
    return s->ready && !s->comparison && !s->stopping && s->compare_at != 0 && db_state(s->db) == DB_READY;
}

static bool may_close(const struct sender *s)
{
    return s->close_at != 0 && s->under_way == 0 && !s->claiming;
}

size_t sender_poll(const struct sender *s, struct pollfd *fds, int *timeout_ms)
{
    long long now = sender_now();
    size_t n = s->questions ? peer_poll(s->questions, fds, timeout_ms) : 0;
    if (s->questions && peer_pending(s->questions) == 0)
        sooner(timeout_ms, s->questions_close_at, now);
    if (s->dead.kind != ERR_NONE)
        return n;
    sooner(timeout_ms, s->wake_at, now);
    if (may_close(s))
        sooner(timeout_ms, s->close_at, now);
    if (s->mode != SENDER_BESIDE)
        sooner(timeout_ms, s->open_at, now);
    if (may_report(s))
        sooner(timeout_ms, s->report_at, now);
    if (may_compare(s))
        sooner(timeout_ms, s->compare_at, now);
    if (may_claim(s))
        sooner(timeout_ms, s->claim_at, now);
    if (s->db) {
        int ms = db_timeout_ms(s->db);
        if (ms >= 0 && (*timeout_ms < 0 || ms < *timeout_ms))
            *timeout_ms = ms;
        if (db_fd(s->db) >= 0)
            fds[n++] = (struct pollfd){ .fd = db_fd(s->db), .events = db_events(s->db) };
    }
    if (s->line)
        n += peer_poll(s->line, fds + n, timeout_ms);
    return n;
}

static bool ready_fd(const struct pollfd *fds, size_t n, int fd)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i].fd == fd && fds[i].revents)
            return true;
    return false;
}

static void step_database(struct sender *s, const struct pollfd *fds, size_t n)
{
    enum db_state before = db_state(s->db);
    if (!ready_fd(fds, n, db_fd(s->db)) && db_timeout_ms(s->db) < 0 && !db_pending(s->db))
        return;
    db_step(s->db);
    enum db_state after = db_state(s->db);
    if (after == DB_LOST && before != DB_LOST && !s->away) {
        s->away = true;
        sender_tell(s, &(struct sender_event){ .kind = SENDER_AWAY, .peer = "",
                                               .words = _("the connection to the database broke") });
    } else if (after == DB_READY && s->away) {
        s->away = false;
        sender_tell(s, &(struct sender_event){ .kind = SENDER_BACK, .peer = "", .words = "" });
    }
    /* A sign-in that was withdrawn, or a database of another version, ends the connection for good. */
    if (after == DB_CLOSED && s->ready && s->dead.kind == ERR_NONE) {
        struct err e;
        err_set(&e, ERR_DENIED, _("the database ended the connection of the hand-off for good"));
        sender_give_up(s, &e);
    }
}

static void run_timers(struct sender *s)
{
    long long now = sender_now();
    if (s->wake_at && now >= s->wake_at) {
        s->wake_at = 0;
        s->changed = true; /* what still waits then is sent from here */
    }
    if (s->open_at && now >= s->open_at && s->mode != SENDER_BESIDE)
        open_service(s);
    if (may_report(s) && now >= s->report_at)
        report(s);
    if (may_compare(s) && now >= s->compare_at)
        sender_compare(s);
    if (may_claim(s) && now >= s->claim_at)
        sender_claim(s);
    if (may_close(s) && now >= s->close_at)
        release(s);
}

static void step_questions(struct sender *s, const struct pollfd *fds, size_t n)
{
    peer_step(s->questions, fds, n);
    if (peer_pending(s->questions) == 0 && sender_now() >= s->questions_close_at)
        peer_close(&s->questions);
}

bool sender_step(struct sender *s, const struct pollfd *fds, size_t n)
{
    if (s->questions)
        step_questions(s, fds, n);
    if (s->dead.kind == ERR_NONE && s->db)
        step_database(s, fds, n);
    if (s->dead.kind == ERR_NONE && s->line)
        peer_step(s->line, fds, n);
    if (s->dead.kind == ERR_NONE)
        run_timers(s);
    if (s->dead.kind != ERR_NONE && s->db)
        release(s);
    bool changed = s->changed;
    s->changed = false;
    return changed;
}
