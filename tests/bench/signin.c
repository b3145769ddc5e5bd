/* From the password's Enter to a filled queue over TLS: guitai against libpq and ncursesw alone, taken in
 * turn.
 *
 * bench_signin RUNS FLOOR_DB: prints "signin <guitai ms> <floor ms>": from Enter until the last case number
 * of the page has been drawn. The clerk types the menu's queue key at once behind Enter, as type-ahead
 * allows. */
#include "common.h"
#include "desk.h"
#include "pty.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 120
#define ROWS 35
#define SILENCE_MS 150
#define LIMIT_US 10e6
#define PAGE "50"
#define MIN_ROWS 15 /* a queue of fewer lines is not a filled one */

/* Case numbers that stand after place `from`: the division's six digits and at least thirteen more. */
static size_t case_numbers(const struct pty *p, size_t from, const char *division)
{
    size_t n = 0;
    const char *at = p->text + from;
    while ((at = strstr(at, division)) != NULL) {
        size_t digits = strspn(at, "0123456789");
        n += digits >= 19;
        at += digits;
    }
    return n;
}

/* Milliseconds from `begin` until the newest case number came; ends at silence after the first ones. */
static double filled_after(struct pty *p, size_t from, double begin)
{
    const char *division = environment("BENCH_AREA");
    size_t seen = 0;
    double last = begin;
    for (;;) {
        size_t got = pty_read(p, SILENCE_MS * 1000);
        size_t now = p->len > from ? case_numbers(p, from, division) : 0;
        if (now > seen)
            last = p->last_us;
        seen = now;
        if (got == 0 && seen >= MIN_ROWS)
            return (last - begin) / 1e3;
        if (p->ended || now_us() - begin > LIMIT_US)
            die("the queue shows %zu cases instead of at least %d; last output:\n%s", seen, MIN_ROWS,
                p->text + (p->len > 600 ? p->len - 600 : 0));
    }
}

static double floor_ms(char *program)
{
    struct pty p;
    char *argv[] = {program, PAGE, NULL};
    pty_start(&p, COLUMNS, ROWS, argv);
    pty_wait(&p, 0, "部门队列", 5000);
    pty_settle(&p, SILENCE_MS);
    size_t from = p.len;
    double begin = now_us();
    pty_type(&p, "\r");
    double took = filled_after(&p, from, begin);
    pty_stop(&p);
    return took;
}

static double guitai_ms(void)
{
    struct pty p;
    desk_start(&p, COLUMNS, ROWS);
    desk_password(&p);
    size_t from = p.len;
    double begin = now_us();
    pty_type(&p, "\r3");
    double took = filled_after(&p, from, begin);
    pty_stop(&p);
    return took;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: bench_signin RUNS FLOOR_DB");
    long runs = parse_number("RUNS", argv[1], 1, 100);
    floor_ms(argv[2]);
    guitai_ms();
    for (long i = 0; i < runs; i++) {
        double floor = floor_ms(argv[2]);
        printf("signin %.3f %.3f\n", guitai_ms(), floor);
    }
    return 0;
}
