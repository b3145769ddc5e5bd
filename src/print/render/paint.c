#include "paint.h"

#include "codes.h"

#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>

#define GAP (0.8 * MM)         /* between blocks */
#define BAR_HEIGHT (10 * MM)
#define BAR_MODULE (0.33 * MM)
#define QR_MODULE (0.75 * MM)
#define CODE_GAP (4 * MM)      /* quiet zone between the two codes */

static double size_factor(int size)
{
    return size < 0 ? 0.85 : size == 0 ? 1 : size == 1 ? 1.2 : 1.5;
}

static bool flow(struct sheet *s, const char *text, const struct type *t, double x)
{
    PangoLayout *layout = sheet_layout(s, text, t);
    if (!layout)
        return false;
    sheet_flow(s, layout, x);
    g_object_unref(layout);
    return true;
}

static bool paint_title(struct sheet *s, const struct block *b)
{
    struct type t = { .points = s->points * 1.75, .bold = true, .align = b->align, .width = s->width };
    bool ok = flow(s, b->text, &t, s->left);
    s->y += 1.5 * MM;
    return ok;
}

static bool paint_text(struct sheet *s, const struct block *b)
{
    double points = s->points * size_factor(b->size);
    struct type t = { .points = points, .bold = b->bold, .align = b->align, .width = s->width,
                      .indent = b->indent ? 2 * points : 0 };
    bool ok = flow(s, b->text, &t, s->left);
    s->y += GAP;
    return ok;
}

/* "label：" and the value hanging beside it. Returns the height, 0 on error. */
static double put_pair(struct sheet *s, const char *label, const char *text, double x, double y, double width)
{
    char *head = xasprintf("%s：", label);
    struct type t = { .points = s->points };
    PangoLayout *name = sheet_layout(s, head, &t), *value = NULL;
    double height = 0;
    free(head);
    if (name) {
        t.width = width - sheet_layout_width(name);
        value = sheet_layout(s, text, &t);
    }
    if (value) {
        sheet_draw(s, name, x, y);
        sheet_draw(s, value, x + sheet_layout_width(name), y);
        height = sheet_layout_height(value);
    }
    g_clear_object(&name);
    g_clear_object(&value);
    return height;
}

/* A long value (an opinion) flows over the page's end; a short one stands beside its label. */
static bool paint_pair(struct sheet *s, const struct block *b)
{
    char *head = xasprintf("%s：", b->label);
    struct type t = { .points = s->points };
    PangoLayout *name = sheet_layout(s, head, &t);
    free(head);
    if (!name)
        return false;
    double label = sheet_layout_width(name);
    t.width = s->width - label;
    sheet_need(s, sheet_layout_height(name));
    sheet_draw(s, name, s->left, s->y);
    g_object_unref(name);
    bool ok = flow(s, b->text, &t, s->left + label);
    s->y += GAP;
    return ok;
}

static bool paint_pairs2(struct sheet *s, const struct block *b)
{
    double half = s->width / 2;
    sheet_need(s, 2 * s->points);
    double left = put_pair(s, b->label, b->text, s->left, s->y, half - 2 * MM);
    double right = left > 0 ? put_pair(s, b->label2, b->text2, s->left + half, s->y, half) : 0;
    s->y += (left > right ? left : right) + GAP;
    return left > 0 && right > 0;
}

static bool paint_rule(struct sheet *s)
{
    sheet_need(s, 2 * MM);
    sheet_line(s, s->left, s->left + s->width, s->y + 1 * MM, 0.6);
    s->y += 2 * MM;
    return true;
}

/* Caption under a code. */
static bool put_caption(struct sheet *s, const char *text, double x, double y, double width, double *height)
{
    struct type t = { .points = s->points * 0.85, .align = ALIGN_CENTER, .width = width };
    PangoLayout *layout = sheet_layout(s, text, &t);
    if (!layout)
        return false;
    sheet_draw(s, layout, x, y);
    *height = sheet_layout_height(layout);
    g_object_unref(layout);
    return true;
}

static double qr_side(const struct code *qr)
{
    return code_modules(qr) * QR_MODULE;
}

