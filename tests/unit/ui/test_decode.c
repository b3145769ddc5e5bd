#include "../../../src/ui/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void feed(struct decode *d, const char *bytes, uint64_t now)
{
    decode_feed(d, bytes, strlen(bytes), now);
}

static void expect_key(struct decode *d, enum key_code code, uint32_t cp)
{
    struct key key;
    assert_true(decode_take(d, &key));
    assert_int_equal(key.code, code);
    assert_int_equal(key.cp, cp);
}

static void expect_none(struct decode *d)
{
    assert_null(decode_peek(d, 0));
}

static void decode__takes__utf8_in_pieces(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "a\xE5\xBC", 0);
    expect_key(&d, KC_CHAR, 'a');
    expect_none(&d);
    assert_int_equal(decode_timeout_ms(&d, 50), DECODE_UTF8_MS - 50);
    feed(&d, "\xA0\xF0\xA0\xAE\xB7", 100);
    expect_key(&d, KC_CHAR, 0x5F20);
    expect_key(&d, KC_CHAR, 0x20BB7);
    assert_int_equal(decode_timeout_ms(&d, 100), -1);
    decode_reset(&d);
}

static void decode__reports__every_bad_byte(void **state)
{
    static const char *const bad[] = {"\xFF", "\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80"};
    struct decode d;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct key key;
        decode_init(&d);
        feed(&d, bad[i], 0);
        decode_tick(&d, DECODE_UTF8_MS);
        for (size_t n = 0; n < strlen(bad[i]); n++)
            expect_key(&d, KC_BAD, (unsigned char)bad[i][n]);
        assert_false(decode_take(&d, &key));
        decode_reset(&d);
    }
}

static void decode__gives_up__a_character_that_never_ends(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "\xE5", 0);
    decode_tick(&d, DECODE_UTF8_MS - 1);
    expect_none(&d);
    decode_tick(&d, DECODE_UTF8_MS);
    expect_key(&d, KC_BAD, 0xE5);
    feed(&d, "\xE5x", 1000); /* or another one comes in between */
    expect_key(&d, KC_BAD, 0xE5);
    expect_key(&d, KC_CHAR, 'x');
    decode_reset(&d);
}

static void decode__knows__spellings_of_keys(void **state)
{
    static const struct {
        const char *bytes;
        enum key_code code;
    } cases[] = {
        {"\033[A", KC_UP},        {"\033OA", KC_UP},      {"\033[1~", KC_HOME},
        {"\033[7~", KC_HOME},     {"\033OF", KC_END},     {"\033[Z", KC_BACKTAB},
        {"\033OP", KC_F(1)},      {"\033[11~", KC_F(1)},  {"\033[[A", KC_F(1)},
        {"\033[[E", KC_F(5)},     {"\033[24~", KC_F(12)}, {"\0339", KC_F(9)},
        {"\0330", KC_F(10)},      {"\033-", KC_F(11)},    {"\033=", KC_F(12)},
        {"\033OM", KC_ENTER},     {"\r", KC_ENTER},       {"\x7F", KC_BACKSPACE},
        {"\b", KC_BACKSPACE},     {"\t", KC_TAB},         {"\033[1;5C", KC_WORD_RIGHT},
        {"\033[17;2~", KC_F(18)},
    };
    struct decode d;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        decode_init(&d);
        feed(&d, cases[i].bytes, 0);
        expect_key(&d, cases[i].code, 0);
        expect_none(&d);
        for (const char *p = cases[i].bytes; *p; p++) /* the same byte by byte on a slow line */
            decode_feed(&d, p, 1, 20);
        expect_key(&d, cases[i].code, 0);
        decode_reset(&d);
    }
}

static void decode__keeps__digits_of_the_keypad(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "\033Op\033Oy", 0);
    expect_key(&d, KC_CHAR, '0');
    expect_key(&d, KC_CHAR, '9');
    decode_reset(&d);
}

