#include "draw.h"

#include "guitai/base/utf8.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define DRAW_MAX_CELLS 512
#define SUBSTITUTE 0x3013 /* 〓, geta mark: a character this terminal has no glyph for */

static struct {
    bool ascii, wide_ambiguous;
    attr_t attr[STYLE_COUNT];
} draw;

static const attr_t monochrome[STYLE_COUNT] = {
    [STYLE_HEADER] = A_REVERSE,         [STYLE_TITLE] = A_BOLD, [STYLE_FOCUS] = A_BOLD,
    [STYLE_ERROR] = A_REVERSE,          [STYLE_WARN] = A_BOLD,  [STYLE_RED] = A_BOLD,
    [STYLE_SELECTED] = A_REVERSE,       [STYLE_KEY] = A_BOLD,   [STYLE_POPUP] = A_NORMAL,
    [STYLE_POPUP_SELECTED] = A_REVERSE,
};

static const struct {
    enum style style;
    short fg, bg;
    attr_t extra;
} coloured[] = {
    {STYLE_HEADER, COLOR_WHITE, COLOR_BLUE, A_BOLD},
    {STYLE_TITLE, COLOR_CYAN, -1, A_BOLD},
    {STYLE_RULE, COLOR_CYAN, -1, 0},
    {STYLE_LABEL, COLOR_CYAN, -1, 0},
    {STYLE_FOCUS, COLOR_YELLOW, -1, A_BOLD},
    {STYLE_DIM, COLOR_BLUE, -1, 0},
    {STYLE_NOTE, COLOR_GREEN, -1, 0},
    {STYLE_OK, COLOR_GREEN, -1, A_BOLD},
    {STYLE_WARN, COLOR_YELLOW, -1, A_BOLD},
    {STYLE_ERROR, COLOR_WHITE, COLOR_RED, A_BOLD},
    {STYLE_RED, COLOR_RED, -1, A_BOLD},
    {STYLE_YELLOW, COLOR_YELLOW, -1, 0},
    {STYLE_GREEN, COLOR_GREEN, -1, 0},
    {STYLE_SELECTED, COLOR_BLACK, COLOR_CYAN, 0},
    {STYLE_KEY, COLOR_YELLOW, -1, A_BOLD},
    {STYLE_POPUP, COLOR_WHITE, COLOR_BLUE, 0},
    {STYLE_POPUP_SELECTED, COLOR_BLACK, COLOR_CYAN, 0},
};

void draw_init(bool colours, bool ascii)
{
    draw.ascii = ascii;
    memcpy(draw.attr, monochrome, sizeof draw.attr);
    if (!colours)
        return;
    start_color();
    bool transparent = use_default_colors() == OK;
    for (size_t i = 0; i < sizeof coloured / sizeof *coloured; i++) {
        short pair = (short)(i + 1);
        short bg = coloured[i].bg < 0 && !transparent ? COLOR_BLACK : coloured[i].bg;
        init_pair(pair, coloured[i].fg, bg);
        draw.attr[coloured[i].style] = COLOR_PAIR(pair) | coloured[i].extra;
    }
}

void draw_set_wide_ambiguous(bool wide)
{
    draw.wide_ambiguous = wide;
}

int draw_rows(void)
{
    return LINES;
}

int draw_columns(void)
{
    return COLS;
}

/* ---- glyphs ---- */

