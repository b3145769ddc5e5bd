/* A slow line in front of the server: every byte arrives so many milliseconds later, in both directions.
 *
 * bench_relay SERVER_PORT DELAY_MS: listens on a free port of 127.0.0.1, prints "port N", serves one
 * connection and ends with it. Bytes pass unread, so TLS goes through; portions under way do not wait for
 * each other. */
#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define UNDER_WAY_MAX 64
#define PORTION 16384

/* One direction: portions in the order of their arrival, each with the moment at which it is due. */
struct line {
    int from, to;
    struct portion {
        double due_us;
        size_t n;
        char bytes[PORTION];
    } portions[UNDER_WAY_MAX];
    size_t first, count;
};

static struct sockaddr_in local(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int accept_one(void)
{
    struct sockaddr_in at = local(0);
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4) ||
        getsockname(fd, (struct sockaddr *)&at, &size))
        die("cannot listen: %s", strerror(errno));
    printf("port %d\n", ntohs(at.sin_port));
    fflush(stdout);
    int client = accept(fd, NULL, NULL);
    if (client < 0)
        die("no client: %s", strerror(errno));
    return client;
}

static int reach_server(int port)
{
    struct sockaddr_in at = local(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at))
        die("cannot reach the server: %s", strerror(errno));
    return fd;
}

/* False when that side has ended. */
static bool take(struct line *l, double delay_us)
{
    struct portion *p = &l->portions[(l->first + l->count) % UNDER_WAY_MAX];
    ssize_t n = read(l->from, p->bytes, sizeof p->bytes);
    if (n <= 0)
        return false;
    p->n = (size_t)n;
    p->due_us = now_us() + delay_us;
    l->count++;
    return true;
}

static bool deliver(struct line *l)
{
    while (l->count && l->portions[l->first].due_us <= now_us()) {
        const struct portion *p = &l->portions[l->first];
        for (size_t sent = 0; sent < p->n;) {
            ssize_t done = write(l->to, p->bytes + sent, p->n - sent);
            if (done <= 0)
                return false;
            sent += (size_t)done;
        }
        l->first = (l->first + 1) % UNDER_WAY_MAX;
        l->count--;
    }
    return true;
}

/* Waits until the next portion is due or a side has something; a full line is not read. */
static void await(struct line lines[2], struct pollfd side[2])
{
    double due = now_us() + 9e5;
    for (int i = 0; i < 2; i++) {
        side[i] = (struct pollfd){.fd = lines[i].from, .events = lines[i].count < UNDER_WAY_MAX ? POLLIN : 0};
        if (lines[i].count && lines[i].portions[lines[i].first].due_us < due)
            due = lines[i].portions[lines[i].first].due_us;
    }
    double left = due - now_us();
    struct timespec limit = {.tv_nsec = left > 0 ? (long)(left * 1e3) % 1000000000L : 0};
    ppoll(side, 2, &limit, NULL);
}

int main(int argc, char **argv)
{
    static struct line lines[2];
    struct pollfd side[2];
    bool open = true;
    if (argc != 3)
        die("usage: bench_relay SERVER_PORT DELAY_MS");
    int port = (int)parse_number("SERVER_PORT", argv[1], 1, 65535), one = 1;
    double delay_us = (double)parse_number("DELAY_MS", argv[2], 0, 1000) * 1e3;
    int client = accept_one(), server = reach_server(port);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    lines[0].from = lines[1].to = client;
    lines[1].from = lines[0].to = server;
    while (open) {
        await(lines, side);
        for (int i = 0; i < 2 && open; i++) {
            bool ready = side[i].revents & (POLLIN | POLLHUP);
            open = (!ready || take(&lines[i], delay_us)) && deliver(&lines[i]);
        }
    }
    return 0;
}
