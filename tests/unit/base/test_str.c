#include "../unit.h"

#include "guitai/base/err.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/uuid.h"

#include <stdlib.h>
#include <string.h>

static void str__cap__is_kept_and_remembered(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 5);
    assert_true(str_add(&s, "abc"));
    assert_false(str_addf(&s, "%s", "def"));
    assert_true(s.overflow);
    assert_string_equal(s.p, "abc");
    char *p = str_steal(&s);
    assert_string_equal(p, "abc");
    assert_int_equal(s.len, 0);
    free(p);
}

static void err__message__is_never_cut_inside_a_character(void **state)
{
    (void)state;
    struct err e;
    char longer[2000] = "";
    for (int i = 0; i < 600; i++)
        strcat(longer, "柜");
    for (int lead = 0; lead < 3; lead++) {
        err_set(&e, ERR_INPUT, "%.*s%s", lead, "abc", longer);
        assert_true(utf8_valid(e.message, strlen(e.message)));
        assert_true(strlen(e.message) > sizeof e.message - 4);
    }
}

static void uuid__new__is_version_4_and_not_repeated(void **state)
{
    (void)state;
    char a[37], b[37];
    uuid_new(a);
    uuid_new(b);
    assert_int_equal(strlen(a), 36);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str__cap__is_kept_and_remembered),
        cmocka_unit_test(err__message__is_never_cut_inside_a_character),
        cmocka_unit_test(uuid__new__is_version_4_and_not_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
