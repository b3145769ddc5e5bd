/* Floor of a first screen: ncursesw alone and a Chinese title, then one key. */
#include <curses.h>
#include <locale.h>

int main(void)
{
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    keypad(stdscr, TRUE);
    mvaddstr(1, 4, "政务服务中心 柜台");
    mvaddstr(3, 4, "登录名");
    mvaddstr(5, 4, "密码");
    mvaddstr(7, 4, GUITAI_VERSION);
    refresh();
    getch();
    endwin();
    return 0;
}
