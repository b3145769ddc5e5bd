/* A workstation that sends: what its clerk sees of it, and that his keys never wait for another hall.
 *
 * Started by station.sh with the name of a case; the database, the messages and the hall are prepared there. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CLERK "haoyun"
#define SLOWEST_ECHO_US 150000 /* with sanitizers, on a busy machine; a key that waits for the hall takes seconds */

static const char *wanted;

static void expect_counts(struct desk *d, const char *text)
{
    if (!terminal_wait(d->t, ROW_FOOTER, text) && !terminal_wait(d->t, ROW_FOOTER, text))
        desk_expect(d, ROW_FOOTER, text);
}

/* What waits is sent without anybody doing anything. */
static void sends(struct desk *d)
{
    expect_counts(d, "待传0");
}

/* No certificates: the count is shown, and sending is left to others. */
static void waits(struct desk *d)
{
    expect_counts(d, "待传2");
    terminal_wait_quiet(d->t, 2000);
    desk_expect(d, ROW_FOOTER, "待传2");
}

static void warned(struct desk *d)
{
    desk_expect(d, ROW_MESSAGE, "天后到期");
    expect_counts(d, "待传0");
}

/* The hall takes its time: the command line is typed meanwhile, key by key. */
static void types(struct desk *d)
{
    char typed[32] = "";
    long slowest = 0;
    expect_counts(d, "待传2");
    while (access(getenv("HALL_ASKED"), F_OK) != 0)
        terminal_wait_quiet(d->t, 50);
    desk_key(d, 2);
    for (const char *p = "abcdefghijklmnopqrst"; *p; p++) {
        char key[2] = { *p, '\0' };
        strcat(typed, key);
        desk_type(d, key);
        desk_expect(d, ROW_MESSAGE, typed);
        if (terminal_echo_us(d->t) > slowest)
            slowest = terminal_echo_us(d->t);
    }
    desk_expect(d, ROW_FOOTER, "待传2"); /* still under way */
    if (slowest > SLOWEST_ECHO_US)
        fail_msg("a key took %ld us while the hall was slow", slowest);
    expect_counts(d, "待传0");
}

static void station__case__as_named(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*run)(struct desk *d);
    } cases[] = { { "sends", sends }, { "waits", waits }, { "warned", warned }, { "types", types } };
    struct desk *d = desk_open(NULL, NULL);
    desk_sign_in(d, CLERK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(cases[i].name, wanted) == 0)
            cases[i].run(d);
    desk_close(&d);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(station__case__as_named) };
    wanted = argc > 1 ? argv[1] : "";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
