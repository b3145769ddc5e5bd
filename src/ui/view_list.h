/* What the files of the list view share: view_list.c (rows, pages, filter), view_list_keys.c (what a key does with the
 * chosen row), view_list_talk.c (a key that talks with another hall). */
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
    unsigned again_flags; /* CALL_HOLD: keys wait for what is asked again */
    struct {
        const struct jnode *key; /* of the list's file */
        char *with, *asked;      /* its argument; JSON of the step under way */
        long no;                 /* only the newest counts */
    } talk;
};

/* Reads the page again; one request at a time, what changes meanwhile is asked once more afterwards. */
void view_list_load(struct view_list *l);
/* An authored key with the chosen row: opens something, acts on its case, or calls a function. */
enum view_dirt view_list_press(struct view_list *l, const struct jnode *key);
/* A key with "then": its function says what to ask another hall, the answer goes to the function "then", until nothing
 * more is asked. Nobody waits for it. */
void view_list_talk(struct view_list *l, const struct jnode *key, const char *value);
void view_list_talk_end(struct view_list *l);

#endif
