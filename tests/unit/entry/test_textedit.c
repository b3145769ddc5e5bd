/* A clerk types, moves and deletes in a text: what is stored, and where the cursor stands. */
#include "../unit.h"

#include "guitai/entry/textedit.h"

#include <string.h>

static struct textedit *with(const char *text, size_t max, bool multiline)
{
    struct textedit *t = textedit_new(max, multiline);
    assert_true(textedit_set(t, text));
    return t;
}

static void textedit_insert__keeps__rare_characters(void **state)
{
    (void)state;
    struct textedit *t = textedit_new(20, false);
    assert_true(textedit_insert(t, 0x4DAE));
    assert_true(textedit_insert(t, 0x2CB6D)); /* four bytes, CJK extension E */
    assert_true(textedit_insert(t, 0x31350)); /* extension H: unknown to the C library */
    assert_string_equal(textedit_get(t), "䶮𬭭\xF0\xB1\x8D\x90");
    assert_int_equal(textedit_length(t), 3);
    textedit_free(&t);
    assert_null(t);
}

static void textedit_insert__refuses__overflow_and_keeps_the_text(void **state)
{
    (void)state;
    struct textedit *t = with("徐州市", 3, false);
    assert_true(textedit_full(t));
    assert_false(textedit_insert(t, 0x4E2D));
    assert_string_equal(textedit_get(t), "徐州市");
    assert_int_equal(textedit_cursor(t), 3);
    textedit_free(&t);
}

static void textedit_insert__refuses__control_and_direction_marks(void **state)
{
    (void)state;
    struct textedit *t = textedit_new(20, false);
    const uint32_t bad[] = { 0,      7,      0x1B,   0x7F,   0x85,   0x200B, 0x200D, 0x202E,
                             0x2066, 0xFEFF, 0xFFFE, 0xD800, 0x110000, '\n' };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(textedit_insert(t, bad[i]));
    assert_int_equal(textedit_length(t), 0);
    textedit_free(&t);
}

static void textedit_set__cuts__what_is_too_long_and_says_so(void **state)
{
    (void)state;
    struct textedit *t = textedit_new(4, false);
    assert_false(textedit_set(t, "一二三四五"));
    assert_string_equal(textedit_get(t), "一二三四");
    assert_true(textedit_set(t, "a\tb\n"));
    assert_string_equal(textedit_get(t), "a b ");
    textedit_free(&t);
}

static void textedit_move__goes__by_cluster(void **state)
{
    (void)state;
    struct textedit *t = with("e\xCC\x81\xCC\xA3x", 20, false); /* e with acute and dot below, x */
    assert_int_equal(textedit_length(t), 4);
    assert_true(textedit_move(t, TEXTEDIT_LEFT));
    assert_int_equal(textedit_cursor(t), 3);
    assert_true(textedit_move(t, TEXTEDIT_LEFT));
    assert_int_equal(textedit_cursor(t), 0);
    assert_false(textedit_move(t, TEXTEDIT_LEFT));
    assert_true(textedit_move(t, TEXTEDIT_RIGHT));
    assert_int_equal(textedit_cursor(t), 3);
    textedit_free(&t);
}

static void textedit_backspace__takes__base_and_marks_together(void **state)
{
    (void)state;
    struct textedit *t = with("王e\xCC\x81", 20, false);
    assert_true(textedit_backspace(t));
    assert_string_equal(textedit_get(t), "王");
    assert_true(textedit_backspace(t));
    assert_false(textedit_backspace(t));
    assert_string_equal(textedit_get(t), "");
    textedit_free(&t);
}

static void textedit_delete__takes__the_cluster_under_the_cursor(void **state)
{
    (void)state;
    struct textedit *t = with("ae\xCC\x81z", 20, false);
    textedit_move(t, TEXTEDIT_HOME);
    textedit_move(t, TEXTEDIT_RIGHT);
    assert_true(textedit_delete(t));
    assert_string_equal(textedit_get(t), "az");
    textedit_move(t, TEXTEDIT_END);
    assert_false(textedit_delete(t));
    textedit_free(&t);
}

static void textedit_insert__never_leaves__the_cursor_inside_a_cluster(void **state)
{
    (void)state;
    struct textedit *t = with("\xCC\x81", 20, false); /* a mark that has nothing before it */
    textedit_move(t, TEXTEDIT_HOME);
    assert_true(textedit_insert(t, 'e'));
    assert_int_equal(textedit_cursor(t), 2);
    assert_true(textedit_backspace(t));
    assert_string_equal(textedit_get(t), "");
    textedit_free(&t);
}

