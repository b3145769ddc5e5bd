/* What textedit.c and textedit_view.c share: the text itself. Only these two include it. */
#ifndef ENTRY_TEXTEDIT_PRIVATE_H
#define ENTRY_TEXTEDIT_PRIVATE_H

#include "guitai/entry/textedit.h"

struct textedit_bytes;

struct textedit {
    uint32_t *cp; /* len code points; room for cap */
    size_t len, cap, max;
    size_t cursor; /* 0 … len, always between clusters */
    int wrap;      /* cells of a row for up and down; 0: stored lines only */
    int goal_x;    /* column that up and down aim at; -1 after any other key */
    bool multiline;
    struct textedit_bytes *bytes; /* the text as UTF-8, made when asked for */
};

/* True when `at` lies between two clusters (or at an end). */
bool textedit_at_boundary(const struct textedit *t, size_t at);
/* The nearest boundary before / after `at`; `at` itself at the ends. */
size_t textedit_before(const struct textedit *t, size_t at);
size_t textedit_after(const struct textedit *t, size_t at);
/* Cells of the code points [from, to). */
int textedit_cells(const struct textedit *t, size_t from, size_t to);
/* Moves the cursor one drawn row up (-1) or down (+1). */
bool textedit_move_row(struct textedit *t, int step);

#endif
