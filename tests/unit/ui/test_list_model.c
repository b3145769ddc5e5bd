#include "../../../src/ui/list_model.h"

#include "guitai/base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void list_def__loads__every_shipped_list(void **state)
{
    static const char *const ids[] = {"queue", "todo", "search", "drafts", "pending", "items", "refusals"};
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct list_def d;
        struct err e;
        if (!list_def_load(&d, ids[i], &e))
            fail_msg("%s", e.message);
        assert_true(d.columns > 0);
        assert_non_null(d.source);
        list_def_reset(&d);
    }
}

static void list_def__names__a_list_that_is_not_there(void **state)
{
    struct list_def d;
    struct err e;
    (void)state;
    assert_false(list_def_load(&d, "no-such-list", &e));
    assert_non_null(strstr(e.message, "no-such-list"));
}

static void list_def__marks__colours_with_letters(void **state)
{
    struct list_def d;
    struct err e;
    (void)state;
    assert_true(list_def_load(&d, "queue", &e));
    assert_string_not_equal(list_def_mark(&d, "red"), "");
    assert_string_not_equal(list_def_mark(&d, "yellow"), "");
    assert_string_equal(list_def_mark(&d, ""), "");
    assert_non_null(list_def_key(&d, "enter"));
    assert_null(list_def_key(&d, "\x01"));
    list_def_reset(&d);
}

static void list_format_value__shows__dates_and_money_as_read(void **state)
{
    char out[64];
    (void)state;
    assert_string_equal(list_format_value("2026-11-24", LIST_DATE, 10, out, sizeof out), "2026-11-24");
    assert_string_equal(list_format_value("2026-11-24", LIST_DATE, 13, out, sizeof out), "2026-11-24 二");
    assert_string_equal(list_format_value("2026-11-24 06:15:09", LIST_DATETIME, 16, out, sizeof out),
                        "2026-11-24 06:15");
    assert_string_equal(list_format_value("2026-11-24 06:15:09", LIST_DATETIME, 11, out, sizeof out),
                        "11-24 06:15");
    assert_string_equal(list_format_value("1250", LIST_MONEY, 10, out, sizeof out), "12.50");
    assert_string_equal(list_format_value("-5", LIST_MONEY, 10, out, sizeof out), "-0.05");
    assert_string_equal(list_format_value("", LIST_MONEY, 10, out, sizeof out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_def__loads__every_shipped_list),
        cmocka_unit_test(list_def__names__a_list_that_is_not_there),
        cmocka_unit_test(list_def__marks__colours_with_letters),
        cmocka_unit_test(list_format_value__shows__dates_and_money_as_read),
    };
    i18n_init(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
