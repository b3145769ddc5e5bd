#include "server.h"

#include "client.h"
#include "clock.h"
#include "face.h"
#include "journal.h"
#include "request.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define WATCH_MS 250
#define TOTALS_MS 60000
#define CERTIFICATE_MS (24 * 3600 * 1000LL)
#define FAREWELL_ROUNDS 50 /* of 10 ms, for the last answers to leave */

/* Certificates of before a reload: handshakes that were under way may hold them. */
struct retired {
    struct keys *keys;
    unsigned generation;
    struct retired *next;
};

struct loop {
    struct server server;
    const char *path;
    int signals;
    struct retired *retired;
    long long watch_at, totals_at, certificate_at, stop_at;
    bool ended;
};

/* ---- start ---- */

static void take_limits(struct server *s)
{
    s->limits.connections = s->config.division_connections;
    s->limits.rate = s->config.division_rate;
}

static bool open_faces(struct server *s, struct err *e)
{
    if (*s->config.listen && !(s->tls = face_open_tls(s, e)))
        return false;
    return !*s->config.socket || (s->proxied = face_open_proxied(s, e));
}

static int catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void tell_certificate(struct loop *l)
{
    const struct keys *k = l->server.keys;
    int days = keys_days(k);
    if (days >= 0 && days <= KEYS_WARN_DAYS)
        journal_event("certificate", _("our own certificate ends in so many days"), days);
    if (keys_list_is_old(k))
        journal_event("revocation_list", _("a new revocation list is overdue; the old one goes on counting"), -1);
    l->certificate_at = clock_ms() + CERTIFICATE_MS;
}

static bool start(struct loop *l, struct err *e)
{
    struct server *s = &l->server;
    s->generation = 1;
    if (!config_load(l->path, &s->config, e) || !(s->keys = keys_load(&s->config, e)))
        return false;
    take_limits(s);
    keys_present(s->keys);
    l->signals = catch_signals();
    if (!open_faces(s, e))
        return false;
    s->pool = pool_new(s->config.database_connections);
    journal_event("started", GUITAI_VERSION, -1);
    tell_certificate(l);
    return true;
}

/* ---- reload ---- */

static void retire(struct loop *l, struct keys *keys)
{
    struct retired *r = xcalloc(1, sizeof *r);
    r->keys = keys;
    r->generation = l->server.generation;
    r->next = l->retired;
    l->retired = r;
}

static void forget_retired(struct loop *l)
{
    unsigned oldest = clients_oldest(&l->server);
    for (struct retired **at = &l->retired; *at;) {
        struct retired *r = *at;
        if (r->generation >= oldest) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        keys_free(&r->keys);
        free(r);
    }
}

/* What the running process cannot change. */
static bool wants_restart(const struct config *a, const struct config *b)
{
    return strcmp(a->listen, b->listen) != 0 || strcmp(a->socket, b->socket) != 0 ||
           strcmp(a->socket_group, b->socket_group) != 0 || a->connections != b->connections ||
           a->database_connections != b->database_connections;
}

static void keep_fixed(struct config *fresh, const struct config *now)
{
    strcpy(fresh->listen, now->listen);
    strcpy(fresh->socket, now->socket);
    strcpy(fresh->socket_group, now->socket_group);
    fresh->connections = now->connections;
    fresh->database_connections = now->database_connections;
}

static void reload(struct loop *l)
{
    struct server *s = &l->server;
    struct config fresh;
    struct keys *keys;
    struct err e;
    if (!config_load(l->path, &fresh, &e)) {
        journal_event("reload_failed", e.message, -1);
        return;
    }
    if (wants_restart(&fresh, &s->config))
        journal_event("restart_needed",
                      _("listen, socket, socket_group, connections and database_connections stay until a restart"), -1);
    keep_fixed(&fresh, &s->config);
    if (!(keys = keys_load(&fresh, &e))) {
        journal_event("reload_failed", e.message, -1);
        return;
    }
    retire(l, s->keys);
    s->config = fresh;
    s->keys = keys;
    s->generation++;
    keys_present(keys);
    take_limits(s);
    journal_event("reloaded", NULL, -1);
    tell_certificate(l);
}

