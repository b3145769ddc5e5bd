/* Bytes and curses key codes -> keys: own UTF-8 decoder with a time limit, Esc-digit twins of the function keys,
 * bracketed paste, unknown escape sequences swallowed whole.
 *
 * No curses call is made here, so the unit tests need no terminal. Times are monotonic milliseconds. */
#ifndef GUITAI_UI_DECODE_H
#define GUITAI_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_code {
    KC_CHAR, /* a character: cp */
    KC_ENTER, KC_TAB, KC_BACKTAB, KC_ESCAPE,
    KC_UP, KC_DOWN, KC_LEFT, KC_RIGHT, KC_WORD_LEFT, KC_WORD_RIGHT, KC_HOME, KC_END, KC_PAGE_UP, KC_PAGE_DOWN,
    KC_INSERT, KC_DELETE, KC_BACKSPACE,
    KC_CONTROL, /* Ctrl and a letter: cp is 'a' … 'z' */
    KC_BAD,     /* an invalid byte: cp is the byte */
    KC_UNKNOWN, /* an escape sequence nobody knows */
    KC_RESIZE,
    KC_F0 = 100 /* KC_F0 + n is function key n */
};
#define KC_F(n) ((enum key_code)(KC_F0 + (n)))
#define DECODE_F_MAX 24

/* Codes given to define_key(). They start above every code that terminfo's extended keys may receive. */
enum decode_own_code {
    OWN_PASTE_BEGIN = 0x4000, OWN_PASTE_END, OWN_HOME, OWN_END, OWN_WORD_LEFT, OWN_WORD_RIGHT, OWN_BACKTAB, OWN_ENTER,
    OWN_DELETE, OWN_INSERT, OWN_PAGE_UP, OWN_PAGE_DOWN, OWN_UP, OWN_DOWN, OWN_LEFT, OWN_RIGHT, OWN_FOCUS,
    OWN_F0 = 0x4080,      /* + n */
    OWN_KEYPAD0 = 0x4100  /* + the ASCII character of a keypad key */
};

struct key {
    enum key_code code;
    uint32_t cp;
    bool data;     /* part of a paste: pure data, never a command */
    uint64_t when; /* arrival */
};

#define DECODE_UTF8_MS 200   /* a started character must be complete by then */
#define DECODE_ESCAPE_MS 1000 /* Esc, then a digit within this time: a function key */
#define DECODE_PASTE_MS 2000 /* a paste whose end mark was lost ends after so long a silence */
#define DECODE_QUEUE_MAX 65536

struct decode {
    struct key *queue;
    size_t head, count, cap; /* waiting keys are queue[head] … queue[count - 1] */
    bool overflow;         /* keys were refused because the queue is full; the reader of it resets this */
    bool pasting, paste_cr;
    uint64_t paste_last;
    unsigned char part[4]; /* a character under way */
    size_t part_len, part_need;
    uint64_t part_since;
    bool escape;           /* Esc was seen and may still become a function key */
    uint64_t escape_since;
    bool sequence;         /* inside CSI or SS3 */
    char seq[24];
    size_t seq_len;
    int report_row, report_col; /* last cursor position report; 0 when none */
};

void decode_init(struct decode *d);
void decode_reset(struct decode *d);
/* One value of wgetch(): a byte or a code. Appends what became complete to the queue. */
void decode_feed(struct decode *d, int ch, uint64_t now);
/* Gives up what waited too long. To be called when decode_timeout_ms() has passed. */
void decode_tick(struct decode *d, uint64_t now);
/* Milliseconds until decode_tick has work, -1 when nothing waits. */
int decode_timeout_ms(const struct decode *d, uint64_t now);
/* Takes the first key. False when the queue is empty. */
bool decode_take(struct decode *d, struct key *out);
/* The first key without taking it, further ones by `i`; NULL past the end. */
const struct key *decode_peek(const struct decode *d, size_t i);
/* Throws the queue away; returns how many keys that were. */
size_t decode_flush(struct decode *d);

#endif
