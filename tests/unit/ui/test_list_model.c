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

static const char *shown(const char *value, enum list_format format, int width)
{
    static char out[64];
    struct list_column column = {.format = format};
    return list_format_value(value, &column, width, out, sizeof out);
}

static void list_format_value__shows__dates_and_money_as_read(void **state)
{
    (void)state;
    assert_string_equal(shown("2026-11-24", LIST_DATE, 10), "2026-11-24");
    assert_string_equal(shown("2026-11-24", LIST_DATE, 13), "2026-11-24 二");
    assert_string_equal(shown("2026-11-24 06:15:09", LIST_DATETIME, 16), "2026-11-24 06:15");
    assert_string_equal(shown("2026-11-24 06:15:09", LIST_DATETIME, 11), "11-24 06:15");
    assert_string_equal(shown("2026-11-24", LIST_DATE, 5), "11-24");
    assert_string_equal(shown("2026-11-24 06:15:09", LIST_DATETIME, 5), "06:15");
    assert_string_equal(shown("1250", LIST_MONEY, 10), "12.50");
    assert_string_equal(shown("-5", LIST_MONEY, 10), "-0.05");
    assert_string_equal(shown("", LIST_MONEY, 10), "");
}

static void list_format_value__shows__labels_of_codes(void **state)
{
    struct list_def d;
    struct err e;
    char out[64];
    (void)state;
    assert_true(list_def_load(&d, "pending", &e));
    for (size_t i = 0; i < d.columns; i++)
        if (!strcmp(d.column[i].name, "state"))
            assert_string_equal(list_format_value("failed", &d.column[i], 8, out, sizeof out), "打印失败");
    list_def_reset(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_def__loads__every_shipped_list),
        cmocka_unit_test(list_def__names__a_list_that_is_not_there),
        cmocka_unit_test(list_def__marks__colours_with_letters),
        cmocka_unit_test(list_format_value__shows__dates_and_money_as_read),
        cmocka_unit_test(list_format_value__shows__labels_of_codes),
    };
    i18n_init(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
