/* The job itself, against the demonstration: intake, review, the second person, the decision; keys counted.
 */
#include "desk.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define INTAKE_KEYS 25
#define SITTING_KEYS 40
#define CLERK "zhang"

static struct desk *at_menu(void)
{
    struct desk *d = desk_open(NULL, NULL);
    desk_sign_in(d, CLERK);
    return d;
}

/* The form is empty and its cursor waits for the item. */
static void expect_empty_intake(struct desk *d)
{
    desk_expect(d, ROW_TITLE, "受理 ─");
    desk_expect(d, VIEW_FIRST, "> 事项        *");
}

static void choose_item(struct desk *d, const char *code)
{
    desk_type(d, code);
    desk_enter(d);
    desk_expect(d, -1, "> 证件号");
    desk_expect(d, -1, "0 / ");
}

/* All materials there, saved: the panel with the number comes. */
static void save_complete(struct desk *d)
{
    desk_key(d, 9); /* to the first thing missing */
    desk_expect(d, -1, "> 材料");
    desk_type(d, "*");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "已受理");
}

/* An applicant whom the hall knows: accepted once, by hand. */
static void make_known(struct desk *d, const char *item, char id[19], char *number, size_t size)
{
    desk_new_citizen(id);
    choose_item(d, item);
    desk_type(d, id);
    desk_expect(d, -1, "> 姓名");
    desk_type(d, "周试验");
    desk_enter(d);
    desk_type(d, "13800000077");
    desk_enter(d);
    save_complete(d);
    desk_read_number(d, ROW_MESSAGE, number, size);
    desk_expect(d, ROW_TITLE, "接着办");
    desk_enter(d);
    expect_empty_intake(d);
}

static void open_intake(struct desk *d)
{
    desk_type(d, "1");
    expect_empty_intake(d);
    d->keys = 0;
}

static void counter__accepts__a_known_applicant_in_few_keys(void **state)
{
    struct desk *d = at_menu();
    char id[19], number[32];
    (void)state;
    open_intake(d);
    make_known(d, "0213", id, number, sizeof number);
    make_known(d, "0232", id, number, sizeof number);
    d->keys = 0;
    desk_type(d, "2"); /* the item before the last one; it has five materials */
    desk_expect(d, -1, "> 证件号");
    desk_expect(d, -1, "0 / 5");
    desk_type(d, id);
    desk_expect(d, -1, "周试验");
    save_complete(d);
    desk_read_number(d, ROW_MESSAGE, number, sizeof number);
    assert_true(desk_papers(d, number) > 0);
    unsigned keys = d->keys;
    desk_key(d, 8); /* the receipt once more, from where the clerk is led after it */
    desk_expect(d, ROW_TITLE, "打印");
    d->keys = keys;
    print_message("intake of a known applicant: %u keys\n", d->keys);
    assert_true(d->keys <= INTAKE_KEYS);
    desk_close(&d);
}

static void counter__decides__on_the_spot_in_few_keys(void **state)
{
    struct desk *d = at_menu();
    char id[19], number[32];
    (void)state;
    open_intake(d);
    make_known(d, "0213", id, number, sizeof number);
    desk_new_citizen(id);
    d->keys = 0;
    desk_type(d, "1"); /* the item of the last case */
    desk_expect(d, -1, "> 证件号");
    desk_scan(d, id);
    desk_expect(d, -1, "> 姓名");
    desk_type(d, "钱验");
    desk_enter(d);
    desk_type(d, "13800000078");
    desk_enter(d);
    unsigned typed = d->keys - 1; /* what a known applicant's data fill by themselves */
    save_complete(d);
    desk_read_number(d, ROW_MESSAGE, number, sizeof number);
    desk_type(d, "1"); /* agree */
    desk_expect(d, ROW_TITLE, "办理");
    desk_type(d, "1"); /* stock phrase */
    desk_expect(d, -1, "> 意见");
    desk_key(d, 9);
    desk_expect(d, ROW_TITLE, "由谁核准");
    desk_type(d, "1");
    desk_expect(d, -1, "（不显示）");
    desk_type(d, desk_password());
    desk_enter(d);
    desk_expect(d, -1, "准予");
    desk_type(d, "1");
    desk_expect(d, ROW_TITLE, "办理");
    desk_type(d, "1");
    desk_expect(d, -1, "> 意见");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "准予");
    expect_empty_intake(d);
    desk_expect(d, ROW_HEADER, "张敏");
    assert_true(desk_papers(d, "decision_grant") == 1);
    print_message("on-the-spot decision: %u keys, %u of them a newcomer's name and phone\n", d->keys, typed);
    assert_true(d->keys - typed <= SITTING_KEYS);
    desk_key(d, 10);
    desk_expect(d, ROW_TITLE, "柜台 ─");
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "登录");
    desk_key(d, 3);
    int status = terminal_wait_exit(d->t); /* in order: nothing leaked, nothing broken */
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    desk_close(&d);
}

