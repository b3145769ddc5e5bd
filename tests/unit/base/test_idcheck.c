#include "../unit.h"

#include "guitai/base/idcheck.h"
#include "guitai/base/i18n.h"

#include <stdio.h>
#include <string.h>

/* Specimens of GB 11643-1999. */
static void idcheck__citizen__specimens_are_read(void **state)
{
    (void)state;
    struct citizen_info info;
    struct err e;
    assert_true(idcheck_citizen("11010519491231002X", &info, &e));
    assert_int_equal(info.year, 1949);
    assert_false(info.male);
    assert_string_equal(info.division_name, "北京市");
    assert_true(idcheck_citizen("440524188001010014", &info, &e));
    assert_int_equal(info.year, 1880);
    assert_true(idcheck_citizen("34052419800101001x", &info, &e));
    assert_string_equal(info.number, "34052419800101001X");
    assert_true(info.male);
}

static void idcheck__citizen__full_width_and_old_numbers_are_folded(void **state)
{
    (void)state;
    struct citizen_info info;
    struct err e;
    assert_true(idcheck_citizen("１１０１０５１９４９１２３１００２Ｘ", &info, &e));
    assert_true(idcheck_citizen("110105491231002", &info, &e));
    assert_string_equal(info.number, "11010519491231002X");
}

static void idcheck__citizen__each_slip_is_named(void **state)
{
    (void)state;
    struct citizen_info info;
    struct err e;
    assert_false(idcheck_citizen("110105194912310021", &info, &e));
    assert_non_null(strstr(e.message, "check digit"));
    assert_false(idcheck_citizen("110105194902300025", &info, &e));
    assert_non_null(strstr(e.message, "19490230"));
    assert_false(idcheck_citizen("1101051949123", &info, &e));
    assert_non_null(strstr(e.message, "this has 13"));
    assert_false(idcheck_citizen("110105209912310026", &info, &e));
    assert_non_null(strstr(e.message, "cannot be"));
}

/* Every single wrong digit is found (MOD 11-2 detects all single substitutions). */
static void idcheck__citizen__any_wrong_digit_is_found(void **state)
{
    (void)state;
    struct citizen_info info;
    struct err e;
    for (int i = 0; i < 17; i++) {
        char number[] = "11010519491231002X";
        number[i] = (char)('0' + (number[i] - '0' + 1) % 10);
        assert_false(idcheck_citizen(number, &info, &e));
    }
}

/* Worked example of GB 32100-2015. */
static void idcheck__credit__worked_example(void **state)
{
    (void)state;
    struct credit_info info;
    struct err e;
    assert_true(idcheck_credit("91350100M000100Y43", &info, &e));
    assert_string_equal(info.authority, "市场监管");
    assert_string_equal(info.division_name, "福建省");
    assert_true(idcheck_credit("91350100m000100y43", &info, &e));
    assert_false(idcheck_credit("91350100M000100Y44", &info, &e));
    assert_non_null(strstr(e.message, "should be 3"));
    assert_false(idcheck_credit("91350100M000100Y4Z", &info, &e));
    assert_non_null(strstr(e.message, "not used"));
    assert_false(idcheck_credit("91350100M000100Y53", &info, &e));
}

static void idcheck__phone__mobile_and_fixed(void **state)
{
    (void)state;
    char out[32];
    struct err e;
    assert_true(idcheck_phone("１３８ 0000 2071", out, sizeof out, &e));
    assert_string_equal(out, "13800002071");
    assert_true(idcheck_phone("0516-83700000", out, sizeof out, &e));
    assert_true(idcheck_phone("0516-83700000-812", out, sizeof out, &e));
    assert_false(idcheck_phone("1380000207", out, sizeof out, &e));
    assert_false(idcheck_phone("83700000", out, sizeof out, &e));
}

static void idcheck__case_number__check_digit_guards_every_digit(void **state)
{
    (void)state;
    char number[32], out[ID_CASE_MAX + 1];
    struct err e;
    strcpy(number, "320300032611230007");
    number[18] = idcheck_mod11_10(number, 18);
    number[19] = '\0';
    assert_true(idcheck_case_number(number, out, &e));
    for (int i = 0; i < 18; i++) {
        char wrong[32];
        strcpy(wrong, number);
        wrong[i] = (char)('0' + (wrong[i] - '0' + 5) % 10);
        assert_false(idcheck_case_number(wrong, out, &e));
    }
    /* A digit and a citizen number together can have the right check by chance, but hardly a date. */
    assert_false(idcheck_case_number("1320311199710094402", out, &e));
    assert_non_null(strstr(e.message, "997100"));
    /* The published example of ISO 7064 MOD 11,10: 0794 has check 5. */
    assert_int_equal(idcheck_mod11_10("0794", 4), '5');
}

static void idcheck__mask__hides_the_middle(void **state)
{
    (void)state;
    char out[64];
    idcheck_mask_number("11010519491231002X", out, sizeof out);
    assert_string_equal(out, "110105********002X");
    idcheck_mask_phone("13800002071", out, sizeof out);
    assert_string_equal(out, "138****2071");
    idcheck_mask_number("E123", out, sizeof out);
    assert_string_equal(out, "E***");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idcheck__citizen__specimens_are_read),
        cmocka_unit_test(idcheck__citizen__full_width_and_old_numbers_are_folded),
        cmocka_unit_test(idcheck__citizen__each_slip_is_named),
        cmocka_unit_test(idcheck__citizen__any_wrong_digit_is_found),
        cmocka_unit_test(idcheck__credit__worked_example),
        cmocka_unit_test(idcheck__phone__mobile_and_fixed),
        cmocka_unit_test(idcheck__case_number__check_digit_guards_every_digit),
        cmocka_unit_test(idcheck__mask__hides_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
