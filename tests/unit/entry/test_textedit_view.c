/* How a text is cut into cells: windows that scroll, paragraphs that wrap. */
#include "../unit.h"

#include "guitai/base/utf8.h"
#include "guitai/entry/textedit.h"

#include <locale.h>
#include <string.h>

#define ROWS 16

static struct textedit *with(const char *text, bool multiline)
{
    struct textedit *t = textedit_new(400, multiline);
    assert_true(textedit_set(t, text));
    return t;
}

static const char *row_text(const struct textedit *t, struct textedit_row row)
{
    static char text[400];
    return textedit_slice(t, row.from, row.to, text, sizeof text);
}

static void textedit_view_line__stays__while_the_text_fits(void **state)
{
    (void)state;
    struct textedit *t = with("王小明", false);
    size_t scroll = 0;
    int x;
    struct textedit_row row = textedit_view_line(t, 10, &scroll, &x);
    assert_int_equal(scroll, 0);
    assert_int_equal(x, 6);
    assert_string_equal(row_text(t, row), "王小明");
    textedit_free(&t);
}

static void textedit_view_line__never_starts__inside_a_wide_character(void **state)
{
    (void)state;
    struct textedit *t = textedit_new(400, false);
    size_t scroll = 0;
    for (int i = 0; i < 60; i++) {
        int x;
        assert_true(textedit_insert(t, i % 3 ? 0x4E00u + (uint32_t)i : 'a'));
        struct textedit_row row = textedit_view_line(t, 11, &scroll, &x);
        assert_true(row.from == scroll && row.to >= textedit_cursor(t));
        assert_in_range(x, 0, 10);
        assert_true(utf8_cells(row_text(t, row)) <= 11);
    }
    textedit_free(&t);
}

static void textedit_view_line__scrolls_back__to_show_what_is_before_the_cursor(void **state)
{
    (void)state;
    struct textedit *t = with("江苏省徐州市泉山区淮海西路十二号三单元", false);
    size_t scroll = 0;
    int x;
    textedit_view_line(t, 12, &scroll, &x);
    assert_true(scroll > 0);
    for (size_t left = textedit_length(t); left > 0; left--) {
        textedit_move(t, TEXTEDIT_LEFT);
        textedit_view_line(t, 12, &scroll, &x);
        assert_true(textedit_cursor(t) == 0 || x > 0);
    }
    assert_int_equal(scroll, 0);
    assert_int_equal(x, 0);
    textedit_free(&t);
}

static void textedit_view_line__does_not_scroll__for_every_character(void **state)
{
    (void)state;
    struct textedit *t = textedit_new(400, false);
    size_t scroll = 0, scrolls = 0;
    for (int i = 0; i < 100; i++) {
        size_t before = scroll;
        int x;
        textedit_insert(t, 'a');
        textedit_view_line(t, 30, &scroll, &x);
        scrolls += scroll != before;
    }
    assert_in_range(scrolls, 1, 10);
    textedit_free(&t);
}

static size_t rows_of(const struct textedit *t, int width, struct textedit_row *rows, size_t *cursor_row,
                      int *x)
{
    size_t n = textedit_view_rows(t, width, rows, ROWS, cursor_row, x);
    assert_in_range(n, 1, ROWS);
    return n;
}

static void textedit_view_rows__keeps__punctuation_off_the_row_start(void **state)
{
    (void)state;
    struct textedit *t = with("申请材料齐全，符合法定形式。", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    rows_of(t, 12, rows, &row, &x); /* the comma would begin row 2 */
    assert_string_equal(row_text(t, rows[0]), "申请材料齐");
    assert_string_equal(row_text(t, rows[1]), "全，符合法定");
    assert_string_equal(row_text(t, rows[2]), "形式。");
    textedit_free(&t);
}

static void textedit_view_rows__keeps__opening_marks_off_the_row_end(void **state)
{
    (void)state;
    struct textedit *t = with("依据本市《许可法》", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    rows_of(t, 10, rows, &row, &x);
    assert_string_equal(row_text(t, rows[0]), "依据本市");
    textedit_free(&t);
}

static void textedit_view_rows__does_not_part__words_and_numbers(void **state)
{
    (void)state;
    struct textedit *t = with("编号3203001234号", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    rows_of(t, 12, rows, &row, &x);
    assert_string_equal(row_text(t, rows[0]), "编号");
    assert_string_equal(row_text(t, rows[1]), "3203001234号");
    textedit_free(&t);
}

static void textedit_view_rows__breaks__a_word_longer_than_the_row(void **state)
{
    (void)state;
    struct textedit *t = with("aaaaaaaaaaaaaaaaaaaa，，，，，，，，，，", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    size_t n = rows_of(t, 8, rows, &row, &x);
    for (size_t i = 0; i < n; i++)
        assert_true(utf8_cells(row_text(t, rows[i])) <= 8);
    textedit_free(&t);
}

static void textedit_view_rows__gives__stored_newlines_a_row_each(void **state)
{
    (void)state;
    struct textedit *t = with("一\n\n二\n", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    assert_int_equal(rows_of(t, 20, rows, &row, &x), 4);
    assert_string_equal(row_text(t, rows[1]), "");
    assert_int_equal(row, 3);
    assert_int_equal(x, 0);
    textedit_free(&t);
}

static void textedit_view_rows__puts__the_cursor_after_a_full_row_on_the_next(void **state)
{
    (void)state;
    struct textedit *t = with("一二三四", true);
    struct textedit_row rows[ROWS];
    size_t row;
    int x;
    assert_int_equal(rows_of(t, 8, rows, &row, &x), 2);
    assert_int_equal(row, 1);
    assert_int_equal(x, 0);
    assert_true(textedit_move(t, TEXTEDIT_LEFT));
    assert_int_equal(rows_of(t, 8, rows, &row, &x), 1);
    assert_int_equal(x, 6);
    textedit_free(&t);
}

static void textedit_view_rows__counts__rows_that_do_not_fit(void **state)
{
    (void)state;
    struct textedit *t = with("1\n2\n3\n4\n5", true);
    struct textedit_row rows[2];
    size_t row;
    int x;
    assert_int_equal(textedit_view_rows(t, 10, rows, 2, &row, &x), 5);
    assert_int_equal(row, 4);
    textedit_free(&t);
}

static void textedit_slice__never_parts__a_character(void **state)
{
    (void)state;
    struct textedit *t = with("徐州", false);
    char out[6];
    assert_string_equal(textedit_slice(t, 0, 2, out, sizeof out), "徐");
    textedit_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textedit_view_line__stays__while_the_text_fits),
        cmocka_unit_test(textedit_view_line__never_starts__inside_a_wide_character),
        cmocka_unit_test(textedit_view_line__scrolls_back__to_show_what_is_before_the_cursor),
        cmocka_unit_test(textedit_view_line__does_not_scroll__for_every_character),
        cmocka_unit_test(textedit_view_rows__keeps__punctuation_off_the_row_start),
        cmocka_unit_test(textedit_view_rows__keeps__opening_marks_off_the_row_end),
        cmocka_unit_test(textedit_view_rows__does_not_part__words_and_numbers),
        cmocka_unit_test(textedit_view_rows__breaks__a_word_longer_than_the_row),
        cmocka_unit_test(textedit_view_rows__gives__stored_newlines_a_row_each),
        cmocka_unit_test(textedit_view_rows__puts__the_cursor_after_a_full_row_on_the_next),
        cmocka_unit_test(textedit_view_rows__counts__rows_that_do_not_fit),
        cmocka_unit_test(textedit_slice__never_parts__a_character),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
