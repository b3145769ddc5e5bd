/* What one division may take at a time: connections, and requests in a second. */
#ifndef GUITAI_ENDPOINT_LIMITS_H
#define GUITAI_ENDPOINT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

struct division {
    char code[7];
    int connections;
    double tokens;    /* requests that it may still send at once */
    long long filled; /* when tokens were last added, in ms */
};

struct limits {
    struct division **divisions; /* each is stable: connections point to theirs */
    size_t count;
    int connections; /* most of one division */
    int rate;        /* requests in a second; twice as many in one burst */
};

/* The division of `code`, entered when new. Only codes that a certificate vouches for come here, so that the table
 * cannot be made to grow. Borrowed, for the life of `l`. */
struct division *limits_division(struct limits *l, const char *code);
/* Counts a connection of `d`; false when it has as many as it may. */
bool limits_connect(struct limits *l, struct division *d);
void limits_leave(struct division *d);
/* Counts a request of `d` at `now` (ms); false when it comes too fast. */
bool limits_request(struct limits *l, struct division *d, long long now);
void limits_reset(struct limits *l);

#endif
