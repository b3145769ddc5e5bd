/* From a key to its echo: the intake's text field against bash's readline, block by block in turn.
 *
 * bench_echo ROUNDS KEYS: KEYS keys a round into each, mixed Chinese and ASCII, appended at the end of the
 * text. Prints
 *   echo         <guitai us> <readline us>   median time from the key to its own character on the wire
 *   echo_ascii   <guitai>    <readline>      bytes written for a plain ASCII key, median
 *   echo_han     <guitai>    <readline>      the same for a Chinese character (its own three included)
 *   cursor       <guitai>    <readline>      the most bytes for a cursor key
 *   echo_most    <guitai>    <readline>      the most bytes that any key brought */
#include "common.h"
#include "desk.h"
#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE 20      /* keys before the field is emptied again: both stay within one row */
#define QUIET_MS 12  /* silence after which a key's output counts as whole */
#define ECHO_MS 1000

static const char *const keys[] = {"a", "中", "1", "文", "b", "徐", "x", "州", "7", "市", "k", "q", "泉", "0", "山",
                                   "m", "区", "z", "5", "路"};

struct side {
    struct pty pty;
    double *took;
    double *ascii, *han;
    size_t n, n_ascii, n_han;
    double most, most_cursor;
};

static size_t press(struct side *s, const char *key, const char *echo, double *took)
{
    struct pty *p = &s->pty;
    size_t from = p->len;
    double begin = now_us();
    pty_type(p, key);
    while (!pty_has(p, from, echo))
        if (pty_read(p, ECHO_MS * 1000) == 0)
            die("the key \"%s\" was not echoed", key);
    *took = p->last_us - begin;
    pty_settle(p, QUIET_MS);
    return p->len - from;
}

static void type_keys(struct side *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *key = keys[i % (sizeof keys / sizeof *keys)];
        size_t bytes = press(s, key, key, &s->took[s->n++]);
        if (key[1])
            s->han[s->n_han++] = (double)bytes;
        else
            s->ascii[s->n_ascii++] = (double)bytes;
        if ((double)bytes > s->most)
            s->most = (double)bytes;
    }
}

static void move_cursor(struct side *s)
{
    for (int i = 0; i < 8; i++) {
        size_t from = s->pty.len;
        pty_type(&s->pty, i < 4 ? "\033[D" : "\033[C"); /* left, and right again */
        pty_read(&s->pty, ECHO_MS * 1000);
        pty_settle(&s->pty, QUIET_MS);
        double bytes = (double)(s->pty.len - from);
        if (bytes > s->most_cursor)
            s->most_cursor = bytes;
    }
}

static void empty_line(struct side *s)
{
    pty_type(&s->pty, "\025"); /* Ctrl-U in both */
    pty_settle(&s->pty, 30);
}

static void run_round(struct side *guitai, struct side *readline, size_t count)
{
    struct side *sides[] = {guitai, readline};
    for (size_t i = 0; i < 2; i++)
        sides[i]->n = sides[i]->n_ascii = sides[i]->n_han = 0, sides[i]->most = sides[i]->most_cursor = 0;
    for (size_t done = 0; done < count; done += LINE)
        for (size_t i = 0; i < 2; i++) {
            type_keys(sides[i], LINE);
            move_cursor(sides[i]);
            empty_line(sides[i]);
        }
    double g = median(guitai->took, guitai->n);
    printf("echo %.1f %.1f\n", g, median(readline->took, readline->n));
    g = median(guitai->ascii, guitai->n_ascii);
    printf("echo_ascii %.0f %.0f\n", g, median(readline->ascii, readline->n_ascii));
    g = median(guitai->han, guitai->n_han);
    printf("echo_han %.0f %.0f\n", g, median(readline->han, readline->n_han));
    printf("cursor %.0f %.0f\n", guitai->most_cursor, readline->most_cursor);
    printf("echo_most %.0f %.0f\n", guitai->most, readline->most);
}

static void make_room(struct side *s, size_t count)
{
    s->took = calloc(count + LINE, sizeof *s->took);
    s->ascii = calloc(count + LINE, sizeof *s->ascii);
    s->han = calloc(count + LINE, sizeof *s->han);
    if (!s->took || !s->ascii || !s->han)
        die("out of memory");
}

static void start_readline(struct side *s)
{
    char *argv[] = {"bash", "--norc", "--noprofile", "-i", NULL};
    setenv("PS1", "bench> ", 1);
    pty_start(&s->pty, 80, 24, argv);
    pty_wait(&s->pty, 0, "bench> ", 5000);
    pty_settle(&s->pty, 100);
}

int main(int argc, char **argv)
{
    static struct side guitai, readline;
    if (argc != 3)
        die("usage: bench_echo ROUNDS KEYS");
    long rounds = parse_number("ROUNDS", argv[1], 1, 100);
    size_t count = (size_t)parse_number("KEYS", argv[2], LINE, 100000);
    make_room(&guitai, count);
    make_room(&readline, count);
    start_readline(&readline);
    desk_open(&guitai.pty, 80, 24);
    desk_text_field(&guitai.pty);
    for (long i = 0; i < rounds; i++)
        run_round(&guitai, &readline, count);
    pty_stop(&guitai.pty);
    pty_stop(&readline.pty);
    return 0;
}
