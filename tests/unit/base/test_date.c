#include "../unit.h"

#include "guitai/base/date.h"

#include <string.h>

static const struct date today = { 2026, 11, 23 };

static void date__arithmetic__goes_there_and_back(void **state)
{
    (void)state;
    for (long n = -800000; n < 200000; n += 13) {
        struct date d = date_from_days(n);
        assert_true(d.year < 1 || date_valid(d));
        assert_int_equal(date_to_days(d), n);
    }
    assert_int_equal(date_weekday(today), 1);
    assert_int_equal(date_weekday((struct date){ 2026, 10, 10 }), 6);
    assert_false(date_valid((struct date){ 2026, 2, 29 }));
    assert_true(date_valid((struct date){ 2028, 2, 29 }));
}

static void date__typed__short_forms(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        struct date want;
        int working;
    } cases[] = {
        { "2026-02-07", { 2026, 2, 7 }, 0 }, { "20260207", { 2026, 2, 7 }, 0 }, { "0207", { 2026, 2, 7 }, 0 },
        { "2-7", { 2026, 2, 7 }, 0 }, { "2026年2月7日", { 2026, 2, 7 }, 0 }, { "２０２６０２０７", { 2026, 2, 7 }, 0 },
        { "t", { 2026, 11, 23 }, 0 }, { "T+3", { 2026, 11, 26 }, 0 }, { "t-23", { 2026, 10, 31 }, 0 },
        { "+5w", { 2026, 11, 23 }, 5 }, { "t+5w", { 2026, 11, 23 }, 5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date d;
        struct err e;
        int working;
        assert_true(date_parse_typed(cases[i].typed, today, &d, &working, &e));
        assert_memory_equal(&d, &cases[i].want, sizeof d);
        assert_int_equal(working, cases[i].working);
    }
}

static void date__typed__nonsense_is_refused_with_examples(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "20260230", "13-1", "x", "t+", "+99999", "+5x", "2026", "99999999", "-5w" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct date d;
        struct err e;
        int working;
        assert_false(date_parse_typed(wrong[i], today, &d, &working, &e));
        assert_non_null(strstr(e.hint, "t+3"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date__arithmetic__goes_there_and_back),
        cmocka_unit_test(date__typed__short_forms),
        cmocka_unit_test(date__typed__nonsense_is_refused_with_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
