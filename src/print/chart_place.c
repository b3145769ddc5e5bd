/* Order and columns of the flow chart's items. */
#include "chart_graph.h"

#include "guitai/base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2      /* cells between two boxes */
#define SWEEPS 7   /* down and up in turns, each as often as there are layers */

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

/* Median of `order` (scaled) or `centre` of the neighbours above or below, so that the middle one of three
 * hangs straight; `own` when there are none. */
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
        enum label_place place = chart_graph_label_place(g, l);
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

/* One distance for the whole layer, so that three branches stand evenly and the middle one hangs straight.
 * The last label may run on to the right. */
static int layer_room(const struct graph *g, struct item **row, int n)
{
    int room = 0;
    for (int i = 0; i + 1 < n; i++) {
        int own = label_room(g, row[i]);
        room = own > room ? own : room;
    }
    return room ? room + GAP : 0;
}

/* Items joined straight down, one after the other, move as one chain, so that no upright gets a jog. */
static void make_chains(struct graph *g)
{
    for (int i = 0; i < g->item_count; i++)
        g->items[i].chain = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < g->link_count; i++) {
            struct item *from = &g->items[g->links[i].from], *to = &g->items[g->links[i].to];
            if (from->outs == 1 && to->ins == 1 && from->chain != to->chain) {
                to->chain = from->chain;
                changed = true;
            }
        }
    }
}

/* Two chains that stand side by side in a layer. */
struct pair {
    int left, right; /* chains */
    int distance;    /* least, of their centres */
};

struct placing {
    struct graph *g;
    struct pair pairs[CHART_MAX_ITEMS];
    int pair_count;
    int wanted[CHART_MAX_ITEMS]; /* by chain */
};

static void make_pairs(struct placing *p, bool keep_labels)
{
    p->pair_count = 0;
    for (int layer = 0; layer < p->g->layer_count; layer++) {
        struct item *row[CHART_MAX_ITEMS];
        int n = layer_items(p->g, layer, row), room = keep_labels ? layer_room(p->g, row, n) : 0;
        for (int i = 0; i + 1 < n; i++)
            p->pairs[p->pair_count++] =
                (struct pair){ row[i]->chain, row[i + 1]->chain, distance(row[i], row[i + 1], room) };
    }
}

/* Moves chains to the right (or left) until all pairs keep their distance. False when two chains stand now
 * on one, now on the other side of each other. */
static bool push(const struct placing *p, bool to_right, int *centre)
{
    for (int round = 0; round <= p->g->item_count; round++) {
        bool changed = false;
        for (int i = 0; i < p->pair_count; i++) {
            const struct pair *pair = &p->pairs[i];
            if (centre[pair->right] >= centre[pair->left] + pair->distance)
                continue;
            if (to_right)
                centre[pair->right] = centre[pair->left] + pair->distance;
            else
                centre[pair->left] = centre[pair->right] - pair->distance;
            changed = true;
        }
        if (!changed)
            return true;
    }
    return false;
}

/* Nearest positions to the wanted ones that keep the distances: the mean of pushing right and of pushing
 * left. */
static bool settle(struct placing *p)
{
    int right[CHART_MAX_ITEMS], left[CHART_MAX_ITEMS];
    memcpy(right, p->wanted, sizeof right);
    memcpy(left, p->wanted, sizeof left);
    if (!push(p, true, right) || !push(p, false, left))
        return false;
    for (int i = 0; i < p->g->item_count; i++) {
        struct item *item = &p->g->items[i];
        item->centre = (left[item->chain] + right[item->chain]) / 2;
    }
    return true;
}

/* A chain wants to hang below (or stand above) the middle of its neighbours outside. */
static void want(struct placing *p, bool down)
{
    struct graph *g = p->g;
    for (int i = 0; i < g->item_count; i++)
        p->wanted[g->items[i].chain] = g->items[i].centre;
    for (int i = 0; i < g->link_count; i++) {
        const struct link *l = &g->links[i];
        const struct item *self = &g->items[down ? l->to : l->from];
        const struct item *other = &g->items[down ? l->from : l->to];
        if (self->chain != other->chain)
            p->wanted[self->chain] = neighbours_median(g, self, down, true, self->centre);
    }
}

static void place_centres(struct graph *g, bool keep_labels)
{
    struct placing p = { .g = g };
    make_chains(g);
    make_pairs(&p, keep_labels);
    for (int i = 0; i < g->item_count; i++)
        g->items[i].centre = p.wanted[i] = 1000; /* far from 0: halving rounds the same way everywhere */
    if (!settle(&p)) { /* crossing chains: every item for itself */
        for (int i = 0; i < g->item_count; i++)
            g->items[i].chain = i;
        make_pairs(&p, keep_labels);
    }
    for (int sweep = 0; sweep < SWEEPS * (g->layer_count + 1); sweep++) {
        want(&p, sweep / g->layer_count % 2 == 0);
        settle(&p);
    }
}

int chart_place(struct graph *g, bool keep_labels)
{
    int left = 0, right = 0;
    order_items(g);
    place_centres(g, keep_labels);
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
