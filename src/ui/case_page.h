/* The lines of the case page from case__show's answer. No curses, no database. */
#ifndef GUITAI_UI_CASE_PAGE_H
#define GUITAI_UI_CASE_PAGE_H

#include "draw.h"

#include "guitai/base/json.h"

struct case_line {
    enum style style;
    char *text;
    bool rule; /* a section: drawn as a line with the text in it */
};

struct case_page {
    struct case_line *line;
    size_t count, cap;
};

/* Lines at most `columns` cells wide (longer ones are wrapped). */
void case_page_make(struct case_page *p, const struct jnode *answer, int columns);
void case_page_reset(struct case_page *p);

#endif
