/* A case travels under the clerks' hands: handed up, sent back, handed up again, decided, handed over; and what they see
 * when the other hall is away.
 *
 * Started by journey.py with the name of a scene; NUMBER is the case. Databases, endpoints and certificates are prepared
 * there: CITY_… and COUNTY_… name what a station of that hall works with. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *wanted, *number;

static void take_from(const char *hall, const char *name, const char *as)
{
    char variable[64];
    snprintf(variable, sizeof variable, "%s_%s", hall, name);
    const char *value = getenv(variable);
    if (!value)
        fail_msg("%s is not set", variable);
    setenv(as, value, 1);
}

/* A clerk sits down at a station of that hall. */
static struct desk *sit_down(const char *hall, const char *login)
{
    take_from(hall, "DATABASE", "PGDATABASE");
    take_from(hall, "CERT", "GUITAI_TLS_CERT");
    take_from(hall, "KEY", "GUITAI_TLS_KEY");
    struct desk *d = desk_open(NULL, NULL);
    desk_sign_in(d, login);
    return d;
}

static void open_list(struct desk *d, const char *key, const char *title)
{
    desk_type(d, key);
    desk_expect(d, ROW_TITLE, title);
}

static void open_case(struct desk *d)
{
    open_list(d, "2", "待我办理");
    desk_scan(d, number);
    desk_expect(d, ROW_TITLE, number);
}

/* An act with the first stock phrase as its opinion. */
static void act(struct desk *d, const char *key, const char *name)
{
    desk_expect(d, -1, name);
    desk_type(d, key);
    desk_expect(d, ROW_TITLE, "办理");
    desk_expect(d, -1, "> 常用语");
    desk_type(d, "1");
    desk_expect(d, -1, "> 意见");
    desk_key(d, 9);
}

/* What another program brings about: it takes longer than a key, and F5 asks for it. */
static void expect_soon(struct desk *d, int row, const char *text)
{
    for (int i = 0; i < 3 && !terminal_wait(d->t, row, text); i++)
        desk_key(d, 5);
    desk_expect(d, row, text);
}

/* Both stand in one row of a list. */
static void expect_beside(struct desk *d, const char *text, const char *beside)
{
    for (int i = 0; i < 50; i++) {
        if (strstr(terminal_row(d->t, desk_row_of(d, text)), beside))
            return;
        terminal_wait_quiet(d->t, 50);
    }
    terminal_show(d->t);
    fail_msg("%s does not stand beside %s", beside, text);
}

static void hands_up(void)
{
    struct desk *d = sit_down("COUNTY", "bianfang");
    open_case(d);
    act(d, "2", "2核准上报");
    desk_expect(d, ROW_MESSAGE, "已上报待收");
    expect_soon(d, ROW_FOOTER, "待传0"); /* this station sends it from its own loop */
    desk_enter(d);
    desk_scan(d, number);
    desk_expect(d, -1, "→ 上报 徐州市");
    desk_expect(d, -1, "已收");
    desk_expect(d, -1, "对方：应急局，承诺期限");
    desk_close(&d);
}

static void is_received(void)
{
    struct desk *d = sit_down("CITY", "tian");
    open_list(d, "3", "部门队列");
    desk_scan(d, number);
    desk_expect(d, ROW_TITLE, number);
    desk_expect(d, ROW_TITLE, "已收上报");
    desk_expect(d, -1, "上报案卷");
    desk_expect(d, -1, "县级期限"); /* the county's clock beside the city's */
    desk_expect(d, -1, "经初审");
    act(d, "1", "1审查同意");
    desk_expect(d, ROW_TITLE, "已审查");
    desk_type(d, "\x1b");
    desk_expect(d, ROW_TITLE, "部门队列");
    expect_beside(d, "贾小䶮", "丰县"); /* its origin, in 80 columns */
    desk_close(&d);
}

static void is_sent_back(void)
{
    struct desk *d = sit_down("CITY", "dong");
    open_case(d);
    desk_type(d, "4");
    desk_expect(d, ROW_TITLE, "退回县（市）区");
    desk_expect(d, -1, "> 理由");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "理由");
    desk_type(d, "请补充文化程度证明。");
    terminal_type(d->t, "\x1b[A\x1b[A");
    desk_expect(d, -1, "> 要求补正");
    desk_key(d, 1);
    desk_expect(d, -1, "上级行政机关不得要求申请人重复提供申请材料"); /* help of this field, and back */
    desk_key(d, 3);
    desk_expect(d, -1, "> 要求补正");
    desk_type(d, "2");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "已随案卷移送"); /* what lies in the package cannot be asked for again */
    desk_expect(d, -1, "> 要求补正");
    desk_expect(d, -1, "请补充文化程度证明。"); /* nothing typed is lost */
    desk_type(d, "\b6");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "退回待回传");
    expect_soon(d, ROW_FOOTER, "待传0");
    desk_close(&d);
}

static void is_supplemented(void)
{
    struct desk *d = sit_down("COUNTY", "anping");
    open_case(d);
    desk_expect(d, -1, "退回    徐州市：“请补充文化程度证明。”");
    desk_expect(d, -1, "要求补正：6");
    desk_type(d, "3");
    desk_expect(d, ROW_TITLE, "补正");
    desk_key(d, 12); /* nothing typed yet: no question */
    desk_expect(d, ROW_TITLE, number);
    desk_type(d, "3");
    desk_expect(d, -1, "> 材料");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "材料"); /* to add nothing is refused */
    desk_type(d, " ");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "材料已补入");
    desk_close(&d);
}

static void is_granted(void)
{
    struct desk *d = sit_down("CITY", "dong");
    open_case(d);
    act(d, "1", "1准予");
    desk_expect(d, ROW_MESSAGE, number);
    expect_soon(d, ROW_FOOTER, "待传0");
    desk_close(&d);
}

