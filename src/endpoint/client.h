/* Connections and the watch over their time. libmicrohttpd's own timeout only sees silence: whoever sends a byte now and
 * then would stay for ever. */
#ifndef GUITAI_ENDPOINT_CLIENT_H
#define GUITAI_ENDPOINT_CLIENT_H

#include "server.h"

#define CLIENT_IDLE_SECONDS 75    /* between two requests */
#define CLIENT_ANSWER_SECONDS 15  /* to fetch an answer */

enum client_phase {
    CLIENT_NEW,       /* no request yet */
    CLIENT_IDLE,      /* between two */
    CLIENT_READING,   /* a request is coming */
    CLIENT_WORKING,   /* the database has it, or it waits for one */
    CLIENT_ANSWERING,
};

struct request;

struct client {
    struct server *server;
    struct MHD_Connection *connection;
    bool tls;
    int fd;
    enum client_phase phase;
    long long since, deadline;  /* ms: of the request (a first one counts from the connection's start) */
    struct request *request;    /* whose headers are complete, or NULL */
    enum reason cut;            /* why we ended it; REASON_NONE: we did not */
    char code[7];               /* the division, once known */
    enum reason verdict;        /* on its certificate */
    unsigned born, judged;      /* generations of the keys: at its start, and that the verdict rests on (0: none) */
    long long judged_at;
    struct division *division;  /* that it counts for, or NULL */
    struct client *older, *younger;
};

/* A connection that has begun, and its end. */
struct client *client_new(struct server *s, struct MHD_Connection *connection, bool tls);
void client_free(struct client **c);
/* The way of a request. */
void client_begins(struct client *c);
void client_works(struct client *c);
void client_answers(struct client *c);
void client_rests(struct client *c);
/* Ends the connection; the library notices and frees it. */
void client_cut(struct client *c, enum reason why);

/* Ends connections whose time is over. */
void clients_watch(struct server *s, long long now);
/* Ends those that are not within a request. */
void clients_dismiss(struct server *s);
/* The generation of keys that the oldest connection may still hold. */
unsigned clients_oldest(const struct server *s);

#endif
