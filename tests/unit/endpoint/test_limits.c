/* What one division may take at a time, and what a failed call means for the peer. */
#include "../unit.h"

#include "../../../src/endpoint/limits.h"
#include "../../../src/endpoint/reason.h"

#include <stdio.h>
#include <string.h>

static int let_in(struct limits *l, struct division *d, long long at, int tries)
{
    int n = 0;
    for (int i = 0; i < tries; i++)
        n += limits_request(l, d, at);
    return n;
}

static void limits__let_a_burst_in_and_then_the_rate(void **state)
{
    (void)state;
    struct limits l = { .connections = 2, .rate = 10 };
    struct division *d = limits_division(&l, "320321"), *other = limits_division(&l, "320322");
    assert_int_equal(let_in(&l, d, 1000, 100), 20);
    assert_int_equal(let_in(&l, d, 1050, 10), 0);
    assert_int_equal(let_in(&l, d, 1500, 100), 5);
    assert_int_equal(let_in(&l, other, 1500, 100), 20);
    assert_int_equal(let_in(&l, d, 9999000, 100), 20);
    limits_reset(&l);
}

static void limits__count_connections_by_division(void **state)
{
    (void)state;
    struct limits l = { .connections = 2, .rate = 10 };
    struct division *d = limits_division(&l, "320321");
    assert_true(limits_connect(&l, d));
    assert_true(limits_connect(&l, limits_division(&l, "320321")));
    assert_false(limits_connect(&l, d));
    assert_true(limits_connect(&l, limits_division(&l, "320322")));
    limits_leave(d);
    assert_true(limits_connect(&l, d));
    limits_reset(&l);
}

static int status_of(const char *code, enum err_kind kind)
{
    struct err e;
    err_set(&e, kind, "x");
    snprintf(e.code, sizeof e.code, "%s", code);
    return reason_status(reason_of(&e));
}

static void reasons__follow_the_sqlstate(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int status;
    } wanted[] = {
        { "GT081", 400 }, { "GT082", 403 }, { "22P05", 400 }, { "22023", 400 }, { "54001", 400 }, { "40001", 503 },
        { "40P01", 503 }, { "53100", 503 }, { "53300", 503 }, { "55P03", 503 }, { "57014", 503 }, { "57P01", 503 },
        { "08006", 503 }, { "25006", 503 }, { "42883", 500 }, { "23505", 500 }, { "XX000", 500 },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_int_equal(status_of(wanted[i].code, ERR_BUG), wanted[i].status);
    assert_int_equal(status_of("", ERR_OFFLINE), 503);
    assert_int_equal(status_of("", ERR_CONFLICT), 503);
}

static void reasons__have_words_of_their_own(void **state)
{
    (void)state;
    for (int r = 0; r < REASON_COUNT; r++) {
        assert_non_null(reason_word((enum reason)r));
        if (reason_status((enum reason)r) == 503 || reason_status((enum reason)r) == 429)
            assert_true(reason_retry_after((enum reason)r) > 0);
        for (int other = 0; other < r; other++)
            assert_string_not_equal(reason_word((enum reason)r), reason_word((enum reason)other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits__let_a_burst_in_and_then_the_rate),
        cmocka_unit_test(limits__count_connections_by_division),
        cmocka_unit_test(reasons__follow_the_sqlstate),
        cmocka_unit_test(reasons__have_words_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
