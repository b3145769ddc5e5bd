#include "../unit.h"

#include "guitai/base/utf8.h"

#include <locale.h>
#include <string.h>

static void utf8__decode__refuses_what_is_not_utf8(void **state)
{
    (void)state;
    uint32_t cp;
    assert_true(utf8_valid("徐州𬭛·a", strlen("徐州𬭛·a")));
    assert_false(utf8_valid("\xC0\x80", 2));         /* overlong */
    assert_false(utf8_valid("\xED\xA0\x80", 3));     /* surrogate */
    assert_false(utf8_valid("\xF5\x80\x80\x80", 4)); /* over U+10FFFF */
    assert_false(utf8_valid("\xE5\xBE", 2));         /* cut */
    assert_int_equal(utf8_decode("\xFF", 1, &cp), 1);
    assert_int_equal(cp, UTF8_BAD);
}

static void utf8__encode__is_the_inverse_of_decode(void **state)
{
    (void)state;
    char out[UTF8_MAX];
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp += 7) {
        size_t n = utf8_encode(cp, out);
        uint32_t back;
        if (n == 0)
            continue;
        assert_int_equal(utf8_decode(out, n, &back), n);
        assert_int_equal(back, cp);
    }
}

static void utf8__width__rare_han_take_two_cells(void **state)
{
    (void)state;
    assert_int_equal(utf8_cell_width(0x4DAE), 2);  /* 䶮 */
    assert_int_equal(utf8_cell_width(0x2CB5B), 2); /* 𬭛, extension E */
    assert_int_equal(utf8_cell_width(0x31350), 2); /* extension H: unknown to the C library */
    assert_int_equal(utf8_cell_width(0x0301), 0);
    assert_int_equal(utf8_cell_width('a'), 1);
    assert_int_equal(utf8_cells("徐州ab"), 6);
    int used;
    assert_int_equal(utf8_fit("徐州", 3, &used), 3);
    assert_int_equal(used, 2);
}

static void utf8__fold__full_width_and_separators(void **state)
{
    (void)state;
    assert_int_equal(utf8_fold_width(0xFF18), '8');
    assert_int_equal(utf8_fold_width(0x3000), ' ');
    assert_int_equal(utf8_fold_name_dot(0x30FB), 0xB7);
    assert_int_equal(utf8_fold_name_dot('.'), 0xB7);
    assert_true(utf8_is_han(0x3007));
    assert_false(utf8_is_han('a'));
}

/* The characters of tests/sql/characters.pg: what one side lets in, the other must take. */
static void utf8__garble__is_what_nobody_sees(void **state)
{
    static const uint32_t bad[] = { 0,      1,      9,      10,     27,     127,    133,    159,    0xAD,    847,
                                    1564,   4447,   0x200B, 0x200E, 0x200F, 0x2028, 0x202A, 0x202E, 0x2060,  0x2066,
                                    0x2069, 0x3164, 0xFDD0, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 917505, 917536 };
    static const uint32_t good[] = { ' ',    'a',    0xB7,   0x4E00, 0x301,  0x180B,  0x180E, 0x0F0B,
                                     0x3000, 0xFE00, 0x2014, 0xFF01, 0xFFFD, 0x20BB7, 0xE0100 };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(utf8_is_garble(bad[i], 0x4E00));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_false(utf8_is_garble(good[i], 0));
    assert_true(utf8_is_garble(0x200D, 0));
    assert_true(utf8_is_garble(0x200C, 'n'));
    assert_true(utf8_is_garble(0x200D, 0x738B));
    assert_false(utf8_is_garble(0x200C, 0x0647));  /* Arabic script */
    assert_false(utf8_is_garble(0x200D, 0x1F468)); /* emoji */
}

static int use_utf8(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8__decode__refuses_what_is_not_utf8),
        cmocka_unit_test(utf8__encode__is_the_inverse_of_decode),
        cmocka_unit_test(utf8__width__rare_han_take_two_cells),
        cmocka_unit_test(utf8__fold__full_width_and_separators),
        cmocka_unit_test(utf8__garble__is_what_nobody_sees),
    };
    return cmocka_run_group_tests(tests, use_utf8, NULL);
}
