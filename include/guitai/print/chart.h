/* The flow chart (流程图) of an item's steps as text lines, for the screen and for paper: states as boxes,
 * parallel branches side by side, never a column misaligned by a double-width character. Base only. */
#ifndef GUITAI_PRINT_CHART_H
#define GUITAI_PRINT_CHART_H

#include "guitai/base/err.h"
#include "guitai/base/json.h"

#include <stddef.h>

#define CHART_MAX_NODES 64
#define CHART_MAX_EDGES 256

/* `graph` is process__chart's {nodes:[{id,zh,en}],edges:[{from,to,zh,en,duty_zh}]}. Draws at most
 * `columns` cells wide and, where a denser style can do it, within 24 lines; `ascii` uses + - | instead of
 * box lines. Backward edges, and labels that found no room, are listed under the chart. Lines joined by
 * \n, owned by the caller. Errors: more nodes side by side than fit; no start; an edge to a node that is
 * not there. */
char *chart_draw(const struct jnode *graph, int columns, bool ascii, struct err *e)
    __attribute__((warn_unused_result));

struct chart_size {
    int columns;  /* 20 to 200 */
    int rows;     /* the densest style is drawn when none fits; 0: no limit, boxes and air */
    bool ascii;
    bool chinese; /* Chinese whatever the user's language: paper */
};
char *chart_draw_sized(const struct jnode *graph, struct chart_size size, struct err *e)
    __attribute__((warn_unused_result));

/* The graph of a step table (item__show's "steps": from, to, from_zh, to_zh, zh, en, duty_zh), without the
 * steps of a cancelled item. Owner: the caller. */
struct json *chart_of_steps(const struct jnode *steps) __attribute__((warn_unused_result));

#endif
