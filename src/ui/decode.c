#include "decode.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void decode_init(struct decode *d)
{
    memset(d, 0, sizeof *d);
    d->escape_ms = DECODE_ESCAPE_MS;
}

void decode_reset(struct decode *d)
{
    if (d->queue)
        wipe(d->queue, d->cap * sizeof *d->queue);
    free(d->queue);
    decode_init(d);
}

/* Moves what waits to the front, or to a larger queue. Passwords pass through here: no stale copy may stay
 * behind. */
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

/* ---- escape sequences ---- */

/* TERM is often wrong at a thin client: every known spelling is accepted whatever it says. */
static const struct decode_sequence known[] = {
    {"\033[200~", KC_PASTE_BEGIN, 0},
    {"\033[201~", KC_PASTE_END, 0},
    {"\033[I", KC_FOCUS, 0},
    {"\033[O", KC_FOCUS, 0},
    {"\033[A", KC_UP, 0},
    {"\033OA", KC_UP, 0},
    {"\033[B", KC_DOWN, 0},
    {"\033OB", KC_DOWN, 0},
    {"\033[C", KC_RIGHT, 0},
    {"\033OC", KC_RIGHT, 0},
    {"\033[D", KC_LEFT, 0},
    {"\033OD", KC_LEFT, 0},
    {"\033[H", KC_HOME, 0},
    {"\033OH", KC_HOME, 0},
    {"\033[1~", KC_HOME, 0},
    {"\033[7~", KC_HOME, 0},
    {"\033[F", KC_END, 0},
    {"\033OF", KC_END, 0},
    {"\033[4~", KC_END, 0},
    {"\033[8~", KC_END, 0},
    {"\033[2~", KC_INSERT, 0},
    {"\033[3~", KC_DELETE, 0},
    {"\033[5~", KC_PAGE_UP, 0},
    {"\033[6~", KC_PAGE_DOWN, 0},
    {"\033[1;5C", KC_WORD_RIGHT, 0},
    {"\033[1;3C", KC_WORD_RIGHT, 0},
    {"\033[5C", KC_WORD_RIGHT, 0},
    {"\033Oc", KC_WORD_RIGHT, 0},
    {"\033[1;5D", KC_WORD_LEFT, 0},
    {"\033[1;3D", KC_WORD_LEFT, 0},
    {"\033[5D", KC_WORD_LEFT, 0},
    {"\033Od", KC_WORD_LEFT, 0},
    {"\033[Z", KC_BACKTAB, 0},
    {"\033[1;2Z", KC_BACKTAB, 0},
    /* F1 to F12: xterm, vt220 and rxvt, linux */
    {"\033OP", KC_F(1), 0},
    {"\033OQ", KC_F(2), 0},
    {"\033OR", KC_F(3), 0},
    {"\033OS", KC_F(4), 0},
    {"\033[11~", KC_F(1), 0},
    {"\033[12~", KC_F(2), 0},
    {"\033[13~", KC_F(3), 0},
    {"\033[14~", KC_F(4), 0},
    {"\033[[A", KC_F(1), 0},
    {"\033[[B", KC_F(2), 0},
    {"\033[[C", KC_F(3), 0},
    {"\033[[D", KC_F(4), 0},
    {"\033[[E", KC_F(5), 0},
    {"\033[15~", KC_F(5), 0},
    {"\033[17~", KC_F(6), 0},
    {"\033[18~", KC_F(7), 0},
    {"\033[19~", KC_F(8), 0},
    {"\033[20~", KC_F(9), 0},
    {"\033[21~", KC_F(10), 0},
    {"\033[23~", KC_F(11), 0},
    {"\033[24~", KC_F(12), 0},
    {"\033[17;2~", KC_F(18), 0},
    {"\033[32~", KC_F(18), 0},
    /* the numeric keypad in application mode: its digits are digits whatever the terminal calls them */
    {"\033OM", KC_ENTER, 0},
    {"\033Op", KC_CHAR, '0'},
    {"\033Oq", KC_CHAR, '1'},
    {"\033Or", KC_CHAR, '2'},
    {"\033Os", KC_CHAR, '3'},
    {"\033Ot", KC_CHAR, '4'},
    {"\033Ou", KC_CHAR, '5'},
    {"\033Ov", KC_CHAR, '6'},
    {"\033Ow", KC_CHAR, '7'},
    {"\033Ox", KC_CHAR, '8'},
    {"\033Oy", KC_CHAR, '9'},
    {"\033On", KC_CHAR, '.'},
    {"\033Om", KC_CHAR, '-'},
    {"\033Ok", KC_CHAR, '+'},
    {"\033Oj", KC_CHAR, '*'},
    {"\033Oo", KC_CHAR, '/'},
    {"\033Ol", KC_CHAR, ','},
};

void decode_define(struct decode *d, const char *bytes, enum key_code code)
{
    struct decode_sequence *s = &d->extra[d->extras];
    if (d->extras == DECODE_EXTRA_MAX || bytes[0] != '\033' || strlen(bytes) < 2
        || strlen(bytes) >= sizeof s->bytes)
        return;
    snprintf(s->bytes, sizeof s->bytes, "%s", bytes);
    s->code = code;
    d->extras++;
}

static const struct decode_sequence *find_in(const struct decode_sequence *table, size_t n, const char *bytes)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(table[i].bytes, bytes))
            return &table[i];
    return NULL;
}

