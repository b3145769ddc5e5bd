/* What may go to the database as a body: one JSON object within the protocol's limits. */
#include "../unit.h"

#include "../../../src/endpoint/body.h"

#include <stdlib.h>
#include <string.h>

static enum reason checked(const char *text)
{
    int messages;
    /* a copy without a byte to spare, so that reading past it is noticed */
    size_t n = strlen(text);
    char *copy = malloc(n + (n == 0));
    memcpy(copy, text, n);
    enum reason why = body_check(copy, n, &messages);
    free(copy);
    return why;
}

static void body__takes_objects_of_the_protocol(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        " { \"protocol\" : 1 , \"oldest\" : null, \"messages\" : [ ] } \r\n",
        "{\"a\": [true, false, null, \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u5f90\", 0, 2147483647, {\"b\": {}}]}",
        "{\"text\": \"徐州𠮷\"}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(checked(good[i]), REASON_NONE);
}

static void body__tells_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum reason why;
    } bad[] = {
        { "", REASON_JSON },
        { "   ", REASON_JSON },
        { "[]", REASON_JSON },
        { "{", REASON_JSON },
        { "{\"a\"}", REASON_JSON },
        { "{\"a\":}", REASON_JSON },
        { "{\"a\":1,}", REASON_JSON },
        { "{a:1}", REASON_JSON },
        { "{\"a\":1]", REASON_JSON },
        { "{\"a\":[1,]}", REASON_JSON },
        { "{\"a\":[1", REASON_JSON },
        { "{\"a\":\"x}", REASON_JSON },
        { "{\"a\":\"\\x\"}", REASON_JSON },
        { "{\"a\":\"\\u12\"}", REASON_JSON },
        { "{\"a\":\"\\u12", REASON_JSON },
        { "{\"a\":\"\\", REASON_JSON },
        { "{\"a\":\"\n\"}", REASON_JSON },
        { "{\"a\":tru}", REASON_JSON },
        { "{\"a\":truee}", REASON_JSON },
        { "{\"a\":01}", REASON_JSON },
        { "{} {}", REASON_JSON },
        { "{\"a\":2147483648}", REASON_NUMBER },
        { "{\"a\":99999999999999999999999}", REASON_NUMBER },
        { "{\"a\":-1}", REASON_NUMBER },
        { "{\"a\":1.0}", REASON_NUMBER },
        { "{\"a\":1e2}", REASON_NUMBER },
        { "{\"a\":\"\\u0000\"}", REASON_NUL },
        { "{\"\\u0000\":1}", REASON_NUL },
        { "{\"a\":\"\xff\"}", REASON_UTF8 },
        { "{\"a\":\"\xe5\xbe\"}", REASON_UTF8 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(checked(bad[i].text), bad[i].why);
    int messages;
    assert_int_equal(body_check("{\"a\":\"\0\"}", 9, &messages), REASON_NUL);
    assert_int_equal(body_check("{}\0", 3, &messages), REASON_NUL);
}

static enum reason nested(int depth)
{
    char text[4096] = "{\"a\":";
    size_t n = strlen(text);
    memset(text + n, '[', (size_t)depth - 1);
    memset(text + n + depth - 1, ']', (size_t)depth - 1);
    strcpy(text + n + 2 * (depth - 1), "}");
    return checked(text);
}

static void body__is_not_deeper_than_64(void **state)
{
    (void)state;
    assert_int_equal(nested(BODY_MAX_DEPTH), REASON_NONE);
    assert_int_equal(nested(BODY_MAX_DEPTH + 1), REASON_DEPTH);
    assert_int_equal(nested(1000), REASON_DEPTH);
}

static enum reason with_messages(int n, int *counted)
{
    char text[1024] = "{\"x\":{\"messages\":[1,2,3]},\"messages\":[";
    for (int i = 0; i < n; i++)
        strcat(text, i ? ",{}" : "{}");
    strcat(text, "]}");
    return body_check(text, strlen(text), counted);
}

static void body__counts_the_messages(void **state)
{
    (void)state;
    int n;
    assert_int_equal(with_messages(0, &n), REASON_NONE);
    assert_int_equal(n, 0);
    assert_int_equal(with_messages(100, &n), REASON_NONE);
    assert_int_equal(n, 100);
    assert_int_equal(with_messages(101, &n), REASON_MESSAGES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(body__takes_objects_of_the_protocol),
        cmocka_unit_test(body__tells_what_is_wrong),
        cmocka_unit_test(body__is_not_deeper_than_64),
        cmocka_unit_test(body__counts_the_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
