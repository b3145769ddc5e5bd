/* guitai sync: the hand-off without a screen, as a service or once. */
#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/sync/peer.h"
#include "guitai/sync/sender.h"

#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define STOP_LIMIT_MS (PEER_LIMIT_MS + 2000)
#define WARN_EVERY 86400 /* seconds: a certificate that ends soon is told once a day */

struct service {
    bool as_json;
    int status; /* with --once: what could not be carried */
    struct tls_files tls;
    time_t warn_at;
};

/* ---- what is told, a line each ---- */

static const char *const names[] = {
    [SENDER_SENT] = "sent",
    [SENDER_FAILED] = "failed",
    [SENDER_REPORTED] = "reported",
    [SENDER_COMPARED] = "compared",
    [SENDER_UNCOMPARED] = "uncompared",
    [SENDER_AWAY] = "database_away",
    [SENDER_BACK] = "database_back",
};

static void stamp(char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;
    strftime(out, size, "%Y-%m-%d %H:%M:%S", localtime_r(&now, &tm));
}

static void print_line(const struct json *doc)
{
    char *text = json_text(doc, false);
    puts(text);
    free(text);
    fflush(stdout);
}

static void tell_json(const struct sender_event *event)
{
    char at[32];
    struct json *doc = json_new_object();
    struct jnode *n = json_edit(doc);
    stamp(at, sizeof at);
    jn_set_str(n, "at", at);
    jn_set_str(n, "event", names[event->kind]);
    if (*event->peer)
        jn_set_str(n, "peer", event->peer);
    if (event->kind <= SENDER_REPORTED)
        jn_set_int(n, "messages", (long long)event->messages);
    if (event->kind == SENDER_COMPARED)
        jn_set_int(n, "differences", (long long)event->messages);
    if (event->kind == SENDER_SENT) {
        jn_set_int(n, "taken", (long long)event->taken);
        jn_set_int(n, "refused", (long long)event->refused);
        jn_set_int(n, "later", (long long)event->later);
        jn_set_int(n, "other", (long long)event->other);
    }
    if (event->kind <= SENDER_FAILED)
        jn_set_int(n, "ms", event->ms);
    if (*event->words)
        jn_set_str(n, "problem", event->words);
    if (event->hopeless)
        jn_set_bool(n, "alarm", true);
    print_line(doc);
    json_free(&doc);
}

static void tell_words(const struct sender_event *event)
{
    char at[32];
    stamp(at, sizeof at);
    printf("%s ", at);
    switch (event->kind) {
    case SENDER_SENT:
        printf(_("%s: %zu messages in %ld ms: %zu taken, %zu refused, %zu later, %zu other"), event->peer,
               event->messages, event->ms, event->taken, event->refused, event->later, event->other);
        break;
    case SENDER_FAILED: printf(_("%s: %zu messages wait"), event->peer, event->messages); break;
    case SENDER_REPORTED: printf(_("%zu cases reported"), event->messages); break;
    case SENDER_COMPARED:
        if (event->messages > 0)
            printf(_("%s: the ledgers differ in %zu entries: reconcile names them"), event->peer, event->messages);
        else
            printf(_("%s: the ledgers are equal"), event->peer);
        break;
    case SENDER_UNCOMPARED: printf(_("%s: the ledgers could not be compared"), event->peer); break;
    case SENDER_AWAY: printf("%s", _("the database is away")); break;
    case SENDER_BACK: printf("%s", _("the database is back")); break;
    }
    printf("%s%s\n", *event->words ? ": " : "", event->words);
    fflush(stdout);
}

static void heard(void *ctx, const struct sender_event *event)
{
    struct service *service = ctx;
    if (event->kind == SENDER_FAILED && service->status == 0)
        service->status = 6;
    if (event->hopeless)
        service->status = 3;
    if (service->as_json)
        tell_json(event);
    else if (event->kind != SENDER_SENT || event->messages > 0) /* a sign of life is no news */
        tell_words(event);
}

static void warn(struct service *service)
{
    char text[256], at[32];
    time_t now = time(NULL);
    if (now < service->warn_at)
        return;
    service->warn_at = now + WARN_EVERY;
    if (!*tls_warning(&service->tls, (long long)now, text, sizeof text))
        return;
    stamp(at, sizeof at);
    if (!service->as_json) {
        fprintf(stderr, "%s %s\n", at, text);
        return;
    }
    struct json *doc = json_new_object();
    jn_set_str(json_edit(doc), "at", at);
    jn_set_str(json_edit(doc), "event", "certificate");
    jn_set_str(json_edit(doc), "problem", text);
    print_line(doc);
    json_free(&doc);
}

/* ---- the loop ---- */

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until drained, stopped, or past going on. A second signal ends at once. */
static void loop(struct service *service, struct sender *s, int signals, struct err *e)
{
    long long stop_at = 0;
    while (!sender_finished(s, e) && (stop_at == 0 || now_ms() < stop_at)) {
        struct pollfd fds[SENDER_MAX_FDS + 1];
        struct signalfd_siginfo signal;
        int timeout = 60000;
        size_t n = sender_poll(s, fds, &timeout);
        fds[n] = (struct pollfd){ .fd = signals, .events = POLLIN };
        poll(fds, n + 1, stop_at && timeout > 100 ? 100 : timeout);
        if (fds[n].revents && read(signals, &signal, sizeof signal) > 0) {
            if (stop_at)
                return;
            stop_at = now_ms() + STOP_LIMIT_MS;
            sender_stop(s);
        }
        sender_step(s, fds, n);
        warn(service);
    }
}

int sync_verb(int argc, char **argv)
{
    static const struct option options[] = { { "once", no_argument, NULL, 'o' },
                                             { "json", no_argument, NULL, 'j' },
                                             { 0 } };
    struct service service = { 0 };
    enum sender_mode mode = SENDER_SERVICE;
    struct err e;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'o')
            mode = SENDER_ONCE;
        else if (c == 'j')
            service.as_json = true;
        else
            return cli_usage();
    }
    if (optind < argc)
        return cli_usage();
    if (!tls_from_environment(&service.tls, &e))
        return cli_fail(&e);
    int signals = open_signals();
    if (signals < 0) {
        err_set(&e, ERR_BUG, _("signals cannot be watched"));
        return cli_fail(&e);
    }
    struct sender *s = sender_new(mode, &service.tls, heard, &service);
    loop(&service, s, signals, &e);
    sender_free(&s);
    close(signals);
    if (e.kind != ERR_NONE)
        return cli_fail(&e);
    return mode == SENDER_ONCE ? service.status : 0;
}
