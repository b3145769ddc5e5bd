/* What each kind of field takes, refuses and makes of it, as a clerk meets it at the keyboard. */
#include "fixture.h"

/* Types `text` into a form with one such field (and one more after it) and leaves it with Enter. */
static void assert_typed(const char *field, const char *text, const char *expected)
{
    char *fields = xasprintf("{'id':'a','label':'甲',%s},{'id':'z','kind':'text','label':'末'}", field);
    struct formdef *f = form_with(fields);
    struct entry *en = entry_of(f);
    type(en, text);
    if (strcmp(entry_def(en, entry_focus(en))->id, "a") == 0)
        press(en, ENTRY_ENTER);
    if (expected) {
        assert_focus(en, "z");
        assert_string_equal(value(en, "a"), expected);
    } else {
        bool is_error;
        assert_focus(en, "a");
        assert_true(*entry_message(en, &is_error));
        assert_true(is_error);
    }
    entry_free(&en);
    formdef_free(&f);
    free(fields);
}

static void field_date__takes__what_clerks_type(void **state)
{
    (void)state;
    assert_typed("'kind':'date'", "1123", "2026-11-23");
    assert_typed("'kind':'date'", "20261201", "2026-12-01");
    assert_typed("'kind':'date'", "2026年12月1日", "2026-12-01");
    assert_typed("'kind':'date'", "t", "2026-11-23");
    assert_typed("'kind':'date'", "t+3", "2026-11-26");
    assert_typed("'kind':'date'", "１１２３", "2026-11-23");
    assert_typed("'kind':'date'", "20260230", NULL);
    assert_typed("'kind':'date'", "999", NULL);
}

static void field_number__takes__digits_in_any_width(void **state)
{
    (void)state;
    assert_typed("'kind':'number'", "０12。50", "12.50");
    assert_typed("'kind':'number'", "-3", "-3");
    assert_typed("'kind':'number'", "1-2", NULL);
    assert_typed("'kind':'number'", "12.", NULL);
}

static void field_money__keeps__two_decimals(void **state)
{
    (void)state;
    assert_typed("'kind':'money'", "12.5", "12.50");
    assert_typed("'kind':'money'", "1,200", "1200.00");
    assert_typed("'kind':'money'", "0.125", NULL);
    assert_typed("'kind':'money'", ".", NULL);
}

static void field_citizen__checks__the_number(void **state)
{
    (void)state;
    assert_typed("'kind':'citizen'", CITIZEN, CITIZEN);
    assert_typed("'kind':'citizen'", "11010519491231002x", "11010519491231002X");
    assert_typed("'kind':'citizen'", "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X");
    assert_typed("'kind':'citizen'", CITIZEN_WRONG, NULL);
    assert_typed("'kind':'citizen'", "320311199002301236", NULL);
    assert_typed("'kind':'citizen'", "3203111990", NULL);
}

static void field_credit__checks__the_code(void **state)
{
    (void)state;
    assert_typed("'kind':'credit'", "91350100m000100y43", CREDIT);
    assert_typed("'kind':'credit'", "91350100M000100Y44", NULL);
}

static void field_phone__takes__mobile_and_fixed(void **state)
{
    (void)state;
    assert_typed("'kind':'phone'", "13800000000", "13800000000");
    assert_typed("'kind':'phone'", "0516-83456789", "0516-83456789");
    assert_typed("'kind':'phone'", "123", NULL);
}

static void field_text__keeps__rare_characters(void **state)
{
    (void)state;
    assert_typed("'kind':'text','script':'han','length':[1,10]", "张䶮𬭛", "张䶮𬭛");
    assert_typed("'kind':'text'", "  两头有空　", "两头有空");
    assert_typed("'kind':'text','length':[2,10]", "甲", NULL);
}

static void field_text__folds__by_script(void **state)
{
    (void)state;
    assert_typed("'kind':'text','script':'digits'", "１２3", "123");
    assert_typed("'kind':'text','script':'latin','upper':true", "Ａb-1", "AB-1");
    assert_typed("'kind':'text','script':'han'", "J. Smith", "J. Smith");
}

