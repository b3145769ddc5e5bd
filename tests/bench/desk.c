#include "desk.h"

#include "common.h"

#include <stdlib.h>

#define LIMIT_MS 10000
#define QUIET_MS 80
#define MENU_WORD "部门队列"   /* forms/menu.json, key 3 */
#define INTAKE_WORD "联系电话" /* forms/entry/accept.json, phone */
#define MATERIAL_WORD "居民身份证" /* forms/items/0213.json, material 2 */

void desk_start(struct pty *p, int columns, int rows)
{
    char *argv[] = {"guitai", "--user", (char *)environment("BENCH_USER"), NULL};
    pty_start(p, columns, rows, argv);
    pty_wait(p, 0, GUITAI_VERSION, LIMIT_MS);
    pty_settle(p, QUIET_MS);
}

void desk_password(struct pty *p)
{
    char *password = read_line_of(environment("BENCH_PASSWORD_FILE"));
    pty_type(p, password);
    free(password);
    pty_settle(p, QUIET_MS);
}

void desk_open(struct pty *p, int columns, int rows)
{
    desk_start(p, columns, rows);
    desk_password(p);
    desk_answer(p, "\r", MENU_WORD);
}

void desk_intake(struct pty *p)
{
    desk_answer(p, "1", INTAKE_WORD);
}

void desk_answer(struct pty *p, const char *keys, const char *word)
{
    size_t from = p->len;
    pty_type(p, keys);
    pty_wait(p, from, word, LIMIT_MS);
    pty_settle(p, QUIET_MS);
}

void desk_text_field(struct pty *p)
{
    desk_intake(p);
    desk_answer(p, "0213\r", MATERIAL_WORD);
    pty_type(p, "\t\t\t"); /* number, name, phone, address */
    pty_settle(p, QUIET_MS);
}
