/* The check of a body before the database sees it: strict JSON within the limits of the protocol (src/sync/README.md). */
#ifndef GUITAI_ENDPOINT_BODY_H
#define GUITAI_ENDPOINT_BODY_H

#include "reason.h"

#include <stddef.h>

#define BODY_MAX_BYTES (2u << 20)
#define BODY_MAX_DEPTH 64
#define BODY_MAX_MESSAGES 100
#define BODY_MAX_NUMBER 2147483647L

/* REASON_NONE when `text` (`n` bytes) is one JSON object, valid UTF-8, not deeper than BODY_MAX_DEPTH, without NUL in any
 * spelling, all its numbers whole from 0 to BODY_MAX_NUMBER, at most BODY_MAX_MESSAGES in its member "messages".
 * *messages receives how many these are. */
enum reason body_check(const char *text, size_t n, int *messages);

#endif
