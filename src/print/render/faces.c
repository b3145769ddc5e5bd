#include "faces.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <cairo-ft.h>
#include <hb-ot.h>
#include <hb-subset.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FACES 16
#define MAX_RUN 4096 /* glyphs of one run */

/* One font file (and face in it); sizes share it. */
struct face {
    hb_face_t *font;
    hb_set_t *glyphs;
    cairo_font_face_t *subset; /* after faces_embed */
};

struct faces {
    struct face face[MAX_FACES];
    size_t count;
    bool embedded;
};

/* What the cairo face needs as long as it lives. */
struct memory_face {
    FT_Face face;
    hb_blob_t *blob;
};

struct faces *faces_new(void)
{
    return xcalloc(1, sizeof(struct faces));
}

void faces_free(struct faces **faces)
{
    struct faces *f = *faces;
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++) {
        hb_set_destroy(f->face[i].glyphs);
        hb_face_destroy(f->face[i].font);
        if (f->face[i].subset)
            cairo_font_face_destroy(f->face[i].subset);
    }
    free(f);
    *faces = NULL;
}

static bool is_cff(hb_face_t *font)
{
    hb_blob_t *table = hb_face_reference_table(font, HB_TAG('C', 'F', 'F', ' '));
    bool found = hb_blob_get_length(table) > 0;
    hb_blob_destroy(table);
    return found;
}

/* NULL: a font that cairo embeds well by itself. */
static struct face *find_face(struct faces *f, PangoFont *font)
{
    hb_face_t *face = hb_font_get_face(pango_font_get_hb_font(font));
    for (size_t i = 0; i < f->count; i++)
        if (f->face[i].font == face)
            return &f->face[i];
    if (f->embedded || f->count == MAX_FACES || !is_cff(face))
        return NULL;
    struct face *to = &f->face[f->count++];
    *to = (struct face){ .font = hb_face_reference(face), .glyphs = hb_set_create() };
    return to;
}

static bool is_drawn(PangoGlyph glyph)
{
    return glyph != PANGO_GLYPH_EMPTY && !(glyph & PANGO_GLYPH_UNKNOWN_FLAG);
}

static void note_glyphs(struct face *face, const PangoGlyphString *glyphs)
{
    for (int i = 0; i < glyphs->num_glyphs; i++)
        if (is_drawn(glyphs->glyphs[i].glyph))
            hb_set_add(face->glyphs, glyphs->glyphs[i].glyph);
}

/* Positions of the run's glyphs; pen receives its end. */
static int place_glyphs(const PangoGlyphString *glyphs, cairo_glyph_t *out, int *index, double *pen, double y)
{
    int n = 0;
    for (int i = 0; i < glyphs->num_glyphs && i < MAX_RUN; i++) {
        const PangoGlyphInfo *g = &glyphs->glyphs[i];
        index[i] = n;
        if (is_drawn(g->glyph))
            out[n++] = (cairo_glyph_t){ g->glyph, *pen + (double)g->geometry.x_offset / PANGO_SCALE,
                                        y + (double)g->geometry.y_offset / PANGO_SCALE };
        *pen += (double)g->geometry.width / PANGO_SCALE;
    }
    index[glyphs->num_glyphs < MAX_RUN ? glyphs->num_glyphs : MAX_RUN] = n;
    return n;
}

/* Which bytes became which glyphs: what is searched for and copied out of the PDF. */
static int find_clusters(PangoGlyphItem *run, const char *text, const int *index, cairo_text_cluster_t *out)
{
    PangoGlyphItemIter iter;
    int n = 0;
    for (bool have = pango_glyph_item_iter_init_start(&iter, run, text); have && n < MAX_RUN;
         have = pango_glyph_item_iter_next_cluster(&iter))
        out[n++] = (cairo_text_cluster_t){ iter.end_index - iter.start_index,
                                           index[iter.end_glyph] - index[iter.start_glyph] };
    return n;
}

