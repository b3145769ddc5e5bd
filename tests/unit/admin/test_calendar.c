#include "../unit.h"

#include "../../../src/admin/admin.h"

#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static bool parse(const char *text, struct calendar_row **rows, size_t *n, char *document, struct err *e)
{
    char *copy = xstrdup(text);
    const char *found;
    bool ok = calendar_parse(copy, "f.csv", rows, n, &found, e);
    if (ok && document)
        strcpy(document, found ? found : "");
    free(copy);
    return ok;
}

static void calendar__parse__reads_days_and_the_document(void **state)
{
    (void)state;
    struct calendar_row *rows;
    size_t n;
    struct err e;
    char document[64];
    assert_true(parse("\xEF\xBB\xBF# 国办发明电〔2025〕7号\r\ndate,kind,holiday\r\n2026-01-01,off,元旦\r\n\r\n"
                      "2026-01-04,work,元旦\n", &rows, &n, document, &e));
    assert_int_equal(n, 2);
    assert_string_equal(document, "国办发明电〔2025〕7号");
    assert_string_equal(rows[0].date, "2026-01-01");
    assert_string_equal(rows[0].kind, "off");
    assert_string_equal(rows[1].kind, "work");
    assert_string_equal(rows[1].holiday, "元旦");
    assert_int_equal(rows[1].edition, 2026);
    free(rows);
}

static void calendar__parse__december_of_new_year_is_of_the_next_notice(void **state)
{
    (void)state;
    struct calendar_row *rows;
    size_t n;
    struct err e;
    assert_true(parse("2022-12-31,off,元旦\n2022-12-25,work,调休\n2023-01-01,off,元旦\n", &rows, &n, NULL, &e));
    assert_int_equal(rows[0].edition, 2023);
    assert_int_equal(rows[1].edition, 2022);
    assert_int_equal(rows[2].edition, 2023);
    free(rows);
}

static void calendar__parse__names_the_line_at_fault(void **state)
{
    (void)state;
    static const char *const bad[] = { "2026-01-01,off,元旦\n2026-02-30,off,x\n", "#\n2026-01-01,closed,x\n",
                                       "date,kind,holiday\n2026-01-01\n" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct calendar_row *rows;
        size_t n;
        struct err e;
        assert_false(parse(bad[i], &rows, &n, NULL, &e));
        assert_null(rows);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_int_equal(strncmp(e.message, "f.csv:2:", 8), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar__parse__reads_days_and_the_document),
        cmocka_unit_test(calendar__parse__december_of_new_year_is_of_the_next_notice),
        cmocka_unit_test(calendar__parse__names_the_line_at_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