static void decode__lets__a_lone_escape_go_and_become_a_twin(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "\033", 0);
    expect_none(&d);
    decode_tick(&d, DECODE_ESCAPE_MS);
    expect_key(&d, KC_ESCAPE, 0);
    feed(&d, "3", 600);
    expect_key(&d, KC_F(3), 0);
    feed(&d, "\033", 2000);
    decode_tick(&d, 2000 + DECODE_ESCAPE_MS);
    expect_key(&d, KC_ESCAPE, 0);
    feed(&d, "3", 2001 + DECODE_TWIN_MS);
    expect_key(&d, KC_CHAR, '3');
    feed(&d, "\033x", 9000);
    expect_key(&d, KC_ESCAPE, 0);
    expect_key(&d, KC_CHAR, 'x');
    decode_reset(&d);
}

static void decode__swallows__what_it_does_not_know(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "\033[99;3z\033[?1;2cq", 0);
    expect_key(&d, KC_UNKNOWN, 0);
    expect_key(&d, KC_UNKNOWN, 0);
    expect_key(&d, KC_CHAR, 'q');
    feed(&d, "\033[3;2R", 0);
    expect_none(&d);
    assert_int_equal(d.report_row, 3);
    assert_int_equal(d.report_col, 2);
    decode_reset(&d);
}

static void decode__treats__pasted_text_as_data(void **state)
{
    struct decode d;
    struct key key;
    (void)state;
    decode_init(&d);
    feed(&d, "\033[200~1\t2\r\n3\033[A\033\x01\033[201~4", 0);
    const uint32_t wanted[] = {'1', ' ', '2', '\n', '3'};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(decode_take(&d, &key));
        assert_int_equal(key.cp, wanted[i]);
        assert_true(key.data);
    }
    assert_true(decode_take(&d, &key));
    assert_int_equal(key.cp, '4');
    assert_false(key.data);
    decode_reset(&d);
}

static void decode__ends__a_paste_whose_end_was_lost(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    feed(&d, "\033[200~a", 0);
    expect_key(&d, KC_CHAR, 'a');
    decode_tick(&d, DECODE_PASTE_MS);
    feed(&d, "\r", DECODE_PASTE_MS + 1);
    expect_key(&d, KC_ENTER, 0);
    decode_reset(&d);
}

static void decode__keeps__a_long_burst_in_order(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    for (int i = 0; i < 21000; i++) {
        char byte = (char)('0' + i % 10);
        decode_feed(&d, &byte, 1, 0);
        if (i % 3 == 2)
            expect_key(&d, KC_CHAR, (uint32_t)('0' + i / 3 % 10));
    }
    for (int i = 7000; i < 21000; i++)
        expect_key(&d, KC_CHAR, (uint32_t)('0' + i % 10));
    assert_false(d.overflow);
    decode_reset(&d);
}

static void decode__refuses__what_no_longer_fits(void **state)
{
    struct decode d;
    (void)state;
    decode_init(&d);
    for (int i = 0; i <= DECODE_QUEUE_MAX; i++)
        decode_feed(&d, "x", 1, 0);
    assert_true(d.overflow);
    assert_int_equal(decode_flush(&d), DECODE_QUEUE_MAX);
    expect_none(&d);
    decode_reset(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__takes__utf8_in_pieces),
        cmocka_unit_test(decode__reports__every_bad_byte),
        cmocka_unit_test(decode__gives_up__a_character_that_never_ends),
        cmocka_unit_test(decode__knows__spellings_of_keys),
        cmocka_unit_test(decode__keeps__digits_of_the_keypad),
        cmocka_unit_test(decode__lets__a_lone_escape_go_and_become_a_twin),
        cmocka_unit_test(decode__swallows__what_it_does_not_know),
        cmocka_unit_test(decode__treats__pasted_text_as_data),
        cmocka_unit_test(decode__ends__a_paste_whose_end_was_lost),
        cmocka_unit_test(decode__keeps__a_long_burst_in_order),
        cmocka_unit_test(decode__refuses__what_no_longer_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
