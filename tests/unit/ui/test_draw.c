#include "../../../src/ui/draw.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_lines(const char *text, int cells, const char *const *lines)
{
    size_t at = 0;
    for (; *lines; lines++) {
        size_t start = at, n = draw_wrap(text, &at, cells);
        assert_int_equal(n, strlen(*lines));
        assert_memory_equal(text + start, *lines, n);
    }
    assert_int_equal(at, strlen(text));
}

static void draw_wrap__breaks__between_wide_characters(void **state)
{
    static const char *const lines[] = {"政务服务", "大厅", NULL};
    (void)state;
    expect_lines("政务服务大厅", 9, lines);
}

static void draw_wrap__never_begins__a_line_with_closing_punctuation(void **state)
{
    (void)state;
    expect_lines("符合条件，同意。", 8, (const char *const[]){"符合条", "件，同", "意。", NULL});
    expect_lines("符合条件，同意。", 10, (const char *const[]){"符合条件，", "同意。", NULL});
}

static void draw_wrap__breaks__after_blanks_and_at_newlines(void **state)
{
    static const char *const lines[] = {"one two ", "three", "four", NULL};
    (void)state;
    expect_lines("one two three\nfour", 9, lines);
}

static void draw_wrap__goes_on__however_narrow(void **state)
{
    static const char *const lines[] = {"政", "务", NULL};
    (void)state;
    expect_lines("政务", 1, lines);
}

static void draw_glyph__substitutes__what_cannot_be_drawn(void **state)
{
    (void)state;
    assert_int_equal(draw_glyph('a'), 'a');
    assert_int_equal(draw_glyph(0x5F20), 0x5F20);
    assert_int_equal(draw_glyph(0x1B), 0);
    assert_int_equal(draw_glyph(0x85), 0);
    assert_int_equal(draw_glyph(0x202E), 0);
    assert_int_equal(draw_glyph(0xB7), 0xB7);
    draw_set_wide_ambiguous(true);
    assert_int_equal(draw_glyph(0xB7), '.');
    assert_int_equal(draw_glyph(0x2500), '-');
    assert_int_equal(draw_glyph(0x5F20), 0x5F20);
    draw_set_wide_ambiguous(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draw_wrap__breaks__between_wide_characters),
        cmocka_unit_test(draw_wrap__never_begins__a_line_with_closing_punctuation),
        cmocka_unit_test(draw_wrap__breaks__after_blanks_and_at_newlines),
        cmocka_unit_test(draw_wrap__goes_on__however_narrow),
        cmocka_unit_test(draw_glyph__substitutes__what_cannot_be_drawn),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