static double font_size(PangoFont *font)
{
    PangoFontDescription *d = pango_font_describe_with_absolute_size(font);
    double size = (double)pango_font_description_get_size(d) / PANGO_SCALE;
    pango_font_description_free(d);
    return size;
}

static void show_run(const struct face *face, cairo_t *cr, PangoGlyphItem *run, const char *text, double x,
                     double y)
{
    static cairo_glyph_t glyphs[MAX_RUN];
    static cairo_text_cluster_t clusters[MAX_RUN];
    static int index[MAX_RUN + 1];
    int n = place_glyphs(run->glyphs, glyphs, index, &x, y);
    int cluster_count = find_clusters(run, text, index, clusters);
    cairo_save(cr);
    cairo_set_font_face(cr, face->subset);
    cairo_set_font_size(cr, font_size(run->item->analysis.font));
    cairo_show_text_glyphs(cr, text + run->item->offset, run->item->length, glyphs, n, clusters,
                           cluster_count, 0);
    cairo_restore(cr);
}

void faces_draw(struct faces *f, cairo_t *cr, PangoLayoutLine *line, const char *text, double x, double y)
{
    for (GSList *l = line->runs; l; l = l->next) {
        PangoGlyphItem *run = l->data;
        struct face *face = find_face(f, run->item->analysis.font);
        bool plain = run->glyphs->num_glyphs <= MAX_RUN && run->item->analysis.level % 2 == 0;
        if (face && !f->embedded) {
            note_glyphs(face, run->glyphs);
        } else if (face && plain) {
            show_run(face, cr, run, text, x, y);
        } else {
            cairo_move_to(cr, x, y);
            pango_cairo_show_glyph_item(cr, text, run);
        }
        x += (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
    }
}

static hb_blob_t *make_subset(const struct face *face)
{
    static const hb_tag_t layout[] = { HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'),
                                       HB_TAG('G', 'D', 'E', 'F'), HB_TAG('V', 'O', 'R', 'G') };
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input)
        return NULL;
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    hb_set_union(hb_subset_input_glyph_set(input), face->glyphs);
    hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof layout / sizeof *layout; i++)
        hb_set_add(drop, layout[i]);
    hb_face_t *subset = hb_subset_or_fail(face->font, input);
    hb_subset_input_destroy(input);
    if (!subset)
        return NULL;
    hb_blob_t *blob = hb_face_reference_blob(subset);
    hb_face_destroy(subset);
    return blob;
}

static void free_memory_face(void *data)
{
    struct memory_face *m = data;
    FT_Done_Face(m->face);
    hb_blob_destroy(m->blob);
    free(m);
}

static cairo_font_face_t *open_subset(hb_blob_t *blob)
{
    static FT_Library library;
    static const cairo_user_data_key_t key;
    unsigned int n;
    const char *bytes = hb_blob_get_data(blob, &n);
    struct memory_face *m = xcalloc(1, sizeof *m);
    m->blob = hb_blob_reference(blob);
    if ((!library && FT_Init_FreeType(&library) != 0)
        || FT_New_Memory_Face(library, (const FT_Byte *)bytes, n, 0, &m->face) != 0) {
        hb_blob_destroy(m->blob);
        free(m);
        return NULL;
    }
    cairo_font_face_t *face = cairo_ft_font_face_create_for_ft_face(m->face, FT_LOAD_NO_HINTING);
    cairo_font_face_set_user_data(face, &key, m, free_memory_face);
    return face;
}

bool faces_embed(struct faces *f, struct err *e)
{
    for (size_t i = 0; i < f->count; i++) {
        hb_blob_t *blob = make_subset(&f->face[i]);
        if (blob)
            f->face[i].subset = open_subset(blob);
        hb_blob_destroy(blob);
        if (!f->face[i].subset)
            return err_set(e, ERR_IO, _("a font cannot be put into the page"));
    }
    f->embedded = true;
    return true;
}
