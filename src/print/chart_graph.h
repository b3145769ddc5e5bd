/* The flow chart's graph, taken apart into layers. Private to chart*.c. Base only. */
#ifndef GUITAI_PRINT_CHART_GRAPH_H
#define GUITAI_PRINT_CHART_GRAPH_H

#include "guitai/print/chart.h"

#define CHART_MAX_ITEMS 400
#define CHART_MAX_LINKS 800
#define CHART_LABEL_GAP 2 /* cells from an upright to its label */

/* A node, or a place where a long edge passes a layer. */
struct item {
    char *label; /* NULL: a passing edge */
    int layer;
    int order;  /* in its layer, 0 is left */
    int width;  /* cells */
    int centre; /* column of its connections */
    int chain;  /* items in one column: the number of the uppermost */
    int found;  /* rank in which the walk from the start met it */
    int ins, outs;
};

struct edge {
    int from, to;
    char *label;
    bool back;   /* leads up: listed under the chart */
    bool placed; /* its label stands in the chart */
};

/* A piece of an edge between neighbouring layers. */
struct link {
    int from, to; /* items */
    int edge;
    bool labelled; /* this piece carries the edge's label */
    int net;       /* pieces that share one horizontal, or -1: straight down */
};

struct graph {
    struct item items[CHART_MAX_ITEMS];
    int item_count, node_count, layer_count;
    struct edge edges[CHART_MAX_EDGES];
    int edge_count;
    struct link links[CHART_MAX_LINKS];
    int link_count;
};

/* Reads nodes and edges (edges between the same two nodes become one with both labels), marks the backward
 * ones, makes layers and links. NULL on error. */
struct graph *chart_graph_read(const struct jnode *chart, bool english, struct err *e);
void chart_graph_free(struct graph **g);

/* Gives every item its order and centre, 0 being the leftmost cell used. `keep_labels`: leave room for the
 * labels. Returns the width in cells. */
int chart_place(struct graph *g, bool keep_labels);

/* Where a link's label stands: above its target, below its source, or nowhere (both are shared). */
enum label_place { LABEL_NOWHERE, LABEL_AT_TARGET, LABEL_AT_SOURCE };
enum label_place chart_graph_label_place(const struct graph *g, const struct link *l);

#endif