static void give_sequence(struct decode *d, const struct decode_sequence *s, uint64_t now)
{
    if (s->code == KC_PASTE_BEGIN || s->code == KC_PASTE_END)
        d->pasting = s->code == KC_PASTE_BEGIN;
    else if (s->code != KC_FOCUS && !d->pasting) /* a key hidden in pasted text is not pressed */
        push(d, s->code, s->cp, now);
}

/* ESC [ … final, ESC O final, and the console's ESC [ [ letter. */
static bool sequence_complete(const struct decode *d)
{
    unsigned char last = (unsigned char)d->seq[d->seq_len - 1];
    return d->seq_len > 2 && last >= 0x40 && last <= 0x7E && !(d->seq_len == 3 && last == '[');
}

static void give_unknown(struct decode *d, uint64_t now)
{
    int row, col;
    char final = d->seq[d->seq_len - 1];
    d->seq[d->seq_len] = '\0';
    d->seq_len = 0;
    if (final == 'R' && sscanf(d->seq, "\033[%d;%dR", &row, &col) == 2) {
        d->report_row = row;
        d->report_col = col;
    } else if (!d->pasting) {
        push(d, KC_UNKNOWN, 0, now);
    }
}

static void feed_sequence(struct decode *d, unsigned char byte, uint64_t now)
{
    if (byte < 0x20 || byte > 0x7E || d->seq_len + 2 > sizeof d->seq) {
        give_unknown(d, now);
        return;
    }
    d->seq[d->seq_len++] = (char)byte;
    d->seq[d->seq_len] = '\0';
    const struct decode_sequence *s = find_in(known, sizeof known / sizeof *known, d->seq);
    if (!s)
        s = find_in(d->extra, d->extras, d->seq);
    if (s) {
        d->seq_len = 0;
        give_sequence(d, s, now);
    } else if (sequence_complete(d)) {
        give_unknown(d, now);
    }
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

/* The byte right after an Esc. True when it belonged to it. */
static bool feed_after_escape(struct decode *d, unsigned char byte, uint64_t now)
{
    int n = d->pasting ? 0 : twin_of(byte);
    if (byte == '[' || byte == 'O') {
        d->seq[d->seq_len++] = (char)byte;
        d->seq[d->seq_len] = '\0';
        return true;
    }
    d->seq_len = 0;
    if (n)
        push(d, KC_F(n), 0, now);
    else if (!d->pasting)
        push(d, KC_ESCAPE, 0, now);
    return n != 0;
}

/* ---- single bytes ---- */

static void feed_control(struct decode *d, unsigned char byte, uint64_t now)
{
    switch (byte) {
    case '\r':
    case '\n': push(d, KC_ENTER, 0, now); return;
    case '\t': push(d, KC_TAB, 0, now); return;
    case 0x08:
    case 0x7F: push(d, KC_BACKSPACE, 0, now); return;
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

static void feed_plain(struct decode *d, unsigned char byte, uint64_t now)
{
    int twin = d->twin && now - d->twin_since <= DECODE_TWIN_MS && !d->pasting ? twin_of(byte) : 0;
    d->twin = false;
    if (byte < 0x20 || byte == 0x7F) {
        if (d->pasting)
            feed_pasted_control(d, byte, now);
        else
            feed_control(d, byte, now);
        return;
    }
    d->paste_cr = false;
    push(d, twin ? KC_F(twin) : KC_CHAR, twin ? 0 : byte, now);
}

static void feed_byte(struct decode *d, unsigned char byte, uint64_t now)
{
    if (d->seq_len == 1 && feed_after_escape(d, byte, now))
        return;
    if (d->seq_len > 1) {
        feed_sequence(d, byte, now);
        return;
    }
    if (byte >= 0x80) {
        d->twin = d->paste_cr = false;
        feed_high_byte(d, byte, now);
        return;
    }
    if (d->part_len)
        give_up_part(d, now);
    if (byte == 0x1B) {
        d->twin = false;
        d->seq[0] = '\033';
        d->seq_len = 1;
        d->seq_since = now;
        return;
    }
    feed_plain(d, byte, now);
}

void decode_feed(struct decode *d, const char *bytes, size_t n, uint64_t now)
{
    d->paste_last = now;
    for (size_t i = 0; i < n; i++)
        feed_byte(d, (unsigned char)bytes[i], now);
}

/* ---- time ---- */

static uint64_t sequence_limit(const struct decode *d)
{
    return d->seq_len == 1 ? (uint64_t)d->escape_ms : DECODE_SEQUENCE_MS;
}

static void give_up_sequence(struct decode *d, uint64_t now)
{
    if (d->seq_len > 1) {
        give_unknown(d, now);
        return;
    }
    d->seq_len = 0;
    if (d->pasting)
        return;
    push(d, KC_ESCAPE, 0, now);
    d->twin = true;
    d->twin_since = d->seq_since;
}

void decode_tick(struct decode *d, uint64_t now)
{
    if (d->part_len && now - d->part_since >= DECODE_UTF8_MS)
        give_up_part(d, now);
    if (d->seq_len && now - d->seq_since >= sequence_limit(d))
        give_up_sequence(d, now);
    if (d->pasting && now - d->paste_last >= DECODE_PASTE_MS)
        d->pasting = false;
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
    if (d->seq_len)
        return remaining(d->seq_since, sequence_limit(d), now);
    if (d->pasting)
        return remaining(d->paste_last, DECODE_PASTE_MS, now);
    return -1;
}