static void counter__plays__a_script_sent_at_once(void **state)
{
    struct desk *d = at_menu();
    char id[19], script[512], number[32];
    (void)state;
    desk_new_citizen(id);
    snprintf(script, sizeof script, "10213\r%s孙连打\r13800000079\r\r\r\r\r\r\r*\033[20~", id);
    terminal_type(d->t, script);
    desk_expect(d, ROW_MESSAGE, "已受理");
    desk_read_number(d, ROW_MESSAGE, number, sizeof number);
    desk_scan(d, number);
    desk_expect(d, ROW_TITLE, number);
    desk_expect(d, -1, "孙连打");
    desk_close(&d);
}

static void counter__stops__blind_typing_at_an_error(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    /* A wrong check digit in the middle: nothing of what follows may land in another field. */
    terminal_type(d->t, "10213\r320311199003071230\r错名\r13800000080\r\033[20~*\033[20~");
    desk_expect(d, -1, "> 证件号");
    desk_expect(d, ROW_MESSAGE, "320311199003071230" + 17);
    terminal_wait_quiet(d->t, 200);
    assert_false(terminal_has(d->t, -1, "错名"));
    assert_true(terminal_has(d->t, -1, "320311199003071230"));
    desk_close(&d);
}

static void counter__opens__a_scanned_case_over_a_half_filled_form(void **state)
{
    struct desk *d = at_menu();
    char id[19], number[32];
    (void)state;
    open_intake(d);
    make_known(d, "0213", id, number, sizeof number);
    choose_item(d, "0213");
    desk_type(d, "3203");
    desk_expect(d, -1, "3203");
    terminal_wait_quiet(d->t, 80);          /* fingers are slower than a scanner */
    for (const char *p = number; *p; p++) { /* a slow scanner: a character at a time */
        terminal_send(d->t, p, 1);
        terminal_wait_quiet(d->t, 4);
    }
    terminal_type(d->t, "\r");
    desk_expect(d, ROW_TITLE, number);
    desk_expect(d, -1, "接件");
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "受理 ─");
    desk_expect(d, -1, "> 证件号        3203");
    assert_false(terminal_has(d->t, -1, "32033203"));
    desk_close(&d);
}

static void counter__parks__what_was_typed(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_type(d, "320311");
    desk_key(d, 12);
    desk_expect(d, ROW_MESSAGE, "挂起");
    desk_expect(d, ROW_TITLE, "柜台");
    desk_type(d, "6");
    desk_expect(d, ROW_TITLE, "挂起的表单");
    desk_expect(d, -1, "个体工商户");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, "受理 ─");
    desk_expect(d, -1, "320311");
    desk_expect(d, -1, "个体工商户设立登记");
    terminal_signal(d->t, SIGKILL); /* a form taken up stays parked: a station that dies loses nothing stored */
    assert_int_not_equal(terminal_wait_exit(d->t), -1);
    desk_close(&d);
    d = at_menu();
    desk_type(d, "6");
    desk_expect(d, -1, "个体工商户");
    desk_type(d, "-");
    desk_expect(d, -1, "已删除");
    desk_type(d, "-");
    desk_expect_gone(d, -1, "已删除");
    desk_close(&d);
}

/* Two of one form would write over each other. */
static void counter__goes_back_to__a_parked_form_that_is_open(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_type(d, "320312");
    desk_key(d, 7);
    desk_expect(d, ROW_MESSAGE, "挂起");
    for (int i = 0; i < 2; i++) {
        desk_type(d, "\x07gq\r");
        desk_expect(d, ROW_TITLE, "挂起的表单");
        desk_expect(d, -1, "个体工商户");
        desk_enter(d);
        desk_expect(d, ROW_TITLE, "受理 ─");
        desk_expect(d, -1, "320312");
    }
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "挂起的表单");
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "柜台");
    desk_close(&d);
}

/* The title of a parked form is cut, and never inside a character. */
static void counter__parks__a_form_with_a_long_name(void **state)
{
    struct desk *d = at_menu();
    char id[19];
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_new_citizen(id);
    desk_type(d, id);
    desk_expect(d, -1, "> 姓名");
    for (int i = 0; i < 12; i++)
        desk_type(d, "古力娜扎尔");
    desk_key(d, 12);
    desk_expect(d, ROW_MESSAGE, "挂起");
    desk_type(d, "6");
    desk_expect(d, -1, "古力娜扎尔古");
    desk_enter(d);
    desk_expect(d, -1, "娜扎尔古力娜扎尔");
    desk_close(&d);
}

