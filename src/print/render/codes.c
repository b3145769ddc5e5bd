#include "codes.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <zint.h>

#define QR_LEVEL_M 2

struct code {
    struct zint_symbol *symbol;
    bool qr;
};

struct code *code_new(const char *text, bool qr, struct err *e)
{
    struct code *c = xcalloc(1, sizeof *c);
    c->qr = qr;
    c->symbol = ZBarcode_Create();
    if (c->symbol) {
        c->symbol->symbology = qr ? BARCODE_QRCODE : BARCODE_CODE128;
        c->symbol->input_mode = DATA_MODE;
        if (qr)
            c->symbol->option_1 = QR_LEVEL_M;
    }
    const unsigned char *bytes = (const unsigned char *)text;
    if (!c->symbol || ZBarcode_Encode(c->symbol, bytes, (int)strlen(text)) >= ZINT_ERROR) {
        err_set(e, ERR_INPUT, _("\"%s\" cannot be made a code: %s"), text,
                c->symbol ? c->symbol->errtxt : "");
        code_free(&c);
    }
    return c;
}

void code_free(struct code **c)
{
    if (*c && (*c)->symbol)
        ZBarcode_Delete((*c)->symbol);
    free(*c);
    *c = NULL;
}

int code_modules(const struct code *c)
{
    return c->symbol->width;
}

static bool is_dark(const struct code *c, int row, int column)
{
    /* encoded_data holds 8 modules a byte, lowest bit first. */
    return c->symbol->encoded_data[row][column / 8] >> (column % 8) & 1;
}

void code_draw(const struct code *c, cairo_t *cr, double x, double y, double module, double height)
{
    double row_height = c->qr ? module : height / c->symbol->rows;
    for (int row = 0; row < c->symbol->rows; row++) {
        for (int column = 0; column < c->symbol->width; column++) {
            int run = 0;
            while (column + run < c->symbol->width && is_dark(c, row, column + run))
                run++;
            if (run)
                cairo_rectangle(cr, x + column * module, y + row * row_height, run * module, row_height);
            column += run;
        }
    }
    cairo_fill(cr);
}