static void field_name__changes__the_separator_and_says_so(void **state)
{
    (void)state;
    static const char *const dots[] = { "・", "•", ".", "．", "‧" };
    struct formdef *f = form_with("{'id':'name','label':'姓名','kind':'text','script':'han'}");
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        bool is_error = true;
        struct entry *en = entry_of(f);
        type(en, "阿依古丽");
        type(en, dots[i]);
        assert_message(en, "·");
        entry_message(en, &is_error);
        assert_false(is_error);
        type(en, "艾山");
        assert_message(en, "·");
        assert_string_equal(value(en, "name"), "阿依古丽·艾山");
        entry_free(&en);
    }
    formdef_free(&f);
}

static void field_number__refuses__other_characters_and_keeps_the_text(void **state)
{
    (void)state;
    struct formdef *f = form_with("{'id':'n','label':'数','kind':'number'}");
    struct entry *en = entry_of(f);
    type(en, "12");
    assert_int_equal(type(en, "万"), ENTRY_REFUSED);
    assert_message(en, "Only digits");
    assert_string_equal(value(en, "n"), "12");
    assert_int_equal(type(en, "3"), ENTRY_CHANGED);
    assert_string_equal(entry_message(en, NULL), "");
    entry_free(&en);
    formdef_free(&f);
}

static void field_text__refuses__overflow_and_says_how_much_fits(void **state)
{
    (void)state;
    struct formdef *f = form_with("{'id':'n','label':'名','kind':'text','length':[0,3]}");
    struct entry *en = entry_of(f);
    assert_int_equal(type(en, "一二三"), ENTRY_CHANGED);
    assert_int_equal(type(en, "四"), ENTRY_REFUSED);
    assert_message(en, "3");
    assert_string_equal(value(en, "n"), "一二三");
    entry_free(&en);
    formdef_free(&f);
}

static void field_yesno__takes__one_key(void **state)
{
    (void)state;
    struct formdef *f = form_with("{'id':'a','label':'是否','kind':'yesno','mandatory':true},"
                                  "{'id':'b','label':'是否','kind':'yesno','auto_advance':true},"
                                  "{'id':'z','kind':'text','label':'末'}");
    struct entry *en = entry_of(f);
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_REFUSED);
    type(en, "是");
    assert_string_equal(value(en, "a"), "yes");
    type(en, " ");
    assert_string_equal(value(en, "a"), "no");
    assert_string_equal(entry_shown(en, 0), "no");
    assert_int_equal(type(en, "q"), ENTRY_REFUSED);
    press(en, ENTRY_ENTER);
    assert_int_equal(type(en, "y"), ENTRY_MOVED);
    assert_focus(en, "z");
    entry_free(&en);
    formdef_free(&f);
}

static void field_citizen__reads_out__sex_birth_and_place(void **state)
{
    (void)state;
    bool warn = true;
    struct formdef *f = form_with("{'id':'a','label':'证件号','kind':'citizen','auto_advance':false}");
    struct entry *en = entry_of(f);
    type(en, CITIZEN);
    const char *text = entry_readout(en, 0, &warn);
    assert_non_null(strstr(text, "1990-03-07"));
    assert_non_null(strstr(text, "泉山区"));
    assert_false(warn);
    press(en, ENTRY_BACKSPACE);
    assert_string_equal(entry_readout(en, 0, &warn), "");
    press(en, ENTRY_CLEAR);
    type(en, "999999199001010014");
    entry_readout(en, 0, &warn);
    entry_free(&en);
    formdef_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(field_date__takes__what_clerks_type),
        cmocka_unit_test(field_number__takes__digits_in_any_width),
        cmocka_unit_test(field_money__keeps__two_decimals),
        cmocka_unit_test(field_citizen__checks__the_number),
        cmocka_unit_test(field_credit__checks__the_code),
        cmocka_unit_test(field_phone__takes__mobile_and_fixed),
        cmocka_unit_test(field_text__keeps__rare_characters),
        cmocka_unit_test(field_text__folds__by_script),
        cmocka_unit_test(field_name__changes__the_separator_and_says_so),
        cmocka_unit_test(field_number__refuses__other_characters_and_keeps_the_text),
        cmocka_unit_test(field_text__refuses__overflow_and_says_how_much_fits),
        cmocka_unit_test(field_yesno__takes__one_key),
        cmocka_unit_test(field_citizen__reads_out__sex_birth_and_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
