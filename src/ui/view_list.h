/* What the two files of the list view share: view_list.c (rows, pages, filter), view_list_keys.c (what a key does with
 * the chosen row). */
#ifndef GUITAI_UI_VIEW_LIST_H
#define GUITAI_UI_VIEW_LIST_H

#include "list_model.h"
#include "view.h"

#include "guitai/entry/textedit.h"

struct view_list {
    struct view view;
    struct list_def def;
    struct list_rows rows;
    struct textedit *search;
    size_t search_scroll;
    char *before_scan; /* the search text when a scanner may have begun to type */
    char **after;      /* key after which page 1, 2, … begins; page 0 begins at the start */
    size_t page;
    size_t at;
    char *selected; /* key of the chosen row: it stays chosen when the list changes under it */
    bool loading, again, loaded, to_end;
};

/* Reads the page again; one request at a time, what changes meanwhile is asked once more afterwards. */
void view_list_load(struct view_list *l);
/* An authored key with the chosen row: opens something, acts on its case, or calls a function. */
enum view_dirt view_list_press(struct view_list *l, const struct jnode *key);

#endif
