/* Look-ups under row security against databases of several sizes, taken in turn call by call.
 *
 * bench_flat ROUNDS CALLS SMALL LARGE: signs in to both databases as BENCH_USER; for every kind of look-up
 * CALLS calls to each a round, alternating, with values out of $BENCH_SAMPLES/<database>.tsv (number, ID
 * number, name: cases that this clerk may see). Prints "<kind> <median ms in LARGE> <median ms in SMALL>". */
#include "common.h"

#include "guitai/db/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES_MAX 1000
#define PAGE "50"
#define WARM_UP 40      /* calls of each kind first: plans settle within six */
#define ROUND_US 1.5e6  /* a look-up that lost its index must not hold the whole run up */

struct sample {
    char number[32], id_number[32], name[64], prefix[16], fragment[16];
};

struct side {
    const char *database;
    struct db *db;
    struct sample samples[SAMPLES_MAX];
    size_t n;
    char second_page[64];
    double *took;
};

/* The first two characters of a name, and its last two: parts as a clerk would type them. */
static void cut_name(struct sample *s)
{
    size_t at[64], n = 0, len = strlen(s->name);
    for (size_t i = 0; i < len && n < 64; i++)
        if (((unsigned char)s->name[i] & 0xC0) != 0x80)
            at[n++] = i;
    if (n < 2)
        die("a sample's name is shorter than two characters");
    size_t head = n > 2 ? at[2] : len, tail = len - at[n - 2];
    if (head >= sizeof s->prefix || tail >= sizeof s->fragment)
        die("a sample's name is no Chinese one");
    memcpy(s->prefix, s->name, head);
    memcpy(s->fragment, s->name + at[n - 2], tail);
}

static void read_samples(struct side *s)
{
    char path[4096], line[256];
    snprintf(path, sizeof path, "%s/%s.tsv", environment("BENCH_SAMPLES"), s->database);
    FILE *f = fopen(path, "r");
    if (!f)
        die("%s: %s", path, strerror(errno));
    while (s->n < SAMPLES_MAX && fgets(line, sizeof line, f)) {
        struct sample *one = &s->samples[s->n];
        if (sscanf(line, "%31[^\t]\t%31[^\t]\t%63[^\n]", one->number, one->id_number, one->name) != 3)
            die("%s: a line is not number, ID number, name", path);
        cut_name(one);
        s->n++;
    }
    fclose(f);
    if (s->n == 0)
        die("%s holds no sample", path);
}

/* One list call; the number of its rows. The key of the last row goes to `key` when asked for. */
static size_t list(struct side *s, const char *function, const char *search, const char *after, char *key,
                   size_t size)
{
    const struct db_arg args[] = {{"search", search}, {"after", after}, {"limit", PAGE}};
    struct db_result *r = NULL;
    struct err e;
    if (!db_call_wait(s->db, function, args, 3, &r, &e))
        die("%s in %s: %s", function, s->database, e.message);
    size_t rows = db_rows(r);
    if (key && rows)
        snprintf(key, size, "%s", db_value(r, rows - 1, "key"));
    db_result_free(&r);
    return rows;
}

/* The figures of the status line; one document. */
static size_t counts(struct side *s)
{
    struct db_result *r = NULL;
    struct err e;
    if (!db_call_wait(s->db, "counts", NULL, 0, &r, &e))
        die("counts in %s: %s", s->database, e.message);
    size_t documents = db_json(r) != NULL;
    db_result_free(&r);
    return documents;
}

/* Cases of an applicant in other halls, as the intake asks when his number is there. */
static size_t duplicates(struct side *s, const char *id_number)
{
    const struct db_arg args[] = {{"item", environment("BENCH_ITEM")}, {"id_kind", "citizen"}, {"id_number", id_number}};
    struct db_result *r = NULL;
    struct err e;
    if (!db_call_wait(s->db, "duplicate__question", args, 3, &r, &e))
        die("duplicate__question in %s: %s", s->database, e.message);
    size_t found = jn_count(jn_get(json_root(db_json(r)), "found"));
    db_result_free(&r);
    return found;
}

