/* Where the fields of a form stand on the screen, and drawing them there. Asks nobody, changes nothing but
 * the scroll positions it is given. */
#ifndef GUITAI_UI_ENTRY_LAYOUT_H
#define GUITAI_UI_ENTRY_LAYOUT_H

#include "guitai/entry/entry.h"

#include <stdbool.h>

#define ENTRY_LAYOUT_MAX FORMDEF_MAX_FIELDS
#define ENTRY_LAYOUT_PARAGRAPH 4 /* rows of a paragraph at most */

struct entry_place {
    int row, rows; /* counted from the first row of the form, not of the screen */
    int label_x, label_width, x, width;
    int note_x, note_width;
};

/* What stands on the screen of the field with the focus, so that a key draws only what it changed. */
#define ENTRY_DRAWN_MAX 1024
struct entry_drawn {
    const struct fielddef *field; /* NULL: unknown */
    char text[ENTRY_DRAWN_MAX], note[ENTRY_DRAWN_MAX];
};

struct entry_layout {
    struct entry_place place[ENTRY_LAYOUT_MAX];
    size_t count;
    int rows;                        /* of the whole form */
    int top;                         /* first form row shown */
    size_t scroll;                   /* of the field with the focus */
    const struct fielddef *scrolled; /* the field that `scroll` belongs to */
    struct entry_drawn drawn;
};

/* Places the visible fields, tells the form how wide its paragraphs are, and scrolls so that the field with
 * the focus is shown. */
void entry_layout_make(struct entry_layout *l, struct entry *en);
/* True when field heights or the set of fields no longer fit the places. */
bool entry_layout_stale(const struct entry_layout *l, const struct entry *en);
void entry_layout_draw(struct entry_layout *l, const struct entry *en);
/* Only the field with the focus and what stands beside it. */
void entry_layout_draw_focus(struct entry_layout *l, const struct entry *en);
/* When the key only appended one character to the one-line field with the focus: its bytes (0 otherwise),
 * which are the last ones of drawn.text from then on, and the place of the field. The caller must put them on
 * the screen, or take them back with entry_layout_forget(). */
size_t entry_layout_appended(struct entry_layout *l, const struct entry *en, struct entry_place *field,
                             int *y);
void entry_layout_forget(struct entry_layout *l, size_t n);
void entry_layout_cursor(struct entry_layout *l, const struct entry *en, int *y, int *x);

#endif
