/* Breaking Chinese and mixed text into lines of so many cells. Base only. */
#ifndef GUITAI_PRINT_WRAP_H
#define GUITAI_PRINT_WRAP_H

#include <stddef.h>

/* Bytes of the next line of `s` that fits into `cells` (>= 2); *skip receives how many bytes to leave out
 * before the following line (a blank, a line feed). Breaks between Han characters and at blanks, never
 * before a closing or after an opening punctuation mark; a word longer than a line is broken. At least one
 * character is taken. */
size_t wrap_line(const char *s, int cells, size_t *skip);

#endif
