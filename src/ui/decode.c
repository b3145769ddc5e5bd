#include "decode.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void decode_init(struct decode *d)
{
    memset(d, 0, sizeof *d);
}

void decode_reset(struct decode *d)
{
    if (d->queue)
        wipe(d->queue, d->cap * sizeof *d->queue);
    free(d->queue);
    decode_init(d);
}

/* Moves what waits to the front, or to a larger queue. Passwords pass through here: no stale copy may stay behind. */
static void make_room(struct decode *d)
{
    size_t waiting = d->count - d->head;
    if (d->head && d->head >= d->cap / 2) {
        memmove(d->queue, d->queue + d->head, waiting * sizeof *d->queue);
        wipe(d->queue + waiting, (d->cap - waiting) * sizeof *d->queue);
    } else {
        size_t cap = d->cap ? d->cap * 2 : 64;
        struct key *bigger = xcalloc(cap, sizeof *bigger);
        if (d->queue) {
            memcpy(bigger, d->queue + d->head, waiting * sizeof *bigger);
            wipe(d->queue, d->cap * sizeof *d->queue);
        }
        free(d->queue);
        d->queue = bigger;
        d->cap = cap;
    }
    d->head = 0;
    d->count = waiting;
}

static void push(struct decode *d, enum key_code code, uint32_t cp, uint64_t now)
{
    if (d->count - d->head == DECODE_QUEUE_MAX) {
        d->overflow = true;
        return;
    }
    if (d->count == d->cap)
        make_room(d);
    d->queue[d->count++] = (struct key){code, cp, d->pasting, now};
}

bool decode_take(struct decode *d, struct key *out)
{
    if (d->head == d->count)
        return false;
    *out = d->queue[d->head];
    wipe(&d->queue[d->head], sizeof *d->queue);
    if (++d->head == d->count)
        d->head = d->count = 0;
    return true;
}

const struct key *decode_peek(const struct decode *d, size_t i)
{
    return i < d->count - d->head ? &d->queue[d->head + i] : NULL;
}

size_t decode_flush(struct decode *d)
{
    size_t n = d->count - d->head;
    if (d->queue)
        wipe(d->queue, d->cap * sizeof *d->queue);
    d->head = d->count = 0;
    return n;
}

/* A lone Esc was queued as a key of its own; it turns out to begin something longer. */
static void drop_queued_escape(struct decode *d)
{
    if (d->count > d->head && d->queue[d->count - 1].code == KC_ESCAPE)
        d->count--;
    if (d->head == d->count)
        d->head = d->count = 0;
}

/* ---- UTF-8 ---- */

