#include "pty.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK 65536
#define SHOWN 600 /* bytes of a program's last output in a message */

void pty_start(struct pty *p, int columns, int rows, char *const argv[])
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    *p = (struct pty){.fd = -1};
    p->pid = forkpty(&p->fd, NULL, NULL, &size);
    if (p->pid < 0)
        die("no pseudo-terminal: %s", strerror(errno));
    if (p->pid == 0) {
        execvp(argv[0], argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    fcntl(p->fd, F_SETFD, FD_CLOEXEC);
    fcntl(p->fd, F_SETFL, O_NONBLOCK);
}

void pty_send(struct pty *p, const char *bytes, size_t n)
{
    while (n) {
        ssize_t done = write(p->fd, bytes, n);
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        } else if (errno == EAGAIN) {
            pty_read(p, 1000);
        } else if (errno != EINTR) {
            die("the program does not read its keys: %s", strerror(errno));
        }
    }
}

void pty_type(struct pty *p, const char *text)
{
    pty_send(p, text, strlen(text));
}

static void make_room(struct pty *p)
{
    if (p->size - p->len > CHUNK)
        return;
    p->size = p->size ? p->size * 2 : 4 * CHUNK;
    p->text = realloc(p->text, p->size);
    if (!p->text)
        die("out of memory");
}

size_t pty_read(struct pty *p, int timeout_us)
{
    struct pollfd ready = {.fd = p->fd, .events = POLLIN};
    struct timespec limit = {.tv_sec = timeout_us / 1000000, .tv_nsec = timeout_us % 1000000 * 1000L};
    if (p->ended || ppoll(&ready, 1, &limit, NULL) <= 0)
        return 0;
    make_room(p);
    ssize_t n = read(p->fd, p->text + p->len, p->size - p->len - 1);
    if (n <= 0) {
        p->ended = n == 0 || errno == EIO;
        return 0;
    }
    p->last_us = now_us();
    p->len += (size_t)n;
    p->text[p->len] = '\0';
    return (size_t)n;
}

bool pty_has(const struct pty *p, size_t from, const char *text)
{
    return p->len > from && strstr(p->text + from, text) != NULL;
}

void pty_wait(struct pty *p, size_t from, const char *text, int limit_ms)
{
    double end = now_us() + limit_ms * 1e3;
    while (!pty_has(p, from, text)) {
        pty_read(p, 20000);
        if (p->ended || now_us() > end) {
            size_t shown = p->len > SHOWN ? p->len - SHOWN : 0;
            die("\"%s\" did not come%s; the last output was:\n%s", text, p->ended ? ", the program ended" : "",
                p->len ? p->text + shown : "");
        }
    }
}

size_t pty_settle(struct pty *p, int quiet_ms)
{
    size_t from = p->len;
    while (pty_read(p, quiet_ms * 1000) > 0)
        ;
    return p->len - from;
}

long pty_resident(const struct pty *p)
{
    char path[64], line[256];
    long kilobytes = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)p->pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld kB", &kilobytes) == 1)
            break;
    if (f)
        fclose(f);
    if (kilobytes <= 0)
        die("%s says nothing of resident memory", path);
    return kilobytes * 1024;
}

void pty_stop(struct pty *p)
{
    if (p->pid > 0) {
        kill(p->pid, SIGHUP);
        for (int i = 0; i < 100 && waitpid(p->pid, NULL, WNOHANG) == 0; i++) {
            if (i == 60)
                kill(p->pid, SIGKILL);
            pty_read(p, 10000);
        }
    }
    if (p->fd >= 0)
        close(p->fd);
    free(p->text);
    *p = (struct pty){.fd = -1};
}
