#include "../unit.h"

#include "../../../src/admin/admin.h"

#include <stdlib.h>

static void pinyin__initials__first_letters_of_the_syllables(void **state)
{
    (void)state;
    static const struct {
        const char *name, *initials;
    } cases[] = {
        { "个体工商户设立登记", "gtgshsldj" },
        { "食品经营许可（新办）", "spjyxkxb" },
        { "A类（二级）", "alej" },
        { "ＡＢ１", "ab1" },
        { "银行账户备案", "yhzhba" },  /* 行 hang, not xing */
        { "会计代理记账", "kjdljz" },  /* 会 kuai, not hui */
        { "重建 重审", "cjcs" },       /* 重 chong, not zhong */
        { "绿化", "lh" },
        { "", "" },
        { "——·", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *initials = pinyin_initials(cases[i].name);
        assert_string_equal(initials, cases[i].initials);
        free(initials);
    }
}

static void pinyin__initials__characters_without_a_reading_are_left_out(void **state)
{
    (void)state;
    char *initials = pinyin_initials("𠮷祥");
    assert_string_equal(initials, "x");
    free(initials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pinyin__initials__first_letters_of_the_syllables),
        cmocka_unit_test(pinyin__initials__characters_without_a_reading_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
