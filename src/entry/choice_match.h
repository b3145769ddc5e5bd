/* Which choices a search text means, best first: by code, by pinyin initials, by words of the name. Pure. */
#ifndef ENTRY_CHOICE_MATCH_H
#define ENTRY_CHOICE_MATCH_H

#include "guitai/entry/formdef.h"

/* Writes the choices of offered[0 … n) that `search` means into out (room for n), best first, equal ones
 * in the order offered; returns how many. Full-width and upper case are folded; blanks part words that
 * must all be found. An empty search means all. */
size_t choice_match(const char *search, const struct choice *const *offered, size_t n,
                    const struct choice **out);
/* The one choice whose code is `search` when no longer code begins with it; NULL otherwise. */
const struct choice *choice_match_code(const char *search, const struct choice *const *offered, size_t n);

#endif
