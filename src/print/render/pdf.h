/* A page as PDF (pangocairo). */
#ifndef GUITAI_RENDER_PDF_H
#define GUITAI_RENDER_PDF_H

#include "guitai/base/err.h"
#include "guitai/base/str.h"
#include "guitai/print/block.h"

/* Appends the PDF to `out` (initialised by the caller; its cap is the file's). A character that no font of
 * this station has is an error that names it: a box on a licence is not a name. */
bool pdf_render(const struct page *p, struct str *out, struct err *e);
/* Frees what pango and fontconfig keep, so that leak checkers see only real leaks. Last call of the
 * program. */
void pdf_shutdown(void);

#endif
