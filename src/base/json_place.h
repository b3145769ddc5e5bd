/* Where in a JSON text something stands: cJSON keeps no positions, so a complaint looks its line up again. */
#ifndef GUITAI_BASE_JSON_PLACE_H
#define GUITAI_BASE_JSON_PLACE_H

#include <stddef.h>

/* Line (from 1) of byte `offset`. */
int json_line_at(const char *text, size_t offset);
/* Line of the value at `path` ("$.fields[2].kind") in a text that is valid JSON; the line of the nearest parent
 * that exists otherwise. */
int json_line_of(const char *text, const char *path);

#endif
