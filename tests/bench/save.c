/* Saving a case through the program's own database layer, call after call on one connection. The answer is complete
 * with what follows the act (api.case__after), which travels in the same flight.
 *
 * bench_save CALLS FROM: accepts item BENCH_ITEM for synthetic persons FROM, FROM+1, …; signs in as
 * BENCH_USER with the password in BENCH_PASSWORD_FILE, server and TLS from the libpq environment. Prints
 * "save <median ms>". */
#include "common.h"

#include "guitai/base/uuid.h"
#include "guitai/db/db.h"

#include <stdio.h>
#include <stdlib.h>

#define WARM_UP 20

struct desk {
    struct db *db;
    const char *window, *item, *area;
};

static void accept_case(struct desk *d, long person)
{
    char request[37], number[19], name[16];
    struct db_result *r = NULL;
    struct err e;
    uuid_new(request);
    citizen_number(d->area, person, number);
    person_name(person, name);
    const struct db_arg args[] = {
        {"request", request}, {"window", d->window}, {"item", d->item}, {"item_version", "1"},
        {"applicant_kind", "person"}, {"id_kind", "citizen"}, {"id_number", number}, {"name", name},
        {"phone", "13800000000"}, {"address", "徐州市泉山区演示路1号"}, {"agent_name", NULL}, {"agent_id_number", NULL},
        {"materials", environment("BENCH_MATERIALS")}, {"extra", environment("BENCH_EXTRA")}, {"note", NULL},
    };
    if (!db_call_wait(d->db, "case__accept", args, sizeof args / sizeof *args, &r, &e))
        die("case__accept: %s %s %s", e.code, e.message, e.hint);
    db_result_free(&r);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: bench_save CALLS FROM");
    long calls = parse_number("CALLS", argv[1], 1, 1000000), from = parse_number("FROM", argv[2], 0, 3300000);
    struct desk d = {.db = db_new(), .window = environment("BENCH_WINDOW"), .item = environment("BENCH_ITEM"),
                     .area = environment("BENCH_AREA")};
    char *password = read_line_of(environment("BENCH_PASSWORD_FILE"));
    double *took = calloc((size_t)calls, sizeof *took);
    struct err e;
    if (!took || !db_open_wait(d.db, environment("BENCH_USER"), password, &e))
        die("sign-in: %s", took ? e.message : "out of memory");
    for (long i = 0; i < WARM_UP; i++)
        accept_case(&d, from + i);
    for (long i = 0; i < calls; i++) {
        double begin = now_us();
        accept_case(&d, from + WARM_UP + i);
        took[i] = (now_us() - begin) / 1e3;
    }
    printf("save %.4f\n", median(took, (size_t)calls));
    db_free(&d.db);
    free(took);
    free(password);
    return 0;
}