static const struct {
    uint32_t from, to;
} ambiguous[] = {
    {0xA1, 0xA1},     {0xA4, 0xA4},     {0xA7, 0xA8},     {0xAA, 0xAA},     {0xAE, 0xAE},
    {0xB0, 0xB4},     {0xB6, 0xBA},     {0xBC, 0xBF},     {0xC6, 0xC6},     {0xD0, 0xD0},
    {0xD7, 0xD8},     {0xDE, 0xE1},     {0xE6, 0xE6},     {0xE8, 0xEA},     {0xEC, 0xED},
    {0xF0, 0xF0},     {0xF2, 0xF3},     {0xF7, 0xFA},     {0xFC, 0xFC},     {0xFE, 0xFE},
    {0x101, 0x101},   {0x111, 0x111},   {0x113, 0x113},   {0x11B, 0x11B},   {0x12B, 0x12B},
    {0x144, 0x144},   {0x148, 0x148},   {0x14D, 0x14D},   {0x16B, 0x16B},   {0x1CE, 0x1DC},
    {0x391, 0x3A9},   {0x3B1, 0x3C9},   {0x401, 0x401},   {0x410, 0x44F},   {0x451, 0x451},
    {0x2010, 0x2010}, {0x2013, 0x2016}, {0x2018, 0x2019}, {0x201C, 0x201D}, {0x2020, 0x2022},
    {0x2024, 0x2027}, {0x2030, 0x2030}, {0x2032, 0x2035}, {0x203B, 0x203B}, {0x203E, 0x203E},
    {0x2074, 0x2074}, {0x207F, 0x2084}, {0x20AC, 0x20AC}, {0x2103, 0x2109}, {0x2113, 0x2116},
    {0x2121, 0x212B}, {0x2153, 0x217F}, {0x2189, 0x2199}, {0x21B8, 0x21B9}, {0x21D2, 0x21D4},
    {0x21E7, 0x21E7}, {0x2200, 0x22BF}, {0x2312, 0x2312}, {0x2460, 0x24FF}, {0x2500, 0x25FF},
    {0x2605, 0x2606}, {0x2609, 0x2609}, {0x260E, 0x260F}, {0x261C, 0x261E}, {0x2640, 0x2642},
    {0x2660, 0x266F}, {0xE000, 0xF8FF}, {0xFFFD, 0xFFFD},
};

static bool is_ambiguous(uint32_t cp)
{
    for (size_t i = 0; i < sizeof ambiguous / sizeof *ambiguous; i++)
        if (cp >= ambiguous[i].from && cp <= ambiguous[i].to)
            return true;
    return false;
}

static const struct {
    uint32_t cp;
    char narrow;
} look_alikes[] = {
    {0xB7, '.'},    {0x2022, '.'},  {0x2014, '-'}, {0x2013, '-'}, {0x2010, '-'}, {0x201C, '"'}, {0x201D, '"'},
    {0x2018, '\''}, {0x2019, '\''}, {0x2026, '~'}, {0xD7, 'x'},   {0x2103, 'C'}, {0x2116, '#'}, {0x203B, '*'},
    {0x2190, '<'},  {0x2191, '^'},  {0x2192, '>'}, {0x2193, 'v'}, {0x2500, '-'}, {0x2502, '|'}, {0x2550, '='},
    {0x25CF, '*'},  {0x25CB, 'o'},  {0x25A0, '#'}, {0x25A1, 'o'}, {0x25B3, '^'}, {0x25B2, '^'}, {0x25BC, 'v'},
    {0x25C6, '*'},  {0x2605, '*'},  {0x2713, 'v'}, {0x2717, 'x'}, {0x25B8, '>'}, {0xB0, 'o'},   {0xB1, '+'},
};

static uint32_t narrow_look_alike(uint32_t cp)
{
    for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++)
        if (look_alikes[i].cp == cp)
            return (unsigned char)look_alikes[i].narrow;
    if (cp >= 0x2460 && cp <= 0x2468)
        return '1' + (cp - 0x2460);
    return cp >= 0x2500 && cp <= 0x257F ? '+' : '?';
}

uint32_t draw_glyph(uint32_t cp)
{
    if (cp < 0x20 || cp == 0x7F)
        return cp == '\t' || cp == '\n' ? ' ' : 0;
    if (cp < 0x7F)
        return cp;
    if (cp != 0x200C && cp != 0x200D && utf8_is_garble(cp, 0))
        return 0; /* a name must not turn the rest of the line around */
    bool picture = (cp >= 0x2500 && cp <= 0x25FF) || cp == 0x2713 || cp == 0x2717;
    if ((draw.ascii && picture) || (draw.wide_ambiguous && is_ambiguous(cp)))
        return narrow_look_alike(cp);
    if (utf8_needs_substitute(cp))
        return utf8_cell_width(cp) == 2 ? SUBSTITUTE : '?';
    return cp;
}