enum kind { FIRST_PAGE, NEXT_PAGE, TO_DO, COUNTS, BY_NUMBER, BY_ID, BY_PREFIX, BY_FRAGMENT, DUPLICATES, KINDS };

static const char *const names[KINDS] = {"queue", "queue_next", "todo",        "counts",    "by_number",
                                         "by_id", "by_prefix",  "by_fragment", "duplicates"};

static size_t look_up(struct side *s, enum kind kind, size_t i)
{
    const struct sample *one = &s->samples[i % s->n];
    switch (kind) {
    case FIRST_PAGE: return list(s, "case__queue", NULL, NULL, s->second_page, sizeof s->second_page);
    case NEXT_PAGE: return list(s, "case__queue", NULL, s->second_page, NULL, 0);
    case TO_DO: return list(s, "case__todo", NULL, NULL, NULL, 0);
    case COUNTS: return counts(s);
    case BY_NUMBER: return list(s, "case__search", one->number, NULL, NULL, 0);
    case BY_ID: return list(s, "case__search", one->id_number, NULL, NULL, 0);
    case BY_PREFIX: return list(s, "case__search", one->prefix, NULL, NULL, 0);
    case BY_FRAGMENT: return list(s, "case__search", one->fragment, NULL, NULL, 0);
    default: return duplicates(s, one->id_number);
    }
}

static void take_one(struct side *s, enum kind kind, size_t i, double *took)
{
    double begin = now_us();
    size_t rows = look_up(s, kind, i);
    *took = (now_us() - begin) / 1e3;
    if (rows == 0)
        die("%s found nothing in %s", names[kind], s->database);
}

static void run_round(struct side *small, struct side *large, enum kind kind, size_t round, size_t calls)
{
    double end = now_us() + ROUND_US;
    size_t n = 0;
    for (; n < calls && (n < 3 || now_us() < end); n++) {
        take_one(small, kind, round * calls + n, &small->took[n]);
        take_one(large, kind, round * calls + n, &large->took[n]);
    }
    double in_large = median(large->took, n);
    printf("%s %.4f %.4f\n", names[kind], in_large, median(small->took, n));
}

static void open_side(struct side *s, const char *database, const char *password, size_t calls)
{
    struct err e;
    s->database = database;
    s->db = db_new();
    s->took = calloc(calls, sizeof *s->took);
    /* db_open takes the database from the libpq environment. */
    if (!s->took || setenv("PGDATABASE", database, 1) ||
        !db_open_wait(s->db, environment("BENCH_USER"), password, &e))
        die("sign-in to %s: %s", database, e.message);
    read_samples(s);
}

static void warm(struct side *s)
{
    for (int kind = 0; kind < KINDS; kind++) {
        double end = now_us() + ROUND_US;
        for (size_t i = 0; i < WARM_UP && (i < 7 || now_us() < end); i++)
            look_up(s, (enum kind)kind, i);
    }
}

int main(int argc, char **argv)
{
    static struct side small, large;
    if (argc != 5)
        die("usage: bench_flat ROUNDS CALLS SMALL LARGE");
    size_t rounds = (size_t)parse_number("ROUNDS", argv[1], 1, 100);
    size_t calls = (size_t)parse_number("CALLS", argv[2], 1, 100000);
    char *password = read_line_of(environment("BENCH_PASSWORD_FILE"));
    open_side(&small, argv[3], password, calls);
    open_side(&large, argv[4], password, calls);
    warm(&small);
    warm(&large);
    for (size_t round = 0; round < rounds; round++)
        for (int kind = 0; kind < KINDS; kind++)
            run_round(&small, &large, (enum kind)kind, round, calls);
    db_free(&small.db);
    db_free(&large.db);
    free(small.took);
    free(large.took);
    free(password);
    return 0;
}
