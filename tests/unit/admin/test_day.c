#include "../unit.h"

#include "../../../src/admin/admin.h"

#include "guitai/base/date.h"

#include <stdlib.h>
#include <string.h>

static long day(int y, int m, int d)
{
    return date_to_days((struct date){ y, m, d });
}

static void day__resolve__counts_calendar_days(void **state)
{
    (void)state;
    char out[11];
    long today = day(2026, 11, 23);
    assert_true(day_resolve("today", today, out));
    assert_string_equal(out, "2026-11-23");
    assert_true(day_resolve("today+10", today, out));
    assert_string_equal(out, "2026-12-03");
    assert_true(day_resolve("today-400", today, out));
    assert_string_equal(out, "2025-10-19");
}

static void day__resolve__leaves_other_texts(void **state)
{
    (void)state;
    static const char *const others[] = { "",         "Today",       "today+", "today-",     "today 1",
                                          "today+1x", "today+99999", "todays", "2026-11-23", "+1" };
    char out[11];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(day_resolve(others[i], 0, out));
}

static void day__resolve_tree__replaces_at_every_depth(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":\"today\",\"b\":[{\"c\":\"today+1\",\"n\":5,\"t\":true,\"z\":null}],\"d\":\"x\","
        "\"l\":[\"today-1\",\"y\"]}";
    struct err e;
    struct json *doc = json_parse(text, strlen(text), "test", &e);
    struct json *copy = day_resolve_tree(json_root(doc), day(2026, 1, 1));
    char *written = json_text(copy, false);
    assert_string_equal(written,
                        "{\"a\":\"2026-01-01\",\"b\":[{\"c\":\"2026-01-02\",\"n\":5,\"t\":true,\"z\":null}],"
                        "\"d\":\"x\",\"l\":[\"2025-12-31\",\"y\"]}");
    free(written);
    json_free(&copy);
    json_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day__resolve__counts_calendar_days),
        cmocka_unit_test(day__resolve__leaves_other_texts),
        cmocka_unit_test(day__resolve_tree__replaces_at_every_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
