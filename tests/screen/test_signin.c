/* The terminal itself, before anybody has signed in: no server is needed. */
#include "desk.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static struct desk *opened(const struct terminal_options *options)
{
    struct desk *d = desk_open(options, NULL);
    desk_expect(d, ROW_TITLE, "登录");
    desk_expect(d, -1, "口令");
    terminal_wait_quiet(d->t, 30);
    return d;
}

static void cursor_of_login(struct desk *d, int *row, int *column)
{
    terminal_cursor(d->t, row, column);
    assert_int_equal(desk_row_of(d, "登录名"), *row);
}

static void signin__draws__first_screen_in_chinese(void **state)
{
    struct desk *d = opened(NULL);
    int row, column;
    (void)state;
    assert_true(terminal_has(d->t, ROW_FOOTER, "F1帮助"));
    cursor_of_login(d, &row, &column);
    assert_int_equal(terminal_cell_width(d->t, row, 20), 2);
    desk_close(&d);
}

static void signin__echoes__one_byte_for_an_ascii_key(void **state)
{
    struct desk *d = opened(NULL);
    int row, column;
    (void)state;
    cursor_of_login(d, &row, &column);
    for (int i = 0; i < 8; i++) {
        size_t before = terminal_bytes(d->t);
        terminal_type(d->t, "a");
        desk_expect_cursor(d, row, column + i + 1);
        terminal_wait_quiet(d->t, 20);
        assert_int_equal(terminal_bytes(d->t) - before, 1);
        assert_true(terminal_cell_plain(d->t, row, column + i));
    }
    desk_close(&d);
}

static void signin__never_echoes__the_password(void **state)
{
    struct desk *d = opened(NULL);
    size_t n;
    (void)state;
    terminal_type(d->t, "zhang\r");
    terminal_wait_quiet(d->t, 60);
    size_t before = terminal_bytes(d->t);
    terminal_type(d->t, "Geheim-7中");
    terminal_wait_quiet(d->t, 120);
    assert_int_equal(terminal_bytes(d->t), before);
    const char *out = terminal_output(d->t, &n);
    assert_null(memmem(out, n, "Geheim", 6));
    desk_close(&d);
}

static void signin__takes__split_and_rare_characters(void **state)
{
    struct desk *d = opened(NULL);
    int row, column;
    (void)state;
    cursor_of_login(d, &row, &column);
    terminal_send(d->t, "\xE5", 1); /* 张 in two pieces */
    terminal_wait_quiet(d->t, 30);
    terminal_send(d->t, "\xBC\xA0", 2);
    desk_expect_cursor(d, row, column + 2);
    assert_int_equal(terminal_cell_char(d->t, row, column), 0x5F20);
    terminal_type(d->t, "𮯠"); /* extension H or a neighbour: kept, drawn two cells wide */
    desk_expect_cursor(d, row, column + 4);
    terminal_type(d->t, "b\177\177"); /* backspace takes a character, not a byte */
    desk_expect_cursor(d, row, column + 2);
    desk_close(&d);
}

static void signin__reports__bytes_that_are_no_utf8(void **state)
{
    struct desk *d = opened(NULL);
    (void)state;
    terminal_send(d->t, "\xFF", 1);
    desk_expect(d, ROW_MESSAGE, "0xFF");
    terminal_type(d->t, "a");
    desk_expect_gone(d, ROW_MESSAGE, "0xFF");
    terminal_send(d->t, "\xE5", 1); /* the rest never comes */
    desk_expect(d, ROW_MESSAGE, "0xE5");
    desk_close(&d);
}

static void signin__keeps__pasted_line_ends_as_data(void **state)
{
    struct desk *d = opened(NULL);
    int row, column;
    (void)state;
    cursor_of_login(d, &row, &column);
    terminal_type(d->t, "\033[200~ab\tc\033[A\r\n\033[201~");
    terminal_type(d->t, "d");
    desk_expect(d, row, "d");
    terminal_cursor(d->t, &row, &column);
    assert_int_equal(row, desk_row_of(d, "登录名"));
    assert_true(terminal_has(d->t, row, "ab"));
    desk_close(&d);
}

static void signin__swallows__unknown_sequences(void **state)
{
    struct desk *d = opened(NULL);
    int row, column;
    (void)state;
    cursor_of_login(d, &row, &column);
    terminal_type(d->t, "\033[99;7z");
    desk_expect(d, ROW_MESSAGE, "F1");
    desk_expect_cursor(d, row, column);
    desk_close(&d);
}