static void counter__parks__when_its_terminal_is_closed(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_type(d, "320399");
    desk_expect(d, -1, "320399");
    terminal_signal(d->t, SIGHUP);
    assert_int_not_equal(terminal_wait_exit(d->t), -1);
    desk_close(&d);
    d = at_menu();
    desk_type(d, "6");
    desk_expect(d, -1, "个体工商户");
    desk_enter(d);
    desk_expect(d, -1, "320399");
    desk_close(&d);
}

static void counter__explains__a_field_and_its_law(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_type(d, "?");
    desk_expect(d, ROW_MESSAGE, "GB 11643");
    desk_key(d, 1);
    desk_expect(d, ROW_TITLE, "帮助");
    desk_expect(d, -1, "320311200001019915");
    desk_key(d, 3);
    desk_expect(d, -1, "> 证件号");
    desk_close(&d);
}

/* Nothing but the keys may change the screen while bytes are counted: the footer's figures have come, and the
 * header's minute is not about to turn. */
static void wait_for_a_still_screen(struct desk *d)
{
    desk_expect_gone(d, ROW_FOOTER, "待办0");
    while (time(NULL) % 60 >= 55)
        terminal_wait_quiet(d->t, 200);
    terminal_wait_quiet(d->t, 60);
}

static void counter__costs__one_byte_for_a_key_in_a_form(void **state)
{
    struct desk *d = at_menu();
    int row, column, counted = 0;
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    terminal_type(d->t, "\t");
    desk_expect(d, -1, "> 姓名");
    terminal_type(d->t, "王");
    wait_for_a_still_screen(d);
    terminal_cursor(d->t, &row, &column);
    for (int typed = 0; typed < 20 && counted < 10; typed++) {
        size_t bytes = desk_bytes_of_key(d, "a", row, ++column);
        counted += bytes != 0;
        assert_true(bytes <= 1);
    }
    assert_int_equal(counted, 10);
    assert_true(desk_bytes_of_key(d, "\033[D", row, column - 1) <= 5);
    desk_close(&d);
}

static void counter__keeps__the_screen_right_after_fast_typing(void **state)
{
    struct desk *d = at_menu();
    int row, column;
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    terminal_type(d->t, "\t");
    desk_expect(d, -1, "> 姓名");
    terminal_wait_quiet(d->t, 30);
    terminal_cursor(d->t, &row, &column);
    for (int i = 0; i < 3; i++) { /* single keys without a pause, then one that moves */
        terminal_type(d->t, "甲");
        desk_expect_cursor(d, row, column + 2 * i + 2);
    }
    terminal_type(d->t, "\033[D\033[D");
    desk_expect_cursor(d, row, column + 2);
    terminal_type(d->t, "b");
    desk_expect(d, row, "甲b甲甲");
    terminal_type(d->t, "\033[F");
    desk_expect_cursor(d, row, column + 7);
    terminal_type(d->t, "c");
    desk_expect(d, row, "甲b甲甲c");
    terminal_type(d->t, "d\177\177e\t");
    desk_expect(d, -1, "> 联系电话");
    assert_true(terminal_has(d->t, row, "甲b甲甲e"));
    assert_false(terminal_has(d->t, row, "甲b甲甲ec"));
    terminal_type(d->t, "\014"); /* drawn anew it is the same */
    terminal_wait_quiet(d->t, 60);
    assert_true(terminal_has(d->t, row, "甲b甲甲e"));
    desk_close(&d);
}

static void counter__locks__and_opens_with_the_password_only(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    open_intake(d);
    choose_item(d, "0213");
    desk_type(d, "3203");
    terminal_type(d->t, "\017"); /* Ctrl-O */
    desk_expect(d, ROW_TITLE, "锁屏");
    desk_key(d, 3);
    terminal_type(d->t, "wrong-1\r");
    desk_expect(d, ROW_MESSAGE, "28P01");
    assert_true(terminal_has(d->t, ROW_TITLE, "锁屏"));
    terminal_type(d->t, desk_password());
    terminal_type(d->t, "\r");
    desk_expect(d, ROW_TITLE, "受理 ─");
    desk_expect(d, -1, "3203");
    desk_close(&d);
}

static void counter__finds__cases_by_typing(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    desk_type(d, "3");
    desk_expect(d, ROW_TITLE, "部门队列");
    desk_type(d, "王");
    desk_expect(d, VIEW_FIRST, "王");
    terminal_type(d->t, "\033");
    desk_expect_gone(d, VIEW_FIRST, "王");
    desk_key(d, 2);
    desk_type(d, "due 2026-09-07 20");
    desk_enter(d);
    desk_expect(d, -1, "2026-10-10");
    desk_close(&d);
}