int draw_cells(const char *utf8)
{
    return utf8_cells(utf8);
}

/* ---- text ---- */

struct run {
    wchar_t wide[DRAW_MAX_CELLS * 2];
    size_t n;
    int cells;
    bool cut;
};

/* Fills `r` with the glyphs of the longest prefix that fits `width`. */
static void run_fill(struct run *r, const char *utf8, int width)
{
    size_t left = strlen(utf8);
    r->n = 0;
    r->cells = 0;
    r->cut = false;
    while (left && r->n + 1 < sizeof r->wide / sizeof *r->wide) {
        uint32_t cp;
        size_t used = utf8_decode(utf8, left, &cp);
        uint32_t glyph = draw_glyph(cp);
        utf8 += used;
        left -= used;
        if (!glyph)
            continue;
        int cells = glyph == cp ? utf8_cell_width(cp) : glyph == SUBSTITUTE ? 2 : 1;
        if (r->cells + cells > width) {
            r->cut = true;
            return;
        }
        if (!cells && !r->n)
            continue; /* a mark without a base has no cell to stand in */
        r->wide[r->n++] = (wchar_t)glyph;
        r->cells += cells;
    }
    r->cut = left > 0;
}

static void run_put(const struct run *r, int y, int x, int width, enum style style)
{
    if (y < 0 || y >= LINES || x < 0 || x >= COLS || width <= 0)
        return;
    attrset(draw.attr[style]);
    mvaddnwstr(y, x, r->wide, (int)r->n);
    if (r->cells < width) {
        wchar_t blanks[DRAW_MAX_CELLS];
        int n = width - r->cells;
        if (n > DRAW_MAX_CELLS)
            n = DRAW_MAX_CELLS;
        wmemset(blanks, L' ', (size_t)n);
        mvaddnwstr(y, x + r->cells, blanks, n);
    }
    attrset(A_NORMAL);
}

static int clip_width(int x, int width)
{
    if (x + width > COLS)
        width = COLS - x;
    return width > DRAW_MAX_CELLS ? DRAW_MAX_CELLS : width;
}

int draw_text(int y, int x, int width, enum style style, const char *utf8)
{
    struct run r;
    width = clip_width(x, width);
    if (width <= 0)
        return 0;
    run_fill(&r, utf8, width);
    if (r.cut && width > 2) {
        run_fill(&r, utf8, width - 1);
        r.wide[r.n++] = (wchar_t)draw_glyph(0x2026);
        r.cells++;
    }
    run_put(&r, y, x, width, style);
    return r.cells;
}

int draw_textf(int y, int x, int width, enum style style, const char *fmt, ...)
{
    char text[DRAW_MAX_CELLS * 4];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return draw_text(y, x, width, style, text);
}

void draw_edit(int y, int x, int width, enum style style, const char *utf8)
{
    struct run r;
    width = clip_width(x, width);
    if (width <= 0)
        return;
    run_fill(&r, utf8, width);
    run_put(&r, y, x, width, style);
}

/* Bytes of the common beginning, whole clusters only. */
static size_t common_prefix(const char *a, const char *b)
{
    size_t n = 0, last = 0;
    uint32_t cp;
    while (a[n] && a[n] == b[n])
        n++;
    while (n && (((a[n] & 0xC0) == 0x80) || ((b[n] & 0xC0) == 0x80)))
        n--;
    if (b[n])
        utf8_decode(b + n, strlen(b + n), &cp);
    else if (a[n])
        utf8_decode(a + n, strlen(a + n), &cp);
    else
        return n;
    if (!utf8_is_mark(cp))
        return n;
    for (size_t i = 0; i < n; i++)
        if ((a[i] & 0xC0) != 0x80)
            last = i;
    return last;
}

