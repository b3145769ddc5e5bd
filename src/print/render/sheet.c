#include "sheet.h"

#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <stdio.h>
#include <string.h>

/* The family is named: "sans" gives a Latin face first and a Japanese one for half of the characters. */
#define TEXT_FACE "Noto Sans CJK SC"
#define FOOT_ROOM (7 * MM)

void sheet_init(struct sheet *s, cairo_t *cr, const struct page *page, double scale, struct err *e)
{
    bool a5 = page->paper == PAPER_A5;
    double side = (a5 ? 12 : 22) * MM;
    *s = (struct sheet){ .cr = cr, .page = page, .e = e, .page_no = 1 };
    s->paper_width = (a5 ? 148 : 210) * MM;
    s->paper_height = (a5 ? 210 : 297) * MM;
    s->left = side;
    s->width = s->paper_width - 2 * side;
    s->top = (a5 ? 10 : 20) * MM;
    s->bottom = s->paper_height - (a5 ? 9 : 16) * MM - FOOT_ROOM;
    s->y = s->top;
    s->points = (a5 ? 9 : 10.5) * scale;
}

static void draw_foot(struct sheet *s)
{
    char text[256];
    const struct page *p = s->page;
    snprintf(text, sizeof text, "%s %s  第 %d 页 共 %d 页  %s", p->title, p->number, s->page_no,
             s->page_count ? s->page_count : s->page_no, p->mark);
    struct type t = { .points = s->points * 0.8, .align = ALIGN_CENTER, .width = s->width };
    PangoLayout *layout = sheet_layout(s, text, &t);
    if (!layout)
        return;
    sheet_draw(s, layout, s->left, s->bottom + FOOT_ROOM - sheet_layout_height(layout));
    g_object_unref(layout);
}

void sheet_finish(struct sheet *s)
{
    if (s->page_count != 1)
        draw_foot(s);
    cairo_show_page(s->cr);
}

void sheet_break(struct sheet *s)
{
    sheet_finish(s);
    s->page_no++;
    s->y = s->top;
}

void sheet_need(struct sheet *s, double height)
{
    if (s->y + height > s->bottom && s->y > s->top)
        sheet_break(s);
}

static bool missing_in_run(const PangoGlyphItem *run, PangoGlyph *missing)
{
    for (int i = 0; i < run->glyphs->num_glyphs; i++) {
        PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
        if (glyph & PANGO_GLYPH_UNKNOWN_FLAG) {
            *missing = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
            return true;
        }
    }
    return false;
}

static PangoGlyph find_missing(PangoLayout *layout)
{
    PangoGlyph missing = 0;
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        const PangoGlyphItem *run = pango_layout_iter_get_run_readonly(iter);
        if (run && missing_in_run(run, &missing))
            break;
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
    return missing;
}

static bool fail_glyph(const struct sheet *s, PangoLayout *layout)
{
    PangoGlyph cp = find_missing(layout);
    char utf8[UTF8_MAX + 1];
    utf8[utf8_encode(cp, utf8)] = '\0';
    err_set(s->e, ERR_IO, _("no font of this station has the character %s (U+%04X)"), utf8, (unsigned)cp);
    return err_hint(s->e, "%s", _("install the fonts fonts-noto-cjk and fonts-hanazono, then print again"));
}

PangoLayout *sheet_layout(const struct sheet *s, const char *text, const struct type *t)
{
    static const PangoAlignment align[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
    PangoLayout *layout = pango_cairo_create_layout(s->cr);
    PangoContext *context = pango_layout_get_context(layout);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, t->family ? t->family : TEXT_FACE);
    pango_font_description_set_absolute_size(font, t->points * PANGO_SCALE);
    pango_font_description_set_weight(font, t->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_set_alignment(layout, align[t->align]);
    if (t->width > 0) {
        pango_layout_set_width(layout, (int)(t->width * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_indent(layout, (int)(t->indent * PANGO_SCALE));
    }
    pango_layout_context_changed(layout);
    if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
        fail_glyph(s, layout);
        g_clear_object(&layout);
    }
    return layout;
}

double sheet_layout_height(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

double sheet_layout_width(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)width / PANGO_SCALE;
}

double sheet_line_height(PangoLayoutIter *iter)
{
    PangoRectangle rect;
    pango_layout_iter_get_line_extents(iter, NULL, &rect);
    return (double)rect.height / PANGO_SCALE;
}

double sheet_draw_line(const struct sheet *s, PangoLayout *layout, PangoLayoutIter *iter, double x, double y)
{
    PangoRectangle rect;
    pango_layout_iter_get_line_extents(iter, NULL, &rect);
    double ascent = (double)(pango_layout_iter_get_baseline(iter) - rect.y) / PANGO_SCALE;
    faces_draw(s->faces, s->cr, pango_layout_iter_get_line_readonly(iter), pango_layout_get_text(layout),
               x + (double)rect.x / PANGO_SCALE, y + ascent);
    return (double)rect.height / PANGO_SCALE;
}

void sheet_draw(const struct sheet *s, PangoLayout *layout, double x, double y)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do
        y += sheet_draw_line(s, layout, iter, x, y);
    while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

void sheet_flow(struct sheet *s, PangoLayout *layout, double x)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        sheet_need(s, sheet_line_height(iter));
        s->y += sheet_draw_line(s, layout, iter, x, s->y);
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

void sheet_line(const struct sheet *s, double x1, double x2, double y, double weight)
{
    cairo_set_line_width(s->cr, weight);
    cairo_move_to(s->cr, x1, y);
    cairo_line_to(s->cr, x2, y);
    cairo_stroke(s->cr);
}
