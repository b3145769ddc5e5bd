#include "desk.h"

#include "common.h"

#include <stdlib.h>

#define LIMIT_MS 10000
#define QUIET_MS 80
#define MENU_WORD "部门队列"   /* forms/menu.json, key 3 */
#define INTAKE_WORD "联系电话" /* forms/entry/accept.json, phone */

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
    size_t from = p->len;
    pty_type(p, "\r");
    pty_wait(p, from, MENU_WORD, LIMIT_MS);
    pty_settle(p, QUIET_MS);
}

void desk_text_field(struct pty *p)
{
    size_t from = p->len;
    pty_type(p, "1");
    pty_wait(p, from, INTAKE_WORD, LIMIT_MS);
    pty_settle(p, QUIET_MS);
}
