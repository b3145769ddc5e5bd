/* A step table as a flow chart's graph. */
#include "guitai/print/chart.h"

#include <string.h>

static bool has_node(const struct jnode *nodes, const char *id)
{
    for (const struct jnode *n = jn_first(nodes); n; n = jn_next(n))
        if (strcmp(jn_str(n, "id", ""), id) == 0)
            return true;
    return false;
}

static void add_node(struct jnode *nodes, const char *id, const struct jnode *zh)
{
    if (has_node(nodes, id))
        return;
    struct jnode *node = jn_push_object(nodes);
    jn_set_str(node, "id", id);
    jn_set_copy(node, "zh", zh);
}

struct json *chart_of_steps(const struct jnode *steps)
{
    struct json *graph = json_new_object();
    struct jnode *nodes = jn_set_array(json_edit(graph), "nodes");
    struct jnode *edges = jn_set_array(json_edit(graph), "edges");
    for (const struct jnode *step = jn_first(steps); step; step = jn_next(step)) {
        const char *from = jn_str(step, "from", ""), *to = jn_str(step, "to", "");
        /* ending a case because its item was cancelled is no part of the ordinary way */
        if (strcmp(jn_str(step, "result", ""), "terminate") == 0)
            continue;
        add_node(nodes, from, jn_get(step, "from_zh"));
        add_node(nodes, to, jn_get(step, "to_zh"));
        struct jnode *edge = jn_push_object(edges);
        jn_set_str(edge, "from", from);
        jn_set_str(edge, "to", to);
        jn_set_copy(edge, "zh", jn_get(step, "zh"));
        jn_set_copy(edge, "en", jn_get(step, "en"));
        jn_set_copy(edge, "duty_zh", jn_get(step, "duty_zh"));
    }
    return graph;
}
