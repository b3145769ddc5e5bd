#include "listen.h"

#include "guitai/base/i18n.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 511

static bool cannot(const char *where, struct err *e)
{
    return err_set(e, ERR_IO, _("cannot listen at %s: %s"), where, strerror(errno));
}

/* "[::1]:8443" → "::1", "8443"; "8443" → "", "8443". */
static bool split(const char *where, char *host, size_t host_size, const char **port)
{
    const char *colon = strrchr(where, ':');
    const char *from = where;
    size_t len = colon ? (size_t)(colon - where) : 0;
    *port = colon ? colon + 1 : where;
    if (len >= 2 && where[0] == '[' && where[len - 1] == ']') {
        from++;
        len -= 2;
    }
    if (len >= host_size || !**port || strspn(*port, "0123456789") != strlen(*port))
        return false;
    memcpy(host, from, len);
    host[len] = '\0';
    return true;
}

static int bound(const struct addrinfo *at)
{
    const int on = 1, off = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

int listen_port(const char *where, struct err *e)
{
    char host[128];
    const char *port;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *list;
    if (!split(where, host, sizeof host, &port)) {
        err_set(e, ERR_INPUT, _("listen: expected PORT, ADDRESS:PORT or [IPV6]:PORT, not “%s”"), where);
        return -1;
    }
    int rc = getaddrinfo(*host ? host : NULL, port, &hints, &list);
    if (rc != 0) {
        err_set(e, ERR_INPUT, "listen = %s: %s", where, gai_strerror(rc));
        return -1;
    }
    /* without an address the IPv6 one serves both, where there is IPv6 */
    int fd = -1;
    for (int pass = 0; fd < 0 && pass < 2; pass++)
        for (const struct addrinfo *at = list; at && fd < 0; at = at->ai_next)
            if (pass == 1 || at->ai_family == AF_INET6 || *host)
                fd = bound(at);
    if (fd < 0)
        cannot(where, e);
    freeaddrinfo(list);
    return fd;
}

/* Something is at `path` already: goes when it is a socket that nobody answers at. */
static bool clear_place(const char *path, const struct sockaddr_un *at, struct err *e)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return true;
    if (!S_ISSOCK(st.st_mode))
        return err_set(e, ERR_IO, _("cannot listen at %s: there is something else"), path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool alive = connect(fd, (const struct sockaddr *)at, sizeof *at) == 0;
    close(fd);
    if (alive)
        return err_set(e, ERR_IO, _("cannot listen at %s: another program listens there"), path);
    return unlink(path) == 0 || cannot(path, e);
}

static bool give_group(const char *path, const char *group, struct err *e)
{
    struct group *g = *group ? getgrnam(group) : NULL;
    if (!*group)
        return true;
    if (!g)
        return err_set(e, ERR_INPUT, _("socket_group: there is no group “%s”"), group);
    return chown(path, (uid_t)-1, g->gr_gid) == 0 || cannot(path, e);
}

int listen_path(const char *path, const char *group, struct err *e)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    if (!clear_place(path, &at, e))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0117); /* nobody else may reach it, not even for an instant */
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
    umask(before);
    if (!ok)
        cannot(path, e);
    ok = ok && give_group(path, group, e) && (listen(fd, BACKLOG) == 0 || cannot(path, e));
    if (!ok && fd >= 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}