void draw_edit_changed(int y, int x, int width, const char *before, const char *after)
{
    struct run r;
    size_t same = common_prefix(before, after);
    char head[DRAW_MAX_CELLS * UTF8_MAX];
    if (same >= sizeof head) {
        draw_edit(y, x, width, STYLE_PLAIN, after);
        return;
    }
    memcpy(head, after, same);
    head[same] = '\0';
    int at = draw_cells(head), rest = draw_cells(before + same);
    width = clip_width(x, width) - at;
    if (width <= 0)
        return;
    run_fill(&r, after + same, width);
    if (rest > width)
        rest = width;
    run_put(&r, y, x + at, rest > r.cells ? rest : r.cells, STYLE_PLAIN);
}

int draw_right(int y, int right, int width, enum style style, const char *utf8)
{
    int cells = draw_cells(utf8);
    if (cells > width)
        cells = width;
    draw_text(y, right - cells, cells, style, utf8);
    return right - cells;
}

void draw_fill(int y, int x, int width, enum style style)
{
    draw_edit(y, x, width, style, "");
}

void draw_repeat(int y, int x, int width, enum style style, char c)
{
    char text[DRAW_MAX_CELLS + 1];
    width = clip_width(x, width);
    if (width <= 0)
        return;
    memset(text, c, (size_t)width);
    text[width] = '\0';
    draw_edit(y, x, width, style, text);
}

void draw_rule(int y, int x, int width, const char *label, const char *right)
{
    struct run r = {.n = 0};
    width = clip_width(x, width);
    for (int i = 0; i < width; i++)
        r.wide[r.n++] = (wchar_t)draw_glyph(0x2500);
    r.cells = width;
    run_put(&r, y, x, width, STYLE_RULE);
    if (*label) {
        int cells = draw_text(y, x + 1, draw_cells(label), STYLE_TITLE, label);
        draw_text(y, x, 1, STYLE_PLAIN, " ");
        draw_text(y, x + 1 + cells, 1, STYLE_PLAIN, " ");
    }
    if (*right) {
        int at = draw_right(y, x + width - 1, width / 2, STYLE_DIM, right);
        draw_text(y, at - 1, 1, STYLE_PLAIN, " ");
        draw_text(y, x + width - 1, 1, STYLE_PLAIN, " ");
    }
}

void draw_cursor(int y, int x)
{
    if (x >= COLS)
        x = COLS - 1;
    move(y, x < 0 ? 0 : x);
}

void draw_erase(void)
{
    erase();
}

void draw_flush(void)
{
    refresh();
}

void draw_repaint(void)
{
    clearok(curscr, TRUE);
}

/* ---- wrapping ---- */

static bool closes(uint32_t cp)
{
    static const char closing[] = "，。、；：！？）》」』】”’,.;:!?)]%";
    char bytes[UTF8_MAX + 1] = "";
    bytes[utf8_encode(cp, bytes)] = '\0';
    return bytes[0] && strstr(closing, bytes);
}

size_t draw_wrap(const char *utf8, size_t *from, int cells)
{
    const char *start = utf8 + *from;
    size_t left = strlen(start), used = 0, last_break = 0;
    int width = 0;
    while (used < left) {
        uint32_t cp, next = 0;
        size_t n = utf8_decode(start + used, left - used, &cp);
        if (cp == '\n') {
            *from += used + n;
            return used;
        }
        int w = utf8_cell_width(cp);
        if (width + w > cells)
            break;
        width += w;
        used += n;
        if (used < left)
            utf8_decode(start + used, left - used, &next);
        if (cp == ' ' || ((w == 2 || utf8_cell_width(next) == 2) && !closes(next)))
            last_break = used;
    }
    if (used < left && last_break)
        used = last_break;
    if (!used && left) {
        uint32_t cp;
        used = utf8_decode(start, left, &cp); /* never stand still, however narrow */
    }
    *from += used;
    return used;
}