/* ---- stop ---- */

static void stop(struct loop *l)
{
    struct server *s = &l->server;
    if (s->stopping) { /* asked twice: whoever asks does not want to wait */
        l->ended = true;
        return;
    }
    s->stopping = true;
    l->stop_at = clock_ms() + SERVER_STOP_SECONDS * 1000LL;
    journal_event("stopping", NULL, (long long)s->clients.count);
    face_quiesce(s->tls);
    face_quiesce(s->proxied);
}

static void run_faces(struct server *s)
{
    face_run(s->tls);
    face_run(s->proxied);
}

/* Whatever has not been answered by now gets 503: repeating it is safe. */
static void finish(struct loop *l)
{
    struct server *s = &l->server;
    s->stopping = true;
    for (int i = 0; i < FAREWELL_ROUNDS && s->clients.count > 0; i++) {
        requests_abandon(s); /* also what became complete meanwhile: nothing may be suspended when the library ends */
        run_faces(s);
        clients_dismiss(s);
        poll(NULL, 0, s->clients.count > 0 ? 10 : 0);
    }
    requests_abandon(s);
    journal_totals();
    journal_event("stopped", NULL, (long long)s->clients.count);
}

static void clean(struct loop *l)
{
    struct server *s = &l->server;
    face_close(&s->tls);
    face_close(&s->proxied);
    pool_free(&s->pool);
    limits_reset(&s->limits);
    keys_present(NULL);
    forget_retired(l);
    keys_free(&s->keys);
    if (l->signals > 0)
        close(l->signals);
}

/* ---- the loop ---- */

static void take_signals(struct loop *l)
{
    struct signalfd_siginfo info;
    while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(l);
        else
            stop(l);
    }
}

static void tick(struct loop *l)
{
    struct server *s = &l->server;
    long long now = clock_ms();
    if (now >= l->watch_at) {
        clients_watch(s, now);
        forget_retired(l);
        l->watch_at = now + WATCH_MS;
    }
    if (now >= l->totals_at) {
        journal_totals();
        l->totals_at = now + TOTALS_MS;
    }
    if (now >= l->certificate_at)
        tell_certificate(l);
    if (!s->stopping)
        return;
    clients_dismiss(s);
    if (s->clients.count == 0 || now >= l->stop_at)
        l->ended = true;
}

static int sooner(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int timeout_ms(const struct loop *l)
{
    const struct server *s = &l->server;
    int ms = sooner(pool_timeout_ms(s->pool), sooner(face_timeout_ms(s->tls), face_timeout_ms(s->proxied)));
    /* nobody there: the minute's totals are all there is to do */
    return sooner(ms, s->clients.count > 0 ? WATCH_MS : TOTALS_MS);
}

static void turn(struct loop *l)
{
    struct server *s = &l->server;
    struct pollfd fds[3 + POOL_MAX] = {
        { .fd = l->signals, .events = POLLIN },
        { .fd = face_fd(s->tls), .events = POLLIN },
        { .fd = face_fd(s->proxied), .events = POLLIN },
    };
    size_t n = pool_poll(s->pool, fds + 3);
    (void)poll(fds, 3 + n, timeout_ms(l));
    if (fds[0].revents)
        take_signals(l);
    pool_take(s->pool, fds + 3, n); /* answers come in */
    run_faces(s);                   /* they go out; requests come in */
    pool_give(s->pool);             /* and leave for the database at once */
    tick(l);
}

bool server_run(const char *path, struct err *e)
{
    struct loop *l = xcalloc(1, sizeof *l);
    l->path = path;
    bool ok = start(l, e);
    while (ok && !l->ended)
        turn(l);
    if (ok)
        finish(l);
    clean(l);
    free(l);
    return ok;
}
