#include "chart_graph.h"

#include "canvas.h"
#include "wrap.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CHART (256u << 10)
#define SCREEN_ROWS 24

/* From airy to dense; the first that fits is drawn. */
static const struct style {
    int box;        /* rows of a box: 3, or 1 for [ a name ] */
    int straight;   /* rows between boxes joined straight down */
    bool label_row; /* a row of its own for labels below joining sources */
} styles[] = { { 3, 1, true }, { 3, 0, true }, { 1, 1, true }, { 1, 1, false } };

/* Links that share one horizontal line: all that leave one item, or a block of items that all lead to the
 * same. */
struct net {
    int left, right; /* columns */
    int track;
};

struct drawing {
    struct graph *g;
    struct style style;
    struct canvas *canvas;
    struct net nets[CHART_MAX_LINKS];
    int net_count;
    int top[CHART_MAX_NODES];         /* first row of each layer */
    int tracks[CHART_MAX_NODES];      /* horizontals below each layer */
    bool source_row[CHART_MAX_NODES]; /* a row for labels at the sources below each layer */
    int rows;
};

static bool is_straight(const struct graph *g, const struct link *l)
{
    const struct item *from = &g->items[l->from], *to = &g->items[l->to];
    return from->outs == 1 && to->ins == 1 && from->centre == to->centre;
}

/* Do all links into `l->to` come from items with no other way out? Then one horizontal serves them all. */
static bool is_join(const struct graph *g, const struct link *l)
{
    for (int i = 0; i < g->link_count; i++)
        if (g->links[i].to == l->to && g->items[g->links[i].from].outs != 1)
            return false;
    return true;
}

static void widen(struct net *net, int column)
{
    net->left = column < net->left ? column : net->left;
    net->right = column > net->right ? column : net->right;
}

static void make_net(struct drawing *d, struct link *first)
{
    struct graph *g = d->g;
    bool join = is_join(g, first);
    int column = g->items[first->from].centre, id = d->net_count++;
    struct net *net = &d->nets[id];
    *net = (struct net){ column, column, 0 };
    for (int i = 0; i < g->link_count; i++) {
        struct link *l = &g->links[i];
        if (join ? l->to != first->to : l->from != first->from)
            continue;
        l->net = id;
        widen(net, g->items[l->from].centre);
        widen(net, g->items[l->to].centre);
    }
}

static int net_layer(const struct drawing *d, int net)
{
    for (int i = 0; i < d->g->link_count; i++)
        if (d->g->links[i].net == net)
            return d->g->items[d->g->links[i].from].layer;
    return -1;
}

/* Horizontals that would touch lie on different tracks. */
static void choose_track(struct drawing *d, int id, int layer)
{
    struct net *net = &d->nets[id];
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < id; i++) {
            const struct net *other = &d->nets[i];
            if (net_layer(d, i) == layer && other->track == net->track && other->left <= net->right + 1
                && net->left <= other->right + 1) {
                net->track++;
                again = true;
            }
        }
    }
    if (d->tracks[layer] < net->track + 1)
        d->tracks[layer] = net->track + 1;
}

static void make_nets(struct drawing *d)
{
    struct graph *g = d->g;
    for (int i = 0; i < g->link_count; i++)
        g->links[i].net = -1;
    for (int i = 0; i < g->link_count; i++) {
        struct link *l = &g->links[i];
        if (l->net >= 0 || is_straight(g, l))
            continue;
        make_net(d, l);
        choose_track(d, l->net, g->items[l->from].layer);
    }
}

static int gap_rows(const struct drawing *d, int layer)
{
    if (d->tracks[layer] == 0)
        return d->style.straight;
    return d->source_row[layer] + d->tracks[layer] + 1;
}

static void make_rows(struct drawing *d)
{
    for (int i = 0; i < d->g->link_count; i++) {
        const struct link *l = &d->g->links[i];
        if (d->style.label_row && l->net >= 0 && chart_graph_label_place(d->g, l) == LABEL_AT_SOURCE)
            d->source_row[d->g->items[l->from].layer] = true;
    }
    for (int layer = 0; layer < d->g->layer_count; layer++) {
        d->top[layer] = d->rows;
        d->rows += d->style.box + (layer + 1 < d->g->layer_count ? gap_rows(d, layer) : 0);
    }
}

static int bottom_of(const struct drawing *d, const struct item *item)
{
    return d->top[item->layer] + d->style.box - 1;
}

static void draw_item(struct drawing *d, int id)
{
    const struct item *item = &d->g->items[id];
    int y = d->top[item->layer], x = item->centre - (item->width - 1) / 2;
    if (!item->label) {
        canvas_upright(d->canvas, item->centre, y, bottom_of(d, item), CHART_MAX_LINKS + id);
    } else if (d->style.box == 3) {
        canvas_box(d->canvas, x, y, item->width, 3, CHART_MAX_LINKS + id);
        canvas_text(d->canvas, x + 2, y + 1, item->label);
    } else {
        canvas_text(d->canvas, x, y, "[");
        canvas_text(d->canvas, x + 2, y, item->label);
        canvas_text(d->canvas, x + item->width - 1, y, "]");
    }
}

/* The end of a link on a box's border (or on a passing edge). */
static void touch(struct drawing *d, const struct item *item, int y, unsigned arm, int owner)
{
    if (d->style.box == 3 || !item->label)
        canvas_line(d->canvas, item->centre, y, arm, owner);
}

