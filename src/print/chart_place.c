/* Order and columns of the flow chart's items. */
#include "chart_graph.h"

#include "guitai/base/utf8.h"

#include <stdlib.h>

#define GAP 2      /* cells between two boxes */
#define SWEEPS 9   /* odd: the last one goes down, so that a chain hangs straight */

static int by_order(const void *a, const void *b)
{
    const struct item *const *x = a, *const *y = b;
    return (*x)->order != (*y)->order ? (*x)->order - (*y)->order : (*x)->found - (*y)->found;
}

/* The layer's items from left to right. Returns how many. */
static int layer_items(struct graph *g, int layer, struct item **out)
{
    int n = 0;
    for (int i = 0; i < g->item_count; i++)
        if (g->items[i].layer == layer)
            out[n++] = &g->items[i];
    qsort(out, (size_t)n, sizeof *out, by_order);
    return n;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Median of `order` (scaled) or `centre` of the neighbours above or below, so that the middle one of three hangs
 * straight; `own` when there are none. */
static int neighbours_median(const struct graph *g, const struct item *item, bool above, bool centre, int own)
{
    int self = (int)(item - g->items), n = 0, values[CHART_MAX_LINKS];
    for (int i = 0; i < g->link_count; i++) {
        const struct link *l = &g->links[i];
        if ((above ? l->to : l->from) != self)
            continue;
        const struct item *other = &g->items[above ? l->from : l->to];
        values[n++] = centre ? other->centre : other->order * 100;
    }
    if (n == 0)
        return own;
    qsort(values, (size_t)n, sizeof *values, by_number);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void renumber(struct graph *g, int layer)
{
    struct item *row[CHART_MAX_ITEMS];
    int n = layer_items(g, layer, row);
    for (int i = 0; i < n; i++)
        row[i]->order = i;
}

/* Neighbours' median order, sweeping down and up, untangles the links (Sugiyama's layered drawing). */
static void order_items(struct graph *g)
{
    for (int i = 0; i < g->item_count; i++)
        g->items[i].order = g->items[i].found * 4;
    for (int layer = 0; layer < g->layer_count; layer++)
        renumber(g, layer);
    for (int sweep = 0; sweep < 4; sweep++) {
        bool down = sweep % 2 == 0;
        for (int k = 1; k < g->layer_count; k++) {
            struct item *row[CHART_MAX_ITEMS];
            int layer = down ? k : g->layer_count - 1 - k;
            int n = layer_items(g, layer, row), order[CHART_MAX_ITEMS];
            for (int i = 0; i < n; i++)
                order[i] = neighbours_median(g, row[i], down, false, row[i]->order * 100) * 10 + i;
            for (int i = 0; i < n; i++)
                row[i]->order = order[i];
            renumber(g, layer);
        }
    }
}

/* Cells that the labels of an item's links need to the right of its centre. */
static int label_room(const struct graph *g, const struct item *item)
{
    int self = (int)(item - g->items), room = 0;
    for (int i = 0; i < g->link_count; i++) {
        const struct link *l = &g->links[i];
        enum label_place place = graph_label_place(g, l);
        if ((place == LABEL_AT_TARGET && l->to == self) || (place == LABEL_AT_SOURCE && l->from == self)) {
            int cells = utf8_cells(g->edges[l->edge].label) + CHART_LABEL_GAP;
            room = cells > room ? cells : room;
        }
    }
    return room;
}

static int left_half(const struct item *item)
{
    return (item->width - 1) / 2;
}

static int right_half(const struct graph *g, const struct item *item, bool keep_labels)
{
    int half = item->width - 1 - left_half(item);
    int room = keep_labels ? label_room(g, item) : 0;
    return room > half ? room : half;
}

/* Least distance of the centres of neighbours `a` and `b`. */
static int distance(const struct item *a, const struct item *b, int room)
{
    int boxes = a->width - 1 - left_half(a) + GAP + left_half(b) + 1;
    return room > boxes ? room : boxes;
}

/* One distance for the whole layer, so that three branches stand evenly and the middle one hangs straight. The last
 * label may run on to the right. */
static int layer_room(const struct graph *g, struct item **row, int n)
{
    int room = 0;
    for (int i = 0; i + 1 < n; i++) {
        int own = label_room(g, row[i]);
        room = own > room ? own : room;
    }
    return room ? room + GAP : 0;
}

/* Nearest positions to the wanted ones that keep the distances: the mean of pushing right and of pushing left. */
static void place_layer(struct graph *g, struct item **row, int n, const int *wanted, bool keep_labels)
{
    int right[CHART_MAX_ITEMS], left[CHART_MAX_ITEMS];
    int room = keep_labels ? layer_room(g, row, n) : 0;
    for (int i = 0; i < n; i++) {
        right[i] = wanted[i];
        if (i > 0 && right[i] < right[i - 1] + distance(row[i - 1], row[i], room))
            right[i] = right[i - 1] + distance(row[i - 1], row[i], room);
    }
    for (int i = n - 1; i >= 0; i--) {
        left[i] = wanted[i];
        if (i + 1 < n && left[i] > left[i + 1] - distance(row[i], row[i + 1], room))
            left[i] = left[i + 1] - distance(row[i], row[i + 1], room);
    }
    for (int i = 0; i < n; i++)
        row[i]->centre = (left[i] + right[i]) / 2;
}

static void sweep_centres(struct graph *g, bool down, bool keep_labels)
{
    for (int k = 0; k < g->layer_count; k++) {
        struct item *row[CHART_MAX_ITEMS];
        int wanted[CHART_MAX_ITEMS];
        int n = layer_items(g, down ? k : g->layer_count - 1 - k, row);
        for (int i = 0; i < n; i++)
            wanted[i] = neighbours_median(g, row[i], down, true, row[i]->centre);
        place_layer(g, row, n, wanted, keep_labels);
    }
}

int graph_place(struct graph *g, bool keep_labels)
{
    int left = 0, right = 0;
    order_items(g);
    for (int i = 0; i < g->item_count; i++)
        g->items[i].centre = 1000; /* far from 0: halving rounds the same way everywhere */
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        sweep_centres(g, sweep % 2 == 0, keep_labels);
    for (int i = 0; i < g->item_count; i++) {
        const struct item *item = &g->items[i];
        int l = item->centre - left_half(item), r = item->centre + right_half(g, item, keep_labels);
        left = i == 0 || l < left ? l : left;
        right = i == 0 || r > right ? r : right;
    }
    for (int i = 0; i < g->item_count; i++)
        g->items[i].centre -= left;
    return right - left + 1;
}