/* Module width that fits into `room`; a code is never cut. */
static double bar_module(const struct code *bar, double room)
{
    double module = room / code_modules(bar);
    return module < BAR_MODULE ? module : BAR_MODULE;
}

/* Where the two codes go; without one of them its sizes are 0 and the other stands in the middle. */
struct code_places {
    double module, bar_x, bar_y, bar_height;
    double qr_x, qr_room, height;
};

static struct code_places place_codes(const struct sheet *s, const struct code *bar, const struct code *qr)
{
    struct code_places p = { 0 };
    double side = qr ? qr_side(qr) : 0;
    p.qr_room = bar && qr ? side + CODE_GAP : 0;
    p.qr_x = s->left + (bar ? s->width - side : (s->width - side) / 2);
    if (bar) {
        p.module = bar_module(bar, s->width - p.qr_room);
        p.bar_x = s->left + (s->width - p.qr_room - code_modules(bar) * p.module) / 2;
        p.bar_height = BAR_HEIGHT + 2 * s->points; /* with its caption */
    }
    p.height = side > p.bar_height ? side : p.bar_height;
    p.bar_y = (p.height - p.bar_height) / 2;
    return p;
}

static bool put_codes(struct sheet *s, const struct block *b, const struct code *bar, const struct code *qr)
{
    struct code_places p = place_codes(s, bar, qr);
    double caption = 0;
    sheet_need(s, p.height + (bar ? 0 : 2 * s->points));
    if (bar)
        code_draw(bar, s->cr, p.bar_x, s->y + p.bar_y, p.module, BAR_HEIGHT);
    if (qr)
        code_draw(qr, s->cr, p.qr_x, s->y, QR_MODULE, 0);
    double y = bar ? s->y + p.bar_y + BAR_HEIGHT + 1 : s->y + p.height;
    if (b->caption && !put_caption(s, b->caption, s->left, y, s->width - p.qr_room, &caption))
        return false;
    s->y += (bar ? p.height : p.height + caption) + 2 * GAP;
    return true;
}

static bool paint_codes(struct sheet *s, const struct block *b)
{
    struct code *bar = NULL, *qr = NULL;
    bool ok = true;
    if (b->kind != BLOCK_QR)
        ok = (bar = code_new(b->text, false, s->e)) != NULL;
    if (ok && b->kind != BLOCK_BARCODE)
        ok = (qr = code_new(b->kind == BLOCK_QR ? b->text : b->text2, true, s->e)) != NULL;
    ok = ok && put_codes(s, b, bar, qr);
    code_free(&bar);
    code_free(&qr);
    return ok;
}

/* Name, date and "(seal)" stay together: a seal over two pages seals neither. */
static bool paint_seal(struct sheet *s, const struct block *b)
{
    struct type t = { .points = s->points, .align = ALIGN_CENTER, .width = s->width / 2 };
    PangoLayout *layout = sheet_layout(s, b->text, &t);
    if (!layout)
        return false;
    sheet_need(s, sheet_layout_height(layout));
    sheet_draw(s, layout, s->left + s->width / 2, s->y);
    s->y += sheet_layout_height(layout) + GAP;
    g_object_unref(layout);
    return true;
}

bool paint_block(struct sheet *s, const struct block *b)
{
    switch (b->kind) {
    case BLOCK_TITLE:
        return paint_title(s, b);
    case BLOCK_TEXT:
        return paint_text(s, b);
    case BLOCK_PAIR:
        return paint_pair(s, b);
    case BLOCK_PAIRS2:
        return paint_pairs2(s, b);
    case BLOCK_RULE:
        return paint_rule(s);
    case BLOCK_SPACE:
        s->y += (b->lines > 0 && b->lines < 20 ? b->lines : 1) * s->points * 1.4;
        return true;
    case BLOCK_TABLE:
        return paint_table(s, &b->table);
    case BLOCK_BARCODE:
    case BLOCK_QR:
    case BLOCK_CODES:
        return paint_codes(s, b);
    case BLOCK_SEAL:
        return paint_seal(s, b);
    case BLOCK_CHART:
        return paint_chart(s, b->text, s->page->columns);
    }
    return true;
}
