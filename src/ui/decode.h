/* Bytes of the terminal -> keys: own UTF-8 decoder with a time limit, every known spelling of a key whatever
 * TERM says, Esc-digit twins of the function keys, bracketed paste, unknown escape sequences swallowed whole.
 *
 * Curses is not asked: its reader needs three system calls a key, stops for an escape, and loses split
 * characters. No clock is read here either, so the unit tests need no terminal. Times are monotonic
 * milliseconds. */
#ifndef GUITAI_UI_DECODE_H
#define GUITAI_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_code {
    KC_CHAR, /* a character: cp */
    KC_ENTER,
    KC_TAB,
    KC_BACKTAB,
    KC_ESCAPE,
    KC_UP,
    KC_DOWN,
    KC_LEFT,
    KC_RIGHT,
    KC_WORD_LEFT,
    KC_WORD_RIGHT,
    KC_HOME,
    KC_END,
    KC_PAGE_UP,
    KC_PAGE_DOWN,
    KC_INSERT,
    KC_DELETE,
    KC_BACKSPACE,
    KC_CONTROL, /* Ctrl and a letter: cp is 'a' … 'z' */
    KC_BAD,     /* an invalid byte: cp is the byte */
    KC_UNKNOWN, /* an escape sequence nobody knows */
    KC_PASTE_BEGIN,
    KC_PASTE_END,
    KC_FOCUS,   /* inside the decoder only */
    KC_F0 = 100 /* KC_F0 + n is function key n */
};
#define KC_F(n) ((enum key_code)(KC_F0 + (n)))
#define DECODE_F_MAX 24

struct key {
    enum key_code code;
    uint32_t cp;
    bool data;     /* part of a paste: pure data, never a command */
    uint64_t when; /* arrival */
};

#define DECODE_UTF8_MS 200     /* a started character must be complete by then */
#define DECODE_ESCAPE_MS 50    /* Esc that nothing follows so long is a key of its own */
#define DECODE_SEQUENCE_MS 200 /* a started escape sequence must be complete by then */
#define DECODE_TWIN_MS 1000    /* Esc, then a digit within this time: a function key */
#define DECODE_PASTE_MS 2000   /* a paste whose end mark was lost ends after so long a silence */
#define DECODE_QUEUE_MAX 65536
#define DECODE_EXTRA_MAX 64

/* What a terminal sends for a key. */
struct decode_sequence {
    char bytes[16];
    enum key_code code;
    uint32_t cp; /* of KC_CHAR */
};

struct decode {
    struct key *queue;
    size_t head, count, cap; /* waiting keys are queue[head] … queue[count - 1] */
    bool overflow;           /* keys were refused because the queue is full; the reader of it resets this */
    int escape_ms;
    bool pasting, paste_cr;
    uint64_t paste_last;
    unsigned char part[4]; /* a character under way */
    size_t part_len, part_need;
    uint64_t part_since;
    bool twin; /* Esc was a key of its own and may still become a function key */
    uint64_t twin_since;
    char seq[24]; /* an escape sequence under way, the Esc included */
    size_t seq_len;
    uint64_t seq_since;
    struct decode_sequence extra[DECODE_EXTRA_MAX]; /* this terminal's own, from terminfo */
    size_t extras;
    int report_row, report_col; /* last cursor position report; 0 when none */
};

void decode_init(struct decode *d);
void decode_reset(struct decode *d);
/* A spelling of a key that the built-in table need not know. */
void decode_define(struct decode *d, const char *bytes, enum key_code code);
/* Bytes as read. Appends what became complete to the queue. */
void decode_feed(struct decode *d, const char *bytes, size_t n, uint64_t now);
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
