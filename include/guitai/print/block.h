/* The block list of a page: what page_build made of a document form and its data, and what the back ends
 * draw.
 *
 * Everything is owned by the page. Texts are UTF-8 without control characters (an applicant's name may
 * carry ESC or DLE; no printer may ever see them); '\n' separates lines. Base only; no back end writes to
 * a page. */
#ifndef GUITAI_PRINT_BLOCK_H
#define GUITAI_PRINT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_MAX_BLOCKS 400
#define PAGE_MAX_COLUMNS 8
#define PAGE_MAX_ROWS 400
#define PAGE_MAX_TEXT (16u << 10) /* bytes of one text */

enum block_kind {
    BLOCK_TITLE,   /* the name of the document: text */
    BLOCK_TEXT,    /* a paragraph: text, align, bold, size, indent */
    BLOCK_PAIR,    /* label and value on a line: label, text */
    BLOCK_PAIRS2,  /* two of them: label, text, label2, text2 */
    BLOCK_RULE,    /* a line across */
    BLOCK_SPACE,   /* `lines` empty lines */
    BLOCK_TABLE,   /* table */
    BLOCK_BARCODE, /* Code128 of text, caption beneath */
    BLOCK_QR,      /* QR of text (ASCII), caption beneath */
    BLOCK_CODES,   /* both on one line: text is the bar code's, text2 the QR's */
    BLOCK_SEAL,    /* where the seal goes: lines, centred in the right half */
    BLOCK_CHART    /* lines of a flow chart, cell by cell */
};

enum block_align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct table_column {
    char *label;
    int width; /* cells; 0: takes what is left (at most one column) */
    enum block_align align;
};

struct table {
    struct table_column column[PAGE_MAX_COLUMNS];
    size_t columns;
    char **cells; /* rows * columns, row by row */
    size_t rows;
};

struct block {
    enum block_kind kind;
    enum block_align align;
    bool bold;
    bool indent;       /* first line moved in by two characters, as a Chinese paragraph is */
    int size;          /* -1 small, 0 as the page, 1 and 2 larger */
    int lines;
    char *part;        /* id of the mandatory part that this block is, or NULL */
    char *label, *text, *label2, *text2, *caption;
    struct table table;
};

enum paper { PAPER_A4, PAPER_A5 };

struct page {
    char *document; /* id of the form */
    char *title;    /* its Chinese name */
    char *number;   /* case number, or item code: file name and running foot; "" when there is none */
    char *mark;     /* 补打第n次, or "" */
    long long copy; /* 1: first print */
    enum paper paper;
    int columns;    /* width of the text form in cells */
    struct block *blocks;
    size_t count;
};

#endif
