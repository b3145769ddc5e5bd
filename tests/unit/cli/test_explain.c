#include "../unit.h"

#include "../../../src/cli/cli.h"

#include <stdlib.h>
#include <string.h>

static void explain__print__tells_every_day(void **state)
{
    (void)state;
    static const char text[] =
        "{\"from\":\"2026-09-30\",\"days\":1,\"due\":\"2026-10-08\",\"provisional\":false,\"explain\":["
        "{\"date\":\"2026-09-30\",\"weekday\":3,\"work\":true,\"n\":null,\"note\":null,\"provisional\":false},"
        "{\"date\":\"2026-10-01\",\"weekday\":4,\"work\":false,\"n\":null,\"note\":\"国庆节\",\"provisional\":false},"
        "{\"date\":\"2026-10-08\",\"weekday\":4,\"work\":true,\"n\":1,\"note\":null,\"provisional\":true}]}";
    struct err e;
    struct json *doc = json_parse(text, strlen(text), "test", &e);
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    explain_print(json_root(doc), out);
    fclose(out);
    assert_non_null(strstr(said, "2026-09-30"));
    assert_non_null(strstr(said, "国庆节"));
    assert_non_null(strstr(said, "   1  "));
    assert_non_null(strstr(said, "= 2026-10-08"));
    int lines = 0;
    for (const char *p = said; *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 4);
    free(said);
    json_free(&doc);
}

static void paper__format__only_text_and_pdf(void **state)
{
    (void)state;
    struct err e;
    assert_true(paper_format_ok("text", &e));
    assert_true(paper_format_ok("pdf", &e));
    assert_false(paper_format_ok("PDF", &e));
    assert_int_equal(e.kind, ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explain__print__tells_every_day),
        cmocka_unit_test(paper__format__only_text_and_pdf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
