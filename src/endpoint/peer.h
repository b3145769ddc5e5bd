/* Who a request comes from, and whether it may come now. */
#ifndef GUITAI_ENDPOINT_PEER_H
#define GUITAI_ENDPOINT_PEER_H

#include "client.h"

/* The division behind a request into `code` (7 bytes): by the certificate of the TLS face, or by the two headers of a
 * proxy that has checked it. Anything else is the reason to refuse the request. */
enum reason peer_identify(struct client *c, char *code);
/* Counts a request of `code`: against its rate, and its connection (TLS) or the request itself (proxied) against how many
 * it may have. *division: where it was counted. */
enum reason peer_admit(struct client *c, const char *code, struct division **division);
/* The end of a request that peer_admit let in. */
void peer_leave(const struct client *c, struct division **division);

#endif
