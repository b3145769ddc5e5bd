/* A relay in front of the server that counts round trips: how often the client spoke after the server had.
 *
 * bench_relay SERVER_PORT: listens on a free port of 127.0.0.1, prints that port, serves one connection, and prints
 * "trips N" when it ends. It passes bytes on unread, so TLS goes through it. */
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
#include <unistd.h>

static struct sockaddr_in local(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listen_anywhere(void)
{
    struct sockaddr_in at = local(0);
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4) ||
        getsockname(fd, (struct sockaddr *)&at, &size))
        die("cannot listen: %s", strerror(errno));
    printf("port %d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static int reach_server(int port)
{
    struct sockaddr_in at = local(port);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at))
        die("cannot reach the server: %s", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* Hands one portion on; false when that side has ended. */
static bool pass(int from, int to)
{
    char bytes[65536];
    ssize_t n = read(from, bytes, sizeof bytes);
    for (ssize_t sent = 0; sent < n;) {
        ssize_t done = write(to, bytes + sent, (size_t)(n - sent));
        if (done <= 0)
            return false;
        sent += done;
    }
    return n > 0;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        die("usage: bench_relay SERVER_PORT");
    int server_port = (int)parse_number("SERVER_PORT", argv[1], 1, 65535), one = 1;
    int listener = listen_anywhere();
    int client = accept(listener, NULL, NULL);
    if (client < 0)
        die("no client: %s", strerror(errno));
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int server = reach_server(server_port);
    struct pollfd side[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    long trips = 0;
    bool server_spoke = true, open = true;
    while (open && poll(side, 2, -1) > 0) {
        if (side[1].revents) {
            server_spoke = true;
            open = pass(server, client);
        } else if (side[0].revents) {
            trips += server_spoke;
            server_spoke = false;
            open = pass(client, server);
        }
    }
    printf("trips %ld\n", trips);
    return 0;
}