static void textedit_delete_word__stops__at_punctuation_and_script(void **state)
{
    (void)state;
    struct textedit *t = with("泉山区，淮海西路12号", 40, false);
    assert_true(textedit_delete_word(t));
    assert_string_equal(textedit_get(t), "泉山区，淮海西路12");
    assert_true(textedit_delete_word(t));
    assert_string_equal(textedit_get(t), "泉山区，淮海西路");
    assert_true(textedit_delete_word(t));
    assert_string_equal(textedit_get(t), "泉山区，");
    textedit_free(&t);
}

static void textedit_move__words__in_latin_text(void **state)
{
    (void)state;
    struct textedit *t = with("one two  three", 40, false);
    assert_true(textedit_move(t, TEXTEDIT_WORD_LEFT));
    assert_int_equal(textedit_cursor(t), 9);
    assert_true(textedit_move(t, TEXTEDIT_WORD_LEFT));
    assert_int_equal(textedit_cursor(t), 4);
    assert_true(textedit_move(t, TEXTEDIT_WORD_RIGHT));
    assert_int_equal(textedit_cursor(t), 9);
    textedit_free(&t);
}

static void textedit_clear_to_end__keeps__the_other_lines(void **state)
{
    (void)state;
    struct textedit *t = with("第一行\n第二行\n第三行", 40, true);
    textedit_move(t, TEXTEDIT_UP);
    textedit_move(t, TEXTEDIT_HOME);
    textedit_move(t, TEXTEDIT_RIGHT);
    assert_true(textedit_clear_to_end(t));
    assert_string_equal(textedit_get(t), "第一行\n第\n第三行");
    textedit_free(&t);
}

static void textedit_move__up_and_down__keep_the_column(void **state)
{
    (void)state;
    struct textedit *t = with("一二三四\nab\n甲乙丙丁", 40, true);
    assert_int_equal(textedit_cursor(t), 12);
    textedit_move(t, TEXTEDIT_LEFT); /* before 丁: cell 6 */
    assert_true(textedit_move(t, TEXTEDIT_UP));
    assert_int_equal(textedit_cursor(t), 7); /* end of "ab" */
    assert_true(textedit_move(t, TEXTEDIT_UP));
    assert_int_equal(textedit_cursor(t), 3); /* cell 6 again */
    assert_false(textedit_move(t, TEXTEDIT_UP));
    textedit_free(&t);
}

static void textedit_move__down__follows_the_drawn_rows(void **state)
{
    (void)state;
    struct textedit *t = with("一二三四五六七八", 40, true);
    textedit_set_wrap(t, 8); /* 一二三四 / 五六七八 */
    textedit_move(t, TEXTEDIT_HOME);
    assert_true(textedit_move(t, TEXTEDIT_DOWN));
    assert_int_equal(textedit_cursor(t), 4);
    assert_false(textedit_move(t, TEXTEDIT_DOWN));
    textedit_free(&t);
}

static void textedit_set_max__keeps__a_text_that_is_longer(void **state)
{
    (void)state;
    struct textedit *t = with("320311199003071236", 30, false);
    textedit_set_max(t, 10);
    assert_string_equal(textedit_get(t), "320311199003071236");
    assert_false(textedit_insert(t, '1'));
    assert_true(textedit_backspace(t));
    textedit_set_max(t, 18);
    assert_true(textedit_insert(t, '6'));
    textedit_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textedit_insert__keeps__rare_characters),
        cmocka_unit_test(textedit_insert__refuses__overflow_and_keeps_the_text),
        cmocka_unit_test(textedit_insert__refuses__control_and_direction_marks),
        cmocka_unit_test(textedit_set__cuts__what_is_too_long_and_says_so),
        cmocka_unit_test(textedit_move__goes__by_cluster),
        cmocka_unit_test(textedit_backspace__takes__base_and_marks_together),
        cmocka_unit_test(textedit_delete__takes__the_cluster_under_the_cursor),
        cmocka_unit_test(textedit_insert__never_leaves__the_cursor_inside_a_cluster),
        cmocka_unit_test(textedit_delete_word__stops__at_punctuation_and_script),
        cmocka_unit_test(textedit_move__words__in_latin_text),
        cmocka_unit_test(textedit_clear_to_end__keeps__the_other_lines),
        cmocka_unit_test(textedit_move__up_and_down__keep_the_column),
        cmocka_unit_test(textedit_move__down__follows_the_drawn_rows),
        cmocka_unit_test(textedit_set_max__keeps__a_text_that_is_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
