/* Start to the first whole screen: guitai against ncursesw alone, taken in turn.
 *
 * bench_start RUNS FLOOR PROGRAM: figure "start", milliseconds from the start of the process to the last
 * byte of its first screen (120 ms of silence end it). One warm-up each is thrown away. */
#include "common.h"
#include "pty.h"

#include <stdio.h>

#define COLUMNS 120
#define ROWS 35
#define SILENCE_MS 120

static double first_screen_ms(char *program)
{
    struct pty p;
    char *argv[] = {program, NULL};
    double begin = now_us();
    pty_start(&p, COLUMNS, ROWS, argv);
    pty_wait(&p, 0, GUITAI_VERSION, 5000); /* both show it: this is the screen that was meant */
    pty_settle(&p, SILENCE_MS);
    double took = (p.last_us - begin) / 1e3;
    pty_stop(&p);
    return took;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        die("usage: bench_start RUNS FLOOR PROGRAM");
    long runs = parse_number("RUNS", argv[1], 1, 100);
    first_screen_ms(argv[2]);
    first_screen_ms(argv[3]);
    for (long i = 0; i < runs; i++) {
        double floor = first_screen_ms(argv[2]);
        printf("start %.3f %.3f\n", first_screen_ms(argv[3]), floor);
    }
    return 0;
}