static void signin__knows__function_keys_of_every_terminal(void **state)
{
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "linux", "vt220", "screen"};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct terminal_options options = {.term = terms[i]};
        struct desk *d = opened(&options);
        terminal_function_key(d->t, 1);
        desk_expect(d, ROW_TITLE, "键位");
        terminal_function_key(d->t, 3);
        desk_expect(d, ROW_TITLE, "登录");
        terminal_type(d->t, "\0331"); /* the Esc-digit twins */
        desk_expect(d, ROW_TITLE, "键位");
        terminal_type(d->t, "\033=");
        desk_expect(d, ROW_TITLE, "登录");
        terminal_type(d->t, "x\033OHy\033[4~z"); /* Home and End in two dialects */
        desk_expect(d, -1, "yxz");
        desk_close(&d);
    }
}

static void signin__reads__a_slow_escape_and_digit(void **state)
{
    struct desk *d = opened(NULL);
    (void)state;
    terminal_type(d->t, "\033");
    terminal_wait_quiet(d->t, 250);
    terminal_type(d->t, "1");
    desk_expect(d, ROW_TITLE, "键位");
    desk_close(&d);
}

static void signin__keeps__typed_text_over_a_resize(void **state)
{
    struct desk *d = opened(NULL);
    (void)state;
    terminal_type(d->t, "zhang");
    desk_expect(d, -1, "zhang");
    terminal_resize(d->t, 10, 40);
    desk_expect(d, 0, "窗口太小");
    terminal_resize(d->t, 43, 132);
    desk_expect(d, 42, "F1帮助");
    desk_expect(d, -1, "zhang");
    desk_close(&d);
}

static void signin__narrows__ambiguous_characters_where_they_are_wide(void **state)
{
    struct terminal_options options = {.wide_ambiguous = true};
    struct desk *d = opened(&options);
    (void)state;
    desk_expect(d, ROW_TITLE, "-----");
    assert_false(terminal_has(d->t, ROW_TITLE, "─"));
    desk_close(&d);
}

static void signin__restores__the_terminal_on_leaving(void **state)
{
    struct desk *d = opened(NULL);
    size_t n;
    (void)state;
    terminal_function_key(d->t, 3);
    int status = terminal_wait_exit(d->t);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(terminal_restored(d->t));
    const char *out = terminal_output(d->t, &n);
    assert_non_null(memmem(out, n, "\033[?2004l", 8));
    assert_non_null(memmem(out, n, "\033[?1049l", 8));
    desk_close(&d);
}

static void signin__restores__the_terminal_on_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV, SIGABRT};
    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct desk *d = opened(NULL);
        size_t n;
        terminal_signal(d->t, signals[i]);
        assert_int_not_equal(terminal_wait_exit(d->t), -1);
        assert_true(terminal_restored(d->t));
        const char *out = terminal_output(d->t, &n);
        assert_non_null(memmem(out, n, "\033[?2004l", 8));
        assert_non_null(memmem(out, n, "\033[?1049l", 8));
        desk_close(&d);
    }
}

static void signin__refuses__a_terminal_it_cannot_use(void **state)
{
    struct terminal_options options = {.term = "dumb"};
    struct desk *d = desk_open(&options, NULL);
    (void)state;
    desk_expect(d, -1, "dumb");
    int status = terminal_wait_exit(d->t);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    desk_close(&d);
}

static void signin__says__when_the_database_is_away(void **state)
{
    static const char *const environment[] = {"PGHOST=/nonexistent", "PGPORT=1", NULL};
    struct terminal_options options = {.environ = environment};
    struct desk *d = opened(&options);
    (void)state;
    terminal_type(d->t, "zhang\rwrong\r");
    desk_expect(d, ROW_MESSAGE, "PGHOST");
    assert_true(terminal_has(d->t, -1, "zhang"));
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signin__draws__first_screen_in_chinese),
        cmocka_unit_test(signin__echoes__one_byte_for_an_ascii_key),
        cmocka_unit_test(signin__never_echoes__the_password),
        cmocka_unit_test(signin__takes__split_and_rare_characters),
        cmocka_unit_test(signin__reports__bytes_that_are_no_utf8),
        cmocka_unit_test(signin__keeps__pasted_line_ends_as_data),
        cmocka_unit_test(signin__swallows__unknown_sequences),
        cmocka_unit_test(signin__knows__function_keys_of_every_terminal),
        cmocka_unit_test(signin__reads__a_slow_escape_and_digit),
        cmocka_unit_test(signin__keeps__typed_text_over_a_resize),
        cmocka_unit_test(signin__narrows__ambiguous_characters_where_they_are_wide),
        cmocka_unit_test(signin__restores__the_terminal_on_leaving),
        cmocka_unit_test(signin__restores__the_terminal_on_signals),
        cmocka_unit_test(signin__refuses__a_terminal_it_cannot_use),
        cmocka_unit_test(signin__says__when_the_database_is_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
