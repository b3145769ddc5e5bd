/* What goes back to the peer. */
#ifndef GUITAI_ENDPOINT_ANSWER_H
#define GUITAI_ENDPOINT_ANSWER_H

#include "reason.h"

#include <microhttpd.h>
#include <stdbool.h>

/* `text` is JSON, copied. `close`: the connection ends after it. `retry_after` in seconds, 0: none. */
enum MHD_Result answer_text(struct MHD_Connection *connection, int status, const char *text, int retry_after, bool close);
/* A refusal: {"protocol":1,"error":WORD,"text":…}; `text` NULL or "": none. */
enum MHD_Result answer_refusal(struct MHD_Connection *connection, enum reason why, const char *text, const char *allow,
                               bool close);

#endif
