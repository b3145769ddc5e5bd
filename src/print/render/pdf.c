#include "pdf.h"

#include "paint.h"

#include "guitai/base/i18n.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <stdio.h>

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned int n)
{
    return str_add_n(closure, (const char *)bytes, n) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* How a page is to be drawn: found by drawing it into nothing first. */
struct plan {
    const struct page *page;
    struct faces *faces;
    double scale;
    int sheets; /* 0: not known yet */
};

/* Draws all blocks; returns the number of sheets, 0 on error. */
static int draw_page(const struct plan *plan, cairo_surface_t *surface, struct err *e)
{
    struct sheet s;
    bool ok = true;
    cairo_t *cr = cairo_create(surface);
    sheet_init(&s, cr, plan->page, plan->scale, e);
    s.faces = plan->faces;
    s.page_count = plan->sheets;
    for (size_t i = 0; i < plan->page->count && ok; i++)
        ok = paint_block(&s, &plan->page->blocks[i]);
    sheet_finish(&s);
    if (ok && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        ok = err_set(e, ERR_IO, _("the page cannot be drawn: %s"), cairo_status_to_string(cairo_status(cr)));
    cairo_destroy(cr);
    return ok ? s.page_no : 0;
}

static int count_sheets(const struct plan *plan, struct err *e)
{
    cairo_surface_t *nothing = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    int sheets = draw_page(plan, nothing, e);
    cairo_surface_destroy(nothing);
    return sheets;
}

/* A second sheet with nothing but the seal invites to swap the first: slightly smaller type first, if that
 * saves it. */
static bool make_plan(struct plan *plan, struct err *e)
{
    static const double scales[] = { 1, 0.94, 0.88 };
    int full = count_sheets(plan, e), sheets = full;
    if (full == 0)
        return false;
    for (size_t i = 1; i < sizeof scales / sizeof *scales && sheets == full && full > 1; i++) {
        plan->scale = scales[i];
        sheets = count_sheets(plan, e);
    }
    if (sheets == full)
        plan->scale = 1;
    plan->sheets = sheets;
    /* once more with the count known: the foot's figures are glyphs, too */
    return count_sheets(plan, e) > 0 && faces_embed(plan->faces, e);
}

static void set_metadata(cairo_surface_t *surface, const struct page *p)
{
    char title[256];
    snprintf(title, sizeof title, "%s %s", p->title, p->number);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "guitai " GUITAI_VERSION);
}

static bool draw_pdf(const struct plan *plan, struct str *out, struct err *e)
{
    bool a5 = plan->page->paper == PAPER_A5;
    double width = (a5 ? 148 : 210) * MM, height = (a5 ? 210 : 297) * MM;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, out, width, height);
    set_metadata(surface, plan->page);
    bool ok = draw_page(plan, surface, e) > 0;
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (ok && status != CAIRO_STATUS_SUCCESS)
        ok = err_set(e, ERR_IO, _("the page cannot be drawn: %s"), cairo_status_to_string(status));
    return ok;
}

bool pdf_render(const struct page *p, struct str *out, struct err *e)
{
    struct plan plan = { .page = p, .faces = faces_new(), .scale = 1 };
    bool ok = make_plan(&plan, e) && draw_pdf(&plan, out, e);
    faces_free(&plan.faces);
    return ok;
}

void pdf_shutdown(void)
{
    pango_cairo_font_map_set_default(NULL);
    FcFini();
}