/* What a person may not open is not offered beside a list either, and its key is a character like others. */
static void counter__offers__keys_by_duty(void **state)
{
    struct desk *d = at_menu();
    (void)state;
    desk_type(d, "3");
    desk_expect(d, VIEW_FIRST, "+受理");
    desk_type(d, "+");
    desk_expect(d, ROW_TITLE, "受理 ─");
    desk_close(&d);
    d = desk_open(NULL, NULL);
    desk_sign_in(d, "li"); /* verifies and hands over, takes nothing in */
    desk_type(d, "3");
    desk_expect(d, VIEW_FIRST, "Enter打开");
    assert_false(terminal_has(d->t, VIEW_FIRST, "受理"));
    desk_type(d, "+");
    desk_expect(d, VIEW_FIRST, "查找 +");
    assert_true(terminal_has(d->t, ROW_TITLE, "部门队列"));
    desk_close(&d);
}

/* No state, class, step or duty in Chinese where English is asked for; names that somebody typed stay. */
static void expect_english(struct desk *d, const char *wanted)
{
    static const char *const labels[] = {"已受理", "已审查", "已制证", "已盖章", "即办件", "承诺件", "报批件",
                                         "接件",   "签批",   "制证",   "发证",   "原件",   "复印件", "审查同意"};
    desk_expect(d, -1, wanted);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (terminal_has(d->t, -1, labels[i])) {
            terminal_show(d->t);
            fail_msg("\"%s\" on an English screen", labels[i]);
        }
}

static void counter__speaks__english(void **state)
{
    static const char *const environment[] = {"LC_ALL=en_US.UTF-8", NULL};
    struct terminal_options options = {.environ = environment, .rows = 43, .columns = 132};
    struct desk *d = desk_open(&options, NULL);
    (void)state;
    desk_expect(d, -1, "Password");
    terminal_type(d->t, "zhou\r");
    terminal_type(d->t, desk_password());
    terminal_type(d->t, "\r");
    desk_expect(d, ROW_TITLE, "Counter");
    desk_type(d, "3");
    desk_expect(d, ROW_TITLE, "Queue");
    expect_english(d, "on the spot");
    expect_english(d, "accepted");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, "Case");
    expect_english(d, "Materials");
    expect_english(d, "intake");
    desk_type(d, "l");
    expect_english(d, "(intake)");
    desk_key(d, 3);
    desk_expect(d, -1, "Materials");
    desk_key(d, 10);
    desk_type(d, "8");
    desk_expect(d, ROW_TITLE, "Items");
    expect_english(d, "promised");
    expect_english(d, "permit");
    desk_close(&d);
}

static void counter__lists__items_without_authorisation(void **state)
{
    struct desk *d = desk_open(NULL, NULL);
    (void)state;
    desk_sign_in(d, "zhao"); /* supervises */
    desk_key(d, 2);
    desk_type(d, "sq");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, "授权不到位");
    desk_expect(d, VIEW_FIRST + 1, "上次授权止");
    desk_close(&d);
}

static void counter__refuses__a_wrong_password_and_keeps_the_login(void **state)
{
    struct desk *d = desk_open(NULL, NULL);
    (void)state;
    desk_expect(d, -1, "口令");
    terminal_type(d->t, "zhang\rwrong-1\r");
    desk_expect(d, ROW_MESSAGE, "28P01");
    assert_true(terminal_has(d->t, -1, "zhang"));
    terminal_type(d->t, desk_password());
    terminal_type(d->t, "\r");
    desk_expect(d, ROW_FOOTER, "库●");
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counter__refuses__a_wrong_password_and_keeps_the_login),
        cmocka_unit_test(counter__accepts__a_known_applicant_in_few_keys),
        cmocka_unit_test(counter__decides__on_the_spot_in_few_keys),
        cmocka_unit_test(counter__plays__a_script_sent_at_once),
        cmocka_unit_test(counter__stops__blind_typing_at_an_error),
        cmocka_unit_test(counter__opens__a_scanned_case_over_a_half_filled_form),
        cmocka_unit_test(counter__parks__what_was_typed),
        cmocka_unit_test(counter__goes_back_to__a_parked_form_that_is_open),
        cmocka_unit_test(counter__parks__a_form_with_a_long_name),
        cmocka_unit_test(counter__parks__when_its_terminal_is_closed),
        cmocka_unit_test(counter__explains__a_field_and_its_law),
        cmocka_unit_test(counter__costs__one_byte_for_a_key_in_a_form),
        cmocka_unit_test(counter__keeps__the_screen_right_after_fast_typing),
        cmocka_unit_test(counter__locks__and_opens_with_the_password_only),
        cmocka_unit_test(counter__finds__cases_by_typing),
        cmocka_unit_test(counter__offers__keys_by_duty),
        cmocka_unit_test(counter__speaks__english),
        cmocka_unit_test(counter__lists__items_without_authorisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