static void is_handed_over(void)
{
    static const char *const states[] = { "已制证", "已盖章待领", "已办结" };
    struct desk *d = sit_down("COUNTY", "anping");
    desk_key(d, 2);
    desk_type(d, "cx");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, "查询");
    desk_scan(d, number);
    desk_expect(d, ROW_TITLE, "准予");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        desk_type(d, "1");
        desk_expect(d, ROW_TITLE, "办理 ─");
        desk_expect(d, -1, "> ");
        desk_key(d, 9);
        desk_expect(d, ROW_MESSAGE, states[i]);
    }
    desk_close(&d);
}

static void waits_for_a_hall_that_is_away(void)
{
    struct desk *d = sit_down("COUNTY", "bianfang");
    open_case(d);
    act(d, "2", "2核准上报");
    desk_expect(d, ROW_MESSAGE, "已上报待收");
    expect_soon(d, ROW_FOOTER, "待传1");
    desk_key(d, 10);
    desk_expect(d, ROW_TITLE, "柜台");
    open_list(d, "c", "待传");
    expect_soon(d, -1, "对方连接不上");
    expect_beside(d, number, "徐州市");
    desk_type(d, "+");
    desk_expect(d, ROW_MESSAGE, "已安排立即发送");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, number);
    expect_soon(d, -1, "移送    上报 徐州市  待收：");
    desk_expect(d, -1, "；下次 ");
    desk_close(&d);
}

static void is_taken_back(void)
{
    struct desk *d = sit_down("COUNTY", "bianfang");
    open_list(d, "c", "待传");
    desk_row_of(d, number);
    act(d, "-", "-撤回");
    desk_expect(d, ROW_MESSAGE, "撤回");
    desk_close(&d);
}

static void compares(void)
{
    struct desk *d = sit_down("COUNTY", "jianhong");
    open_list(d, "x", "交换单位与对账");
    desk_expect(d, -1, "徐州市");
    desk_type(d, "=");
    desk_expect(d, ROW_MESSAGE, "与徐州市台账相符");
    desk_expect(d, -1, "相符");
    desk_enter(d);
    desk_expect(d, ROW_TITLE, "对账差异");
    desk_expect(d, -1, "双方台账相符");
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "交换单位与对账");
    desk_key(d, 3);
    open_list(d, "g", "交换告警");
    desk_key(d, 1);
    desk_expect_gone(d, ROW_TITLE, "交换告警");
    desk_key(d, 3);
    desk_expect(d, ROW_TITLE, "交换告警");
    desk_close(&d);
}

/* The other hall is away: the supervisor is told so. */
static void cannot_compare(void)
{
    struct desk *d = sit_down("COUNTY", "jianhong");
    open_list(d, "x", "交换单位与对账");
    desk_expect(d, -1, "徐州市");
    desk_type(d, "=");
    desk_expect(d, ROW_MESSAGE, "对方中心");
    desk_close(&d);
}

static void guides(void)
{
    struct desk *d = sit_down("CITY", "dong");
    desk_type(d, "m");
    desk_expect(d, ROW_TITLE, "业务指导");
    desk_type(d, "丰");
    desk_enter(d);
    desk_expect(d, -1, "> 涉及件号");
    desk_enter(d);
    desk_expect(d, -1, "> 标题");
    desk_type(d, "初审要点");
    desk_enter(d);
    desk_type(d, "请核对培训机构备案。");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, "已发往 丰县");
    desk_close(&d);
}

static void is_guided(void)
{
    struct desk *d = sit_down("COUNTY", "anping");
    open_list(d, "n", "业务指导");
    expect_soon(d, -1, "初审要点");
    desk_enter(d);
    desk_expect(d, -1, "请核对培训机构备案。");
    desk_close(&d);
}

static void is_transferred(void)
{
    struct desk *d = sit_down("CITY", "zhang");
    open_case(d);
    desk_expect(d, -1, "转办");
    desk_type(d, "3");
    desk_expect(d, -1, "转办");
    desk_expect(d, -1, "> 转");
    desk_type(d, "丰");
    desk_enter(d);
    desk_expect(d, -1, "> 常用语");
    desk_type(d, "1");
    desk_key(d, 9);
    desk_expect(d, ROW_MESSAGE, number);
    expect_soon(d, ROW_FOOTER, "待传0");
    desk_close(&d);
}

static void is_known_above(void)
{
    struct desk *d = sit_down("CITY", "zhao");
    open_list(d, "e", "下级办件");
    expect_soon(d, -1, number);
    expect_beside(d, number, "丰县");
    desk_close(&d);
}

static void journey__scene__as_named(void **state)
{
    static const struct {
        const char *name;
        void (*play)(void);
    } scenes[] = {
        { "hands_up", hands_up },
        { "is_received", is_received },
        { "is_sent_back", is_sent_back },
        { "is_supplemented", is_supplemented },
        { "is_granted", is_granted },
        { "is_handed_over", is_handed_over },
        { "waits_for_a_hall_that_is_away", waits_for_a_hall_that_is_away },
        { "is_taken_back", is_taken_back },
        { "compares", compares },
        { "cannot_compare", cannot_compare },
        { "guides", guides },
        { "is_guided", is_guided },
        { "is_transferred", is_transferred },
        { "is_known_above", is_known_above },
    };
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        if (strcmp(scenes[i].name, wanted) == 0) {
            scenes[i].play();
            return;
        }
    fail_msg("no scene is called %s", wanted);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(journey__scene__as_named) };
    wanted = argc > 1 ? argv[1] : "";
    number = getenv("NUMBER") ? getenv("NUMBER") : "";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
