#include "chart_graph.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOX_PADDING 4 /* "│ " and " │" */

struct reader {
    struct graph *g;
    const struct jnode *chart;
    bool english;
    struct err *e;
};

static const char *label_of(const struct reader *r, const struct jnode *n, const char *zh_key,
                            const char *en_key)
{
    const char *zh = jn_str(n, zh_key, ""), *en = jn_str(n, en_key, "");
    return (r->english && *en) || !*zh ? en : zh;
}

static int find_node(const struct reader *r, const char *id)
{
    int i = 0;
    for (const struct jnode *n = jn_first(jn_get(r->chart, "nodes")); n; n = jn_next(n), i++)
        if (strcmp(jn_str(n, "id", ""), id) == 0)
            return i;
    return -1;
}

static bool read_nodes(struct reader *r)
{
    for (const struct jnode *n = jn_first(jn_get(r->chart, "nodes")); n; n = jn_next(n)) {
        struct graph *g = r->g;
        if (g->node_count == CHART_MAX_NODES)
            return err_set(r->e, ERR_INPUT, _("the flow chart has more than %d states"), CHART_MAX_NODES);
        const char *label = label_of(r, n, "zh", "en");
        struct item *item = &g->items[g->node_count++];
        item->label = xstrdup(*label ? label : jn_str(n, "id", "?"));
        item->width = utf8_cells(item->label) + BOX_PADDING;
    }
    r->g->item_count = r->g->node_count;
    if (r->g->node_count == 0)
        return err_set(r->e, ERR_INPUT, _("the flow chart has no start: it has no states"));
    return true;
}

static char *edge_label(const struct reader *r, const struct jnode *edge)
{
    const char *label = label_of(r, edge, "zh", "en"), *duty = label_of(r, edge, "duty_zh", "duty_en");
    return *duty ? xasprintf("%s (%s)", label, duty) : xstrdup(label);
}

static struct edge *find_edge(struct graph *g, int from, int to)
{
    for (int i = 0; i < g->edge_count; i++)
        if (g->edges[i].from == from && g->edges[i].to == to)
            return &g->edges[i];
    return NULL;
}

/* "审查同意 (审核人员)" and "审查不同意 (审核人员)" become "审查同意/审查不同意 (审核人员)". */
static void join_labels(struct edge *edge, char *more)
{
    char *paren = strrchr(edge->label, '('), *other = strrchr(more, '(');
    char *joined;
    if (paren && other && paren > edge->label && other > more && strcmp(paren, other) == 0)
        joined = xasprintf("%.*s/%s", (int)(paren - edge->label - 1), edge->label, more);
    else
        joined = xasprintf("%s/%s", edge->label, more);
    free(edge->label);
    free(more);
    edge->label = joined;
}

static bool read_edges(struct reader *r)
{
    struct graph *g = r->g;
    for (const struct jnode *n = jn_first(jn_get(r->chart, "edges")); n; n = jn_next(n)) {
        int from = find_node(r, jn_str(n, "from", "")), to = find_node(r, jn_str(n, "to", ""));
        if (from < 0 || to < 0)
            return err_set(r->e, ERR_INPUT, _("the flow chart has no state \"%s\""),
                           jn_str(n, from < 0 ? "from" : "to", ""));
        struct edge *edge = find_edge(g, from, to);
        if (edge) {
            join_labels(edge, edge_label(r, n));
            continue;
        }
        if (g->edge_count == CHART_MAX_EDGES)
            return err_set(r->e, ERR_INPUT, _("the flow chart has more than %d steps"), CHART_MAX_EDGES);
        g->edges[g->edge_count++] = (struct edge){ .from = from, .to = to, .label = edge_label(r, n) };
    }
    return true;
}

/* Depth-first walk: an edge to a node that is still being walked leads back. */
struct walk {
    struct graph *g;
    enum { NEW, OPEN, DONE } state[CHART_MAX_NODES];
    int rank;
};

