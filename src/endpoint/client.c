#include "client.h"

#include "clock.h"
#include "journal.h"

#include "guitai/base/xalloc.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void link_client(struct clients *all, struct client *c)
{
    c->older = all->tail;
    if (all->tail)
        all->tail->younger = c;
    else
        all->head = c;
    all->tail = c;
    all->count++;
}

static void unlink_client(struct clients *all, struct client *c)
{
    if (c->older)
        c->older->younger = c->younger;
    else
        all->head = c->younger;
    if (c->younger)
        c->younger->older = c->older;
    else
        all->tail = c->older;
    all->count--;
}

/* Nobody has been recognised behind it: no request of it is complete as far as its headers. */
static bool is_stranger(const struct client *c)
{
    return (c->phase == CLIENT_NEW || c->phase == CLIENT_READING) && !c->request && !c->division;
}

/* Before strangers fill the last places, the oldest of them goes: a peer needs some milliseconds from its connection to
 * the headers of its request. */
static void make_room(struct server *s)
{
    if (s->clients.count < (size_t)s->config.connections * 7 / 8)
        return;
    for (struct client *c = s->clients.head; c; c = c->younger)
        if (is_stranger(c) && c->cut == REASON_NONE) {
            client_cut(c, REASON_CROWD);
            return;
        }
}

static void enter(struct client *c, enum client_phase phase, long long seconds)
{
    c->phase = phase;
    c->deadline = clock_ms() + seconds * 1000;
}

struct client *client_new(struct server *s, struct MHD_Connection *connection, bool tls)
{
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct client *c = xcalloc(1, sizeof *c);
    c->server = s;
    c->connection = connection;
    c->tls = tls;
    c->fd = fd ? fd->connect_fd : -1;
    c->since = clock_ms();
    c->born = s->generation;
    enter(c, CLIENT_NEW, s->config.request_seconds);
    make_room(s);
    link_client(&s->clients, c);
    return c;
}

/* A connection that ends before the headers of a request are complete has nobody else to tell of it. A proxy may open one
 * in advance. */
static void tell_end(const struct client *c)
{
    enum reason why = c->cut;
    if (c->request || c->server->stopping || (c->phase != CLIENT_NEW && c->phase != CLIENT_READING))
        return;
    if (why == REASON_NONE && c->phase == CLIENT_NEW && !c->tls)
        return;
    if (why == REASON_NONE)
        why = c->phase == CLIENT_NEW ? REASON_HANDSHAKE : REASON_HTTP;
    long long now = clock_ms();
    struct journal_entry entry = {
        .division = c->code, .status = reason_status(why), .reason = why, .ms = now - c->since, .code = ""
    };
    journal_request(&entry, now);
}

void client_free(struct client **c)
{
    tell_end(*c);
    if ((*c)->division)
        limits_leave((*c)->division);
    unlink_client(&(*c)->server->clients, *c);
    free(*c);
    *c = NULL;
}

/* ---- the way of a request ---- */

void client_begins(struct client *c)
{
    if (c->phase == CLIENT_READING)
        return;
    if (c->phase == CLIENT_IDLE) {
        c->since = clock_ms();
        c->deadline = c->since + c->server->config.request_seconds * 1000LL;
    }
    c->phase = CLIENT_READING;
}

void client_works(struct client *c)
{
    enter(c, CLIENT_WORKING, 0); /* the job has its own end */
}

void client_answers(struct client *c)
{
    enter(c, CLIENT_ANSWERING, CLIENT_ANSWER_SECONDS);
}

void client_rests(struct client *c)
{
    enter(c, CLIENT_IDLE, CLIENT_IDLE_SECONDS);
}

/* ---- ending ---- */

/* The library takes no answer while a body is coming; it sends nothing itself meanwhile, so this can be sent past it. */
static void say_too_slow(const struct client *c)
{
    static const char text[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const union MHD_ConnectionInfo *tls =
        c->tls ? MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION) : NULL;
    if (tls)
        (void)!gnutls_record_send((gnutls_session_t)tls->tls_session, text, sizeof text - 1);
    else if (!c->tls)
        (void)!send(c->fd, text, sizeof text - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void client_cut(struct client *c, enum reason why)
{
    if (c->cut != REASON_NONE)
        return;
    c->cut = why;
    if (why == REASON_SLOW && (c->phase == CLIENT_READING || c->phase == CLIENT_NEW))
        say_too_slow(c);
    shutdown(c->fd, SHUT_RDWR);
}

void clients_watch(struct server *s, long long now)
{
    for (struct client *c = s->clients.head; c; c = c->younger)
        if (c->phase != CLIENT_WORKING && now >= c->deadline)
            client_cut(c, REASON_SLOW);
}

void clients_dismiss(struct server *s)
{
    for (struct client *c = s->clients.head; c; c = c->younger)
        if (c->phase == CLIENT_NEW || c->phase == CLIENT_IDLE)
            client_cut(c, REASON_STOPPING);
}

unsigned clients_oldest(const struct server *s)
{
    return s->clients.head ? s->clients.head->born : s->generation;
}