static void draw_link(struct drawing *d, int id)
{
    const struct link *l = &d->g->links[id];
    const struct item *from = &d->g->items[l->from], *to = &d->g->items[l->to];
    int above = bottom_of(d, from), below = d->top[to->layer];
    int owner = l->net >= 0 ? l->net : CHART_MAX_LINKS + CHART_MAX_ITEMS + id;
    touch(d, from, above, LINE_DOWN, owner);
    bool arrow = to->label && below - 1 > above;
    if (!arrow)
        touch(d, to, below, LINE_UP, owner);
    if (l->net < 0) {
        canvas_upright(d->canvas, from->centre, above + 1, below - 1, owner);
    } else {
        const struct net *net = &d->nets[l->net];
        int y = above + 1 + d->source_row[from->layer] + net->track;
        canvas_upright(d->canvas, from->centre, above + 1, y - 1, owner);
        canvas_line(d->canvas, from->centre, y, LINE_UP, owner);
        canvas_level(d->canvas, net->left, net->right, y, owner);
        canvas_line(d->canvas, to->centre, y, LINE_DOWN, owner);
        canvas_upright(d->canvas, to->centre, y + 1, below - 1, owner);
    }
    if (arrow)
        canvas_arrow(d->canvas, to->centre, below - 1);
}

static void draw_label(struct drawing *d, const struct link *l)
{
    const struct item *from = &d->g->items[l->from], *to = &d->g->items[l->to];
    struct edge *edge = &d->g->edges[l->edge];
    enum label_place place = chart_graph_label_place(d->g, l);
    int bottom = bottom_of(d, from), below = d->top[to->layer];
    int x = (place == LABEL_AT_SOURCE ? from : to)->centre + CHART_LABEL_GAP;
    int y = place == LABEL_AT_SOURCE ? bottom + 1 : below - 1;
    if (place == LABEL_NOWHERE || (place == LABEL_AT_SOURCE && !d->source_row[from->layer]))
        return;
    if (below - 1 == bottom) /* box on box: beside the border */
        x = from->centre + from->width - (from->width - 1) / 2 + 1;
    edge->placed = canvas_text_if_free(d->canvas, x, y, edge->label);
}

/* "退回: 已审查 → 已受理", several on a line where they fit. */
static void add_note(struct str *out, const char *note, int columns, int *used)
{
    int cells = utf8_cells(note);
    if (*used > 0 && *used + 3 + cells > columns) {
        str_add(out, "\n");
        *used = 0;
    }
    if (*used > 0) {
        str_add(out, "   ");
        *used += 3;
    }
    while (utf8_cells(note) > columns) {
        size_t skip, n = wrap_line(note, columns, &skip);
        str_add_n(out, note, n);
        str_add(out, "\n");
        note += n + skip;
    }
    str_add(out, note);
    *used += utf8_cells(note);
}

static void write_notes(const struct graph *g, const struct chart_size *size, bool back, struct str *out)
{
    int used = 0;
    for (int i = 0; i < g->edge_count; i++) {
        const struct edge *edge = &g->edges[i];
        if (edge->back != back || edge->placed || (!back && !*edge->label))
            continue;
        char *note = xasprintf("%s %s %s%s%s", g->items[edge->from].label, size->ascii ? "->" : "→",
                               g->items[edge->to].label, *edge->label ? ": " : "", edge->label);
        add_note(out, note, size->columns, &used);
        free(note);
    }
    if (used)
        str_add(out, "\n");
}

static void shift(struct graph *g, int by)
{
    for (int i = 0; i < g->item_count; i++)
        g->items[i].centre += by;
}

static char *draw_style(struct graph *g, struct style style, const struct chart_size *size)
{
    struct drawing *d = xcalloc(1, sizeof *d);
    struct str out;
    d->g = g;
    d->style = style;
    make_nets(d);
    make_rows(d);
    d->canvas = canvas_new(size->columns, d->rows);
    for (int i = 0; i < g->item_count; i++)
        draw_item(d, i);
    for (int i = 0; i < g->link_count; i++)
        draw_link(d, i);
    for (int i = 0; i < g->edge_count; i++)
        g->edges[i].placed = false;
    for (int i = 0; i < g->link_count; i++)
        draw_label(d, &g->links[i]);
    str_init(&out, MAX_CHART);
    canvas_write(d->canvas, size->ascii, &out);
    write_notes(g, size, false, &out);
    write_notes(g, size, true, &out);
    canvas_free(&d->canvas);
    free(d);
    return str_steal(&out);
}

static int count_lines(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* Tries the styles with and without room for labels; keeps the last that was narrow enough. */
static char *draw_best(struct graph *g, const struct chart_size *size)
{
    char *best = NULL;
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        int width = chart_place(g, true);
        if (width > size->columns)
            width = chart_place(g, false);
        if (width > size->columns)
            continue;
        shift(g, (size->columns - width) / 2);
        free(best);
        best = draw_style(g, styles[i], size);
        if (size->rows == 0 || count_lines(best) <= size->rows)
            break;
    }
    return best;
}

char *chart_draw_sized(const struct jnode *chart, struct chart_size size, struct err *e)
{
    if (size.columns < 20 || size.columns > 200) {
        err_set(e, ERR_INPUT, _("a flow chart has 20 to 200 columns"));
        return NULL;
    }
    struct graph *g = chart_graph_read(chart, i18n_english() && !size.chinese, e);
    if (!g)
        return NULL;
    char *text = draw_best(g, &size);
    if (!text)
        err_set(e, ERR_INPUT, _("the flow chart has more states side by side than fit into %d columns"),
                size.columns);
    chart_graph_free(&g);
    return text;
}

char *chart_draw(const struct jnode *graph, int columns, bool ascii, struct err *e)
{
    struct chart_size size = { .columns = columns, .rows = SCREEN_ROWS, .ascii = ascii };
    return chart_draw_sized(graph, size, e);
}
