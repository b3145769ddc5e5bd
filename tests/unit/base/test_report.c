#include "../unit.h"

#include "guitai/base/report.h"

#include <stdlib.h>

static void report_table__print__aligns_by_cells(void **state)
{
    (void)state;
    struct report_table *t = report_table_new(3);
    static const char *const cells[] = { "编号", "b", "c", "1", NULL, "x\ty", "22222", "三", "" };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        report_table_add(t, cells[i]);
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    report_table_print(t, out);
    fclose(out);
    assert_string_equal(said, "编号   b   c\n1          x y\n22222  三\n");
    free(said);
    report_table_free(&t);
    assert_null(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(report_table__print__aligns_by_cells) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
