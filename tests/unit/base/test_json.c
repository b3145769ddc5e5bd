#include "../unit.h"

#include "guitai/base/json.h"

#include <stdlib.h>
#include <string.h>

static const char form[] = "{\n"
                           "  \"fields\": [\n"
                           "    { \"id\": \"a, {b}\" },\n"
                           "    { \"id\": \"c\",\n"
                           "      \"kind\": 7 }\n"
                           "  ]\n"
                           "}\n";

static void json__fail__names_line_and_path(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = json_parse(form, strlen(form), "f.json", &e);
    assert_non_null(doc);
    const struct jnode *kind = jn_get(jn_at(jn_get(json_root(doc), "fields"), 1), "kind");
    assert_false(json_fail(doc, kind, &e, "expected a kind"));
    assert_string_equal(e.message, "f.json:5: $.fields[1].kind: expected a kind");
    json_free(&doc);
}

static void json__parse__broken_text_names_its_line(void **state)
{
    (void)state;
    struct err e;
    const char broken[] = "{\n\"a\": 1,\n\"b\" 2\n}";
    assert_null(json_parse(broken, strlen(broken), "x.json", &e));
    assert_non_null(strstr(e.message, "x.json:3:"));
}

static void json__parse__refuses_nul_depth_and_bad_utf8(void **state)
{
    (void)state;
    struct err e;
    char deep[300];
    memset(deep, '[', 150);
    memset(deep + 150, ']', 150);
    assert_null(json_parse(deep, sizeof deep, "d", &e));
    assert_non_null(strstr(e.message, "64"));
    assert_null(json_parse("\"\\u0000\"", 8, "n", &e));
    assert_null(json_parse("\"\\\\\\u0000\"", 10, "n", &e));
    struct json *letters = json_parse("\"\\\\u0000\"", 9, "n", &e); /* a backslash and five letters, as somebody typed them */
    assert_string_equal(jn_text(json_root(letters)), "\\u0000");
    json_free(&letters);
    assert_null(json_parse("[\x1b[2J\n\xc2\x9b,", 10, "hall", &e)); /* a terminal does not obey what another hall wrote */
    assert_non_null(strstr(e.message, "hall:"));
    for (const char *p = e.message; *p; p++)
        assert_true((unsigned char)*p >= 0x20);
    assert_null(strstr(e.message, "\xc2\x9b"));
    assert_null(json_parse("\"\xFF\"", 3, "u", &e));
}

static void json__build__round_trip(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = json_new_object();
    jn_set_str(json_edit(doc), "name", "䶮\n");
    jn_set_int(json_edit(doc), "n", 1234567890123LL);
    jn_set_int(json_edit(doc), "n", 12);
    jn_push_str(jn_set_array(json_edit(doc), "list"), "x");
    char *text = json_text(doc, false);
    assert_string_equal(text, "{\"name\":\"䶮\\n\",\"n\":12,\"list\":[\"x\"]}");
    struct json *back = json_parse(text, strlen(text), "back", &e);
    char buf[32];
    assert_string_equal(jn_scalar(jn_get(json_root(back), "n"), buf, sizeof buf), "12");
    assert_string_equal(jn_text(jn_at(jn_path(json_root(back), "list"), 0)), "x");
    json_free(&back);
    json_free(&doc);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json__fail__names_line_and_path),
        cmocka_unit_test(json__parse__broken_text_names_its_line),
        cmocka_unit_test(json__parse__refuses_nul_depth_and_bad_utf8),
        cmocka_unit_test(json__build__round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
