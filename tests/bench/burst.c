/* Memory of the workstation after hours of work in a minute: intake after intake through the keyboard.
 *
 * bench_burst INTAKES FROM: takes in synthetic persons FROM, FROM+1, …, each typed in full and saved, then
 * prints "memory <MB resident> -". bench.sh counts the cases in the database: that they were saved is not
 * taken from here. */
#include "common.h"
#include "desk.h"
#include "pty.h"

#include <stdio.h>

#define SAVED "已受理" /* forms/entry/accept.json, done */
#define F9 "\033[20~"
#define LIMIT_MS 10000

static void take_in(struct pty *p, long person)
{
    char number[19], keys[256];
    citizen_number(environment("BENCH_AREA"), person, number);
    /* Enter through the address and the item's five own fields to the materials, all of them there. */
    snprintf(keys, sizeof keys, "0213\r%s测试人\r13800000000\r\r\r\r\r\r\r*" F9, number);
    size_t from = p->len;
    pty_type(p, keys);
    pty_wait(p, from, SAVED, LIMIT_MS);
    pty_settle(p, 20);
    pty_type(p, "\r"); /* next customer */
    pty_settle(p, 20);
}

int main(int argc, char **argv)
{
    struct pty p;
    if (argc != 3)
        die("usage: bench_burst INTAKES FROM");
    long intakes = parse_number("INTAKES", argv[1], 1, 100000);
    long from = parse_number("FROM", argv[2], 0, 3300000);
    desk_open(&p, 80, 24);
    desk_intake(&p);
    for (long i = 0; i < intakes; i++)
        take_in(&p, from + i);
    printf("memory %.2f -\n", (double)pty_resident(&p) / 1e6);
    pty_stop(&p);
    return 0;
}
