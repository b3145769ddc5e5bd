/* The look of single fields: texts, paragraphs, choices with their list, checklists. */
#ifndef GUITAI_UI_ENTRY_DRAW_H
#define GUITAI_UI_ENTRY_DRAW_H

#include "guitai/entry/entry.h"

struct entry_place;
struct entry_drawn;

/* `drawn` remembers what stands there (NULL for a field without the focus). */
void entry_draw_field(const struct entry *en, size_t i, int y, const struct entry_place *p, size_t *scroll,
                      struct entry_drawn *drawn);
void entry_draw_cursor(const struct entry *en, size_t i, const struct entry_place *p, size_t *scroll, int *y,
                       int *x);
/* The list of a choice beneath its field (above when there is no room). */
void entry_draw_popup(const struct entry *en, int y, int x);
/* Screen rows that `rows` checklist lines take. */
int entry_draw_check_rows(size_t rows);
/* The one of them that its cursor stands in, from 1; 0: none. */
int entry_draw_check_line(const struct entry *en, size_t i);
/* Only the lines that lie in the body. */
void entry_draw_checklist(const struct entry *en, size_t i, int y);
void entry_draw_checklist_cursor(const struct entry *en, size_t i, int *y, int *x);

#endif
