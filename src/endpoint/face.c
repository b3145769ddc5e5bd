#include "face.h"

#include "client.h"
#include "listen.h"
#include "request.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTION_MEMORY (32u << 10) /* of one connection: its headers have to fit */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

struct face {
    struct server *server;
    struct MHD_Daemon *daemon;
    bool tls, quiet;
    bool room; /* a connection has ended: the library looks for new ones again when it runs next */
    int fd, epoll_fd;
    char *path; /* of a socket in the file system, which goes with the face */
    char *authority; /* PEM; the library asks clients for a certificate only when it has one */
};

/* What the library tells about its clients is in the counters; what it says about itself is never of a person. */
static void ignore_log(void *ctx, const char *fmt, va_list ap)
{
    (void)ctx, (void)fmt, (void)ap;
}

static void connection_changed(void *ctx, struct MHD_Connection *connection, void **own,
                               enum MHD_ConnectionNotificationCode what)
{
    struct face *f = ctx;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *tls =
            f->tls ? MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION) : NULL;
        /* names of authorities in the handshake would be those of the start, not of the last reload */
        if (tls)
            gnutls_certificate_send_x509_rdn_sequence((gnutls_session_t)tls->tls_session, 1);
        *own = client_new(f->server, connection, f->tls);
    } else if (*own) {
        client_free((struct client **)own);
        f->room = true;
    }
}

static unsigned int flags_of(const struct face *f)
{
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    return f->tls ? flags | MHD_USE_TLS : flags;
}

static bool start(struct face *f, struct err *e)
{
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_TRUST, 0, f->authority },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)PRIORITIES },
        { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)keys_retrieve },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
    f->daemon = MHD_start_daemon(flags_of(f), 0, NULL, NULL, request_handle, f->server, MHD_OPTION_EXTERNAL_LOGGER,
                                 ignore_log, NULL, MHD_OPTION_LISTEN_SOCKET, f->fd, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)f->server->config.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                                 MHD_OPTION_NOTIFY_CONNECTION, connection_changed, f, MHD_OPTION_NOTIFY_COMPLETED,
                                 request_completed, f->server, MHD_OPTION_URI_LOG_CALLBACK, request_line, f->server,
                                 MHD_OPTION_ARRAY, f->tls ? tls : none, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = f->daemon ? MHD_get_daemon_info(f->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    f->epoll_fd = info ? info->epoll_fd : -1;
    return info ? true : err_set(e, ERR_IO, _("the HTTP library could not be started"));
}

static bool read_authority(struct face *f, struct err *e)
{
    size_t len;
    return file_read(f->server->config.authority, 4u << 20, &f->authority, &len, e);
}

static struct face *face_new(struct server *s, bool tls)
{
    struct face *f = xcalloc(1, sizeof *f);
    f->server = s;
    f->tls = tls;
    f->fd = f->epoll_fd = -1;
    return f;
}

struct face *face_open_tls(struct server *s, struct err *e)
{
    struct face *f = face_new(s, true);
    f->fd = listen_port(s->config.listen, e);
    if (f->fd < 0 || !read_authority(f, e) || !start(f, e))
        face_close(&f);
    return f;
}

struct face *face_open_proxied(struct server *s, struct err *e)
{
    struct face *f = face_new(s, false);
    f->fd = listen_path(s->config.socket, s->config.socket_group, e);
    if (f->fd >= 0)
        f->path = xstrdup(s->config.socket);
    if (f->fd < 0 || !start(f, e))
        face_close(&f);
    return f;
}

int face_fd(const struct face *f)
{
    return f ? f->epoll_fd : -1;
}

int face_timeout_ms(const struct face *f)
{
    MHD_UNSIGNED_LONG_LONG ms;
    if (!f)
        return -1;
    if (f->room)
        return 0;
    if (MHD_get_timeout(f->daemon, &ms) != MHD_YES)
        return -1;
    return ms > 60000 ? 60000 : (int)ms;
}

void face_run(struct face *f)
{
    if (!f)
        return;
    f->room = false;
    MHD_run(f->daemon);
}

void face_quiesce(struct face *f)
{
    if (!f || f->quiet)
        return;
    f->quiet = true;
    if (f->path)
        unlink(f->path);
    MHD_quiesce_daemon(f->daemon);
    close(f->fd);
    f->fd = -1;
}

void face_close(struct face **f)
{
    if (!*f)
        return;
    if ((*f)->daemon) {
        face_quiesce(*f);
        MHD_stop_daemon((*f)->daemon);
    }
    if ((*f)->fd >= 0)
        close((*f)->fd);
    free((*f)->path);
    free((*f)->authority);
    free(*f);
    *f = NULL;
}
