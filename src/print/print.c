#include "guitai/print/print.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/paths.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_OUTCOME (64u << 10)

extern char **environ;

/* One socket serves both ways: unlike a pipe it can be written to without a SIGPIPE, and poll() watches one
 * descriptor. */
struct print_job {
    pid_t pid; /* 0: reaped */
    int fd;
    char *text; /* the job being fed, NULL when all is sent */
    size_t length, sent;
    struct str answer;
    long long deadline; /* ms, monotonic */
    bool done;
};

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static char *write_job(const char *document, const struct jnode *data, const char *format, const char *to)
{
    struct json *doc = json_new_object();
    struct jnode *n = json_edit(doc);
    jn_set_str(n, "document", document);
    jn_set_str(n, "format", format);
    jn_set_str(n, "to", to);
    jn_set_copy(n, "data", data);
    char *text = json_text(doc, false);
    json_free(&doc);
    return text;
}

/* The child gets the other end as standard input and output. Its complaints would spoil the screen: to
 * nowhere. */
static bool spawn_child(int end, pid_t *pid, struct err *e)
{
    char program[PATH_MAX];
    char name[] = "guitai-print";
    char *argv[] = { name, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    paths_program(name, program, sizeof program);
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int rc = posix_spawnp(pid, program, &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (rc == 0)
        return true;
    err_set(e, ERR_IO, _("%s cannot be started: %s"), program, strerror(rc));
    return err_hint(e, "%s", _("install guitai-print beside guitai, or put it on PATH"));
}

struct print_job *print_start(const char *document, const struct jnode *data, const char *format,
                              const char *to, struct err *e)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        err_set(e, ERR_IO, _("%s cannot be started: %s"), "guitai-print", strerror(errno));
        return NULL;
    }
    struct print_job *j = xcalloc(1, sizeof *j);
    j->fd = ends[0];
    fcntl(j->fd, F_SETFL, O_NONBLOCK);
    str_init(&j->answer, MAX_OUTCOME);
    bool ok = spawn_child(ends[1], &j->pid, e);
    close(ends[1]);
    if (!ok) {
        j->pid = 0;
        print_free(&j);
        return NULL;
    }
    j->text = write_job(document, data, format, to);
    j->length = strlen(j->text);
    j->deadline = now_ms() + PRINT_LIMIT_MS;
    return j;
}

int print_fd(const struct print_job *j)
{
    return j->fd;
}

short print_events(const struct print_job *j)
{
    return j->text ? POLLIN | POLLOUT : POLLIN;
}

int print_timeout_ms(const struct print_job *j)
{
    long long left = j->deadline - now_ms();
    return left < 0 ? 0 : (int)left;
}

static void end_feeding(struct print_job *j)
{
    free(j->text);
    j->text = NULL;
    shutdown(j->fd, SHUT_WR);
}

/* A child that died early shows by EPIPE here and by its end of file in drain. */
static void feed(struct print_job *j)
{
    while (j->text) {
        ssize_t n = send(j->fd, j->text + j->sent, j->length - j->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n >= 0)
            j->sent += (size_t)n;
        if (n < 0 || j->sent == j->length)
            end_feeding(j);
    }
}

/* True at the end of the child's answer. */
static bool drain(struct print_job *j)
{
    char chunk[4096];
    for (;;) {
        ssize_t n = recv(j->fd, chunk, sizeof chunk, 0);
        if (n > 0)
            str_add_n(&j->answer, chunk, (size_t)n);
        else if (n < 0 && errno == EINTR)
            continue;
        else
            return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
}

/* Returns the exit status (128 + signal when ended by one), -1 when unknown. */
static int reap(struct print_job *j)
{
    int status = -1;
    pid_t pid = j->pid;
    j->pid = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : -1;
}

static void read_error(const struct jnode *error, struct err *e)
{
    long long kind = jn_int(error, "kind", ERR_IO);
    if (kind <= ERR_NONE || kind > ERR_BUG)
        kind = ERR_IO;
    err_set(e, (enum err_kind)kind, "%s", jn_str(error, "message", _("the page could not be printed")));
    err_hint(e, "%s", jn_str(error, "hint", ""));
    err_field(e, jn_str(error, "field", ""));
}

static void read_outcome(struct print_job *j, int status, struct print_outcome *out)
{
    struct err why;
    struct json *doc = json_parse(j->answer.p ? j->answer.p : "", j->answer.len, "guitai-print", &why);
    const struct jnode *root = json_root(doc);
    out->ok = doc && jn_bool(root, "ok", false);
    if (out->ok) {
        snprintf(out->path, sizeof out->path, "%s", jn_str(root, "path", ""));
        snprintf(out->digest, sizeof out->digest, "%s", jn_str(root, "digest", ""));
    } else if (doc) {
        read_error(jn_get(root, "error"), &out->err);
    } else if (status == 127) {
        err_set(&out->err, ERR_IO, _("%s cannot be started: %s"), "guitai-print", strerror(ENOENT));
    } else {
        err_set(&out->err, ERR_IO, _("guitai-print ended without an answer (status %d)"), status);
    }
    if (out->ok && status != 0)
        log_line("guitai-print: printed, but ended with status %d", status);
    json_free(&doc);
}

bool print_step(struct print_job *j, struct print_outcome *out)
{
    if (j->done)
        return true;
    feed(j);
    bool ended = drain(j);
    if (!ended && now_ms() < j->deadline)
        return false;
    *out = (struct print_outcome){ 0 };
    j->done = true;
    if (!ended) {
        kill(j->pid, SIGKILL);
        reap(j);
        err_set(&out->err, ERR_IO, _("printing took longer than %d seconds and was ended"),
                PRINT_LIMIT_MS / 1000);
        err_hint(&out->err, "%s", _("the paper stays pending: print it again"));
        return true;
    }
    read_outcome(j, reap(j), out);
    return true;
}

void print_free(struct print_job **job)
{
    struct print_job *j = *job;
    if (!j)
        return;
    if (j->pid > 0) {
        kill(j->pid, SIGKILL);
        reap(j);
    }
    close(j->fd);
    free(j->text);
    str_reset(&j->answer);
    free(j);
    *job = NULL;
}

bool print_wait(const char *document, const struct jnode *data, const char *format, const char *to,
                struct print_outcome *out, struct err *e)
{
    struct print_job *j = print_start(document, data, format, to, e);
    *out = (struct print_outcome){ 0 };
    if (!j)
        return false;
    while (!print_step(j, out)) {
        struct pollfd watched = { .fd = print_fd(j), .events = print_events(j) };
        poll(&watched, 1, print_timeout_ms(j));
    }
    print_free(&j);
    if (!out->ok && e)
        *e = out->err;
    return out->ok;
}