static size_t sequence_length(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if ((lead & 0xF0) == 0xE0)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static void give_up_part(struct decode *d, uint64_t now)
{
    for (size_t i = 0; i < d->part_len; i++)
        push(d, KC_BAD, d->part[i], now);
    d->part_len = d->part_need = 0;
}

static void feed_high_byte(struct decode *d, unsigned char byte, uint64_t now)
{
    if (d->part_len) {
        if ((byte & 0xC0) != 0x80) {
            give_up_part(d, now);
        } else {
            d->part[d->part_len++] = byte;
            if (d->part_len < d->part_need)
                return;
            uint32_t cp = UTF8_BAD;
            size_t used = utf8_decode((const char *)d->part, d->part_len, &cp);
            if (used != d->part_need) {
                give_up_part(d, now);
                return;
            }
            d->part_len = d->part_need = 0;
            push(d, KC_CHAR, cp, now);
            return;
        }
    }
    size_t need = sequence_length(byte);
    if (!need) {
        push(d, KC_BAD, byte, now);
        return;
    }
    d->part[0] = byte;
    d->part_len = 1;
    d->part_need = need;
    d->part_since = now;
}

/* ---- escape sequences that curses did not recognise ---- */

static void finish_sequence(struct decode *d, char final, uint64_t now)
{
    int row = 0, col = 0;
    d->sequence = false;
    d->seq[d->seq_len] = '\0';
    if (final == 'R' && sscanf(d->seq, "[%d;%d", &row, &col) == 2) {
        d->report_row = row;
        d->report_col = col;
        return;
    }
    if (final == 'I' || final == 'O')
        return; /* focus reports of a terminal that sends them unasked */
    push(d, KC_UNKNOWN, 0, now);
}

static void feed_sequence(struct decode *d, unsigned char byte, uint64_t now)
{
    bool ss3 = d->seq[0] == 'O';
    if (byte >= 0x40 && byte <= 0x7E && (d->seq_len > 1 || ss3 || byte != '[')) {
        finish_sequence(d, (char)byte, now);
        return;
    }
    if (byte < 0x20 || byte > 0x7E || d->seq_len + 1 >= sizeof d->seq) {
        d->sequence = false;
        push(d, KC_UNKNOWN, 0, now);
        return;
    }
    d->seq[d->seq_len++] = (char)byte;
}

static int twin_of(unsigned char byte)
{
    if (byte >= '1' && byte <= '9')
        return byte - '0';
    switch (byte) {
    case '0': return 10;
    case '-': return 11;
    case '=': return 12;
    default: return 0;
    }
}

/* True when `byte` belonged to the Esc before it. */
static bool feed_after_escape(struct decode *d, unsigned char byte, uint64_t now)
{
    uint64_t waited = now - d->escape_since;
    d->escape = false;
    /* What a terminal sends as one key arrives at once; a person takes longer. */
    if ((byte == '[' || byte == 'O') && waited < 100) {
        d->sequence = true;
        d->seq[0] = (char)byte;
        d->seq_len = 1;
        drop_queued_escape(d);
        return true;
    }
    int n = twin_of(byte);
    if (!n || waited > DECODE_ESCAPE_MS)
        return false;
    drop_queued_escape(d);
    push(d, KC_F(n), 0, now);
    return true;
}

static void feed_control(struct decode *d, unsigned char byte, uint64_t now)
{
    switch (byte) {
    case '\r': case '\n': push(d, KC_ENTER, 0, now); return;
    case '\t': push(d, KC_TAB, 0, now); return;
    case 0x08: case 0x7F: push(d, KC_BACKSPACE, 0, now); return;
    case 0x1B:
        push(d, KC_ESCAPE, 0, now);
        d->escape = true;
        d->escape_since = now;
        return;
    default:
        if (byte >= 1 && byte <= 26)
            push(d, KC_CONTROL, (uint32_t)('a' + byte - 1), now);
        return;
    }
}

/* Inside a paste a line end or a tab is a blank of the text, never a key; other control bytes are dropped. */
static void feed_pasted_control(struct decode *d, unsigned char byte, uint64_t now)
{
    bool after_cr = d->paste_cr;
    d->paste_cr = byte == '\r';
    if (byte == '\n' && after_cr)
        return;
    if (byte == '\r' || byte == '\n')
        push(d, KC_CHAR, '\n', now);
    else if (byte == '\t')
        push(d, KC_CHAR, ' ', now);
}

static void feed_byte(struct decode *d, unsigned char byte, uint64_t now)
{
    if (d->sequence) {
        feed_sequence(d, byte, now);
        return;
    }
    if (byte >= 0x80) {
        d->escape = d->paste_cr = false;
        feed_high_byte(d, byte, now);
        return;
    }
    if (d->part_len)
        give_up_part(d, now);
    if (d->escape && !d->pasting && feed_after_escape(d, byte, now))
        return;
    d->escape = false;
    if (byte < 0x20 || byte == 0x7F) {
        if (d->pasting)
            feed_pasted_control(d, byte, now);
        else
            feed_control(d, byte, now);
        return;
    }
    d->paste_cr = false;
    push(d, KC_CHAR, byte, now);
}

/* ---- curses codes ---- */

static const struct {
    int from;
    enum key_code to;
} code_table[] = {
    {KEY_UP, KC_UP}, {KEY_DOWN, KC_DOWN}, {KEY_LEFT, KC_LEFT}, {KEY_RIGHT, KC_RIGHT},
    {OWN_UP, KC_UP}, {OWN_DOWN, KC_DOWN}, {OWN_LEFT, KC_LEFT}, {OWN_RIGHT, KC_RIGHT},
    {KEY_HOME, KC_HOME}, {KEY_FIND, KC_HOME}, {KEY_A1, KC_HOME}, {OWN_HOME, KC_HOME},
    {KEY_END, KC_END}, {KEY_SELECT, KC_END}, {KEY_LL, KC_END}, {KEY_C1, KC_END}, {OWN_END, KC_END},
    {KEY_PPAGE, KC_PAGE_UP}, {KEY_A3, KC_PAGE_UP}, {OWN_PAGE_UP, KC_PAGE_UP},
    {KEY_NPAGE, KC_PAGE_DOWN}, {KEY_C3, KC_PAGE_DOWN}, {OWN_PAGE_DOWN, KC_PAGE_DOWN},
    {KEY_BTAB, KC_BACKTAB}, {OWN_BACKTAB, KC_BACKTAB}, {KEY_ENTER, KC_ENTER}, {OWN_ENTER, KC_ENTER},
    {KEY_BACKSPACE, KC_BACKSPACE}, {KEY_DC, KC_DELETE}, {OWN_DELETE, KC_DELETE},
    {KEY_IC, KC_INSERT}, {OWN_INSERT, KC_INSERT}, {KEY_RESIZE, KC_RESIZE},
    {OWN_WORD_LEFT, KC_WORD_LEFT}, {KEY_SLEFT, KC_WORD_LEFT},
    {OWN_WORD_RIGHT, KC_WORD_RIGHT}, {KEY_SRIGHT, KC_WORD_RIGHT},
    {KEY_HELP, KC_F(1)}, {KEY_CANCEL, KC_F(12)}, {KEY_REFRESH, KC_F(5)}, {KEY_PRINT, KC_F(8)},
};

static void feed_code(struct decode *d, int code, uint64_t now)
{
    if (code >= OWN_KEYPAD0 && code < OWN_KEYPAD0 + 0x80) {
        push(d, KC_CHAR, (uint32_t)(code - OWN_KEYPAD0), now);
        return;
    }
    if (code > OWN_F0 && code <= OWN_F0 + DECODE_F_MAX) {
        push(d, KC_F(code - OWN_F0), 0, now);
        return;
    }
    if (code > KEY_F0 && code <= KEY_F0 + DECODE_F_MAX) {
        push(d, KC_F(code - KEY_F0), 0, now);
        return;
    }
    for (size_t i = 0; i < sizeof code_table / sizeof *code_table; i++)
        if (code_table[i].from == code) {
            push(d, code_table[i].to, 0, now);
            return;
        }
    if (code != OWN_FOCUS)
        push(d, KC_UNKNOWN, 0, now);
}

void decode_feed(struct decode *d, int ch, uint64_t now)
{
    d->paste_last = now;
    if (ch >= 0 && ch < 0x100) {
        feed_byte(d, (unsigned char)ch, now);
        return;
    }
    if (d->part_len)
        give_up_part(d, now);
    d->escape = d->sequence = d->paste_cr = false;
    if (ch == OWN_PASTE_BEGIN || ch == OWN_PASTE_END)
        d->pasting = ch == OWN_PASTE_BEGIN;
    else if (!d->pasting || ch == KEY_RESIZE) /* a key hidden in pasted text is not pressed */
        feed_code(d, ch, now);
}

void decode_tick(struct decode *d, uint64_t now)
{
    if (d->part_len && now - d->part_since >= DECODE_UTF8_MS)
        give_up_part(d, now);
    if (d->pasting && now - d->paste_last >= DECODE_PASTE_MS)
        d->pasting = false;
    if (d->escape && now - d->escape_since >= DECODE_ESCAPE_MS)
        d->escape = false;
    if (d->sequence && now - d->escape_since >= DECODE_ESCAPE_MS) {
        d->sequence = false;
        push(d, KC_UNKNOWN, 0, now);
    }
}

static int remaining(uint64_t since, uint64_t limit, uint64_t now)
{
    uint64_t passed = now - since;
    return passed >= limit ? 0 : (int)(limit - passed);
}

int decode_timeout_ms(const struct decode *d, uint64_t now)
{
    if (d->part_len)
        return remaining(d->part_since, DECODE_UTF8_MS, now);
    if (d->sequence || d->escape)
        return remaining(d->escape_since, DECODE_ESCAPE_MS, now);
    if (d->pasting)
        return remaining(d->paste_last, DECODE_PASTE_MS, now);
    return -1;
}
