/* The settings file. */
#include "../unit.h"

#include "../../../src/endpoint/config.h"

#include <string.h>

#define TLS "listen = 8443\ncertificate = c\nkey = k\nauthority = a\n"

static void config__reads_settings_over_the_defaults(void **state)
{
    (void)state;
    struct config c;
    struct err e;
    assert_true(config_parse("# ours\n\n  listen=[::1]:8443 \r\nkey = k\ncertificate = /c d.pem\nauthority = a\n"
                             "division_rate = 7",
                             "f", &c, &e));
    assert_string_equal(c.listen, "[::1]:8443");
    assert_string_equal(c.certificate, "/c d.pem");
    assert_string_equal(c.revoked, "");
    assert_int_equal(c.division_rate, 7);
    assert_int_equal(c.request_seconds, 10);
}

static void config__names_the_line_that_is_wrong(void **state)
{
    (void)state;
    static const char *const bad[] = {
        TLS "colour = red",           TLS "division_rate",        TLS "division_rate = 0",
        TLS "division_rate = 100001", TLS "division_rate = many", TLS "division_rate = 1x",
        TLS "= 5",
    };
    struct config c;
    struct err e;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(config_parse(bad[i], "f", &c, &e));
        assert_int_equal(e.kind, ERR_INPUT);
        assert_memory_equal(e.message, "f:5: ", 5);
    }
}

static void config__wants_a_face_and_what_it_needs(void **state)
{
    (void)state;
    struct config c;
    struct err e;
    char path[300] = "socket = /";
    assert_false(config_parse("", "f", &c, &e));
    assert_false(config_parse("listen = 1\nkey = k\n", "f", &c, &e));
    assert_true(config_parse("socket = /run/s\n", "f", &c, &e));
    memset(path + 10, 'x', 100);
    assert_false(config_parse(path, "f", &c, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config__reads_settings_over_the_defaults),
        cmocka_unit_test(config__names_the_line_that_is_wrong),
        cmocka_unit_test(config__wants_a_face_and_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
