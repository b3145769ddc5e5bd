/* Floor of a filled queue: a title at once; after one key libpq signs in (server and password from the libpq
 * environment), asks for one page of the queue and draws it. No layers, no menu, no form files. */
#include <curses.h>
#include <libpq-fe.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static const char query[] = "select number, item_name, applicant_name, state_zh, promise_due, days_left"
                            " from api.case__queue(null, null, $1::integer)";

static void give_up(const char *why)
{
    endwin();
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static void draw_queue(const PGresult *r)
{
    static const int column[] = {2, 24, 54, 74, 84, 96};
    int rows = PQntuples(r);
    for (int row = 0; row < rows && row < LINES - 4; row++)
        for (int i = 0; i < PQnfields(r); i++)
            mvaddstr(row + 3, column[i], PQgetvalue(r, row, i));
    refresh();
}

int main(int argc, char **argv)
{
    const char *page = argc > 1 ? argv[1] : "50";
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    mvaddstr(1, 2, "部门队列");
    refresh();
    getch();
    PGconn *db = PQconnectdb("");
    if (PQstatus(db) != CONNECTION_OK)
        give_up(PQerrorMessage(db));
    PGresult *r = PQexecParams(db, query, 1, NULL, &page, NULL, NULL, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        give_up(PQerrorMessage(db));
    draw_queue(r);
    getch();
    PQclear(r);
    PQfinish(db);
    endwin();
    return 0;
}
