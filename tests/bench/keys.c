/* Keystrokes of the two jobs that a counter does all day, played through and counted key by key.
 *
 * bench_keys FROM: persons FROM and FROM+1 are taken in first, so that the hall knows them and the item is
 * the one of the last case. Then, counted from the empty intake, every digit of the citizen number typed by
 * hand:
 *   keys_intake   a known applicant, an item with five materials, to the saved case and its queued receipt
 *   keys_sitting  the same, then review, the verifier's sign-in (login from the list, his password typed),
 *                 verification and the decision */
#include "common.h"
#include "desk.h"
#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F9 "\033[20~"
#define LIMIT_MS 10000
#define ITEM "0213"
#define OTHER_ITEM "0214"

static struct pty desk;
static unsigned pressed;

/* Types text and waits for `word`; a character is one key. */
static void press(const char *text, const char *word)
{
    for (const char *c = text; *c; c++)
        pressed += ((unsigned char)*c & 0xC0) != 0x80;
    desk_answer(&desk, text, word);
}

/* A function key is one key, however many bytes it sends. */
static void press_save(const char *word)
{
    pressed++;
    desk_answer(&desk, F9, word);
}

static void newcomer(const char *item, const char *number)
{
    char keys[128];
    snprintf(keys, sizeof keys, "%s\r", item);
    desk_answer(&desk, keys, "居民身份证");
    snprintf(keys, sizeof keys, "%.4s-", number + 6); /* the birth date beside the field */
    desk_answer(&desk, number, keys);
    desk_answer(&desk, "测试人\r13800000000\r\r\r\r\r\r\r*" F9, "已受理");
    desk_answer(&desk, "\r", "事项");
}

static void known(const char *number)
{
    press("1", "居民身份证"); /* the item of the last case */
    press(number, "测试人");
    press_save("材料"); /* to what is missing */
    press("*", "核验1"); /* all of them there */
    press_save("已受理");
}

int main(int argc, char **argv)
{
    char first[19], second[19];
    if (argc != 2)
        die("usage: bench_keys FROM");
    long from = parse_number("FROM", argv[1], 0, 3300000);
    citizen_number(environment("BENCH_AREA"), from, first);
    citizen_number(environment("BENCH_AREA"), from + 1, second);
    desk_open(&desk, 80, 24);
    desk_intake(&desk);
    newcomer(OTHER_ITEM, first);
    newcomer(ITEM, second);
    pressed = 0;
    known(first);
    printf("keys_intake %u -\n", pressed);
    press("1", "办理");
    press("1", "意见"); /* stock phrase */
    press_save("由谁核");
    char *password = read_line_of(environment("BENCH_PASSWORD_FILE"));
    press("1", "不显示");
    pty_type(&desk, password); /* never echoed */
    pressed += (unsigned)strlen(password);
    press("\r", "准予");
    press("1", "办理");
    press("1", "意见");
    press_save("准予");
    printf("keys_sitting %u -\n", pressed);
    free(password);
    pty_stop(&desk);
    return 0;
}