static void walk_from(struct walk *w, int node)
{
    w->state[node] = OPEN;
    w->g->items[node].found = w->rank++;
    for (int i = 0; i < w->g->edge_count; i++) {
        struct edge *edge = &w->g->edges[i];
        if (edge->from != node)
            continue;
        if (w->state[edge->to] == OPEN)
            edge->back = true;
        else if (w->state[edge->to] == NEW)
            walk_from(w, edge->to);
    }
    w->state[node] = DONE;
}

static bool has_entry(const struct graph *g, int node)
{
    for (int i = 0; i < g->edge_count; i++)
        if (g->edges[i].to == node && g->edges[i].from != node)
            return true;
    return false;
}

/* The start is what nothing leads to; in a ring, the first state named. */
static void mark_back_edges(struct graph *g)
{
    struct walk w = { .g = g };
    for (int i = 0; i < g->node_count; i++)
        if (!has_entry(g, i))
            walk_from(&w, i);
    for (int i = 0; i < g->node_count; i++)
        if (w.state[i] == NEW)
            walk_from(&w, i);
}

static void make_layers(struct graph *g)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < g->edge_count; i++) {
            struct edge *edge = &g->edges[i];
            int below = g->items[edge->from].layer + 1;
            if (!edge->back && g->items[edge->to].layer < below) {
                g->items[edge->to].layer = below;
                changed = true;
            }
        }
    }
    for (int i = 0; i < g->node_count; i++)
        if (g->items[i].layer >= g->layer_count)
            g->layer_count = g->items[i].layer + 1;
}

static bool add_link(struct graph *g, int from, int to, int edge, bool labelled, struct err *e)
{
    if (g->link_count == CHART_MAX_LINKS)
        return err_set(e, ERR_INPUT, _("the flow chart is too tangled to be drawn"));
    g->links[g->link_count++] =
        (struct link){ .from = from, .to = to, .edge = edge, .labelled = labelled, .net = -1 };
    g->items[from].outs++;
    g->items[to].ins++;
    return true;
}

static bool make_links(struct graph *g, struct err *e)
{
    for (int i = 0; i < g->edge_count; i++) {
        struct edge *edge = &g->edges[i];
        int at = edge->from;
        for (int layer = g->items[at].layer + 1; !edge->back && layer < g->items[edge->to].layer; layer++) {
            if (g->item_count == CHART_MAX_ITEMS)
                return err_set(e, ERR_INPUT, _("the flow chart is too tangled to be drawn"));
            int pass = g->item_count++;
            g->items[pass] = (struct item){ .layer = layer, .width = 1, .found = g->items[edge->from].found };
            if (!add_link(g, at, pass, i, at == edge->from, e))
                return false;
            at = pass;
        }
        if (!edge->back && !add_link(g, at, edge->to, i, at == edge->from, e))
            return false;
    }
    return true;
}

struct graph *chart_graph_read(const struct jnode *chart, bool english, struct err *e)
{
    struct graph *g = xcalloc(1, sizeof *g);
    struct reader r = { .g = g, .chart = chart, .english = english, .e = e };
    bool ok = read_nodes(&r) && read_edges(&r);
    if (ok) {
        mark_back_edges(g);
        make_layers(g);
        ok = make_links(g, e);
    }
    if (!ok)
        chart_graph_free(&g);
    return g;
}

void chart_graph_free(struct graph **graph)
{
    struct graph *g = *graph;
    if (!g)
        return;
    for (int i = 0; i < g->item_count; i++)
        free(g->items[i].label);
    for (int i = 0; i < g->edge_count; i++)
        free(g->edges[i].label);
    free(g);
    *graph = NULL;
}

enum label_place chart_graph_label_place(const struct graph *g, const struct link *l)
{
    if (!l->labelled || g->edges[l->edge].label[0] == '\0')
        return LABEL_NOWHERE;
    if (g->items[l->to].ins == 1)
        return LABEL_AT_TARGET;
    return g->items[l->from].outs == 1 ? LABEL_AT_SOURCE : LABEL_NOWHERE;
}
