/* The materials of an item as rows to be marked: what is wanted, what was handed in. No screen, no form. */
#ifndef ENTRY_CHECKLIST_H
#define ENTRY_CHECKLIST_H

#include "guitai/base/json.h"
#include "guitai/entry/entry.h"

#define CHECKLIST_MAX_ROWS 200
#define CHECKLIST_MAX_COPIES 99

struct checklist {
    struct check_row *rows;
    size_t count, cursor;
    int typed; /* digits of a row number typed so far */
};

enum checklist_effect { CHECKLIST_NOTHING, CHECKLIST_CHANGED, CHECKLIST_MOVED, CHECKLIST_REFUSED };

void checklist_reset(struct checklist *c);
/* Rows from item__show.materials. Marks already made stay on rows of the same number when `keep`. */
void checklist_fill(struct checklist *c, const struct jnode *materials, bool keep);
/* Space, * o c v e x + - and digits; anything else is refused. */
enum checklist_effect checklist_char(struct checklist *c, uint32_t cp);
/* Moves the cursor; false at the edge. */
bool checklist_move(struct checklist *c, int step);
/* Marks the row under the cursor as missing. */
enum checklist_effect checklist_unmark(struct checklist *c);
/* The marked rows as JSON text [{"no":1,"state":"original","copies":1}]; "" when none is marked. Owned by the
 * caller. */
char *checklist_text(const struct checklist *c);
void checklist_write(const struct checklist *c, struct jnode *array);
/* Marks rows as such an array says, and only those; rows that are not there, and states that mean nothing,
 * are named in the error. */
bool checklist_read(struct checklist *c, const struct jnode *array, struct err *e);
size_t checklist_marked(const struct checklist *c);
/* Every mandatory row marked? Else the cursor goes to the first that is not, and the error names all of
 * them. */
bool checklist_complete(struct checklist *c, struct err *e);

#endif
