/* Answers of the database shown as text: due dates day by day, flow charts, guides of items. */
#include "app.h"
#include "draw.h"
#include "views.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/print/chart.h"
#include "guitai/print/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPLAIN_MAX (256u << 10)

/* ---- due dates ---- */

static void add_day(struct str *s, const struct jnode *day)
{
    struct date d;
    char n[24];
    const char *iso = jn_str(day, "date", "");
    bool work = jn_bool(day, "work", false);
    jn_scalar(jn_get(day, "n"), n, sizeof n);
    str_addf(s, "  %s %s  %s %4s  %s\n", iso, date_parse_iso(iso, &d) ? date_weekday_name(d) : "  ",
             work ? _("work") : _("off "), n, jn_str(day, "note", ""));
}

static char *due_text(const struct jnode *n)
{
    struct str s;
    struct date d;
    const char *due = jn_str(n, "due", "");
    str_init(&s, EXPLAIN_MAX);
    str_addf(&s, _("From %s, %lld working days, the first day not counted: %s %s%s\n"), jn_str(n, "from", ""),
             jn_int(n, "days", 0), due, date_parse_iso(due, &d) ? date_weekday_name(d) : "",
             jn_bool(n, "provisional", false) ? _(" (provisional)") : "");
    str_addf(&s, _("The calendar is known until %s; later days are plain weekdays.\n"),
             jn_str(n, "known_until", "?"));
    str_addf(&s, "%s\n\n",
             _("Law: Administrative Licensing Law, article 82: days are working days, holidays excluded."));
    for (const struct jnode *day = jn_first(jn_get(n, "explain")); day; day = jn_next(day))
        add_day(&s, day);
    return str_steal(&s);
}

static void on_due(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    (void)tag;
    if (e || !db_json(r))
        return;
    char *text = due_text(json_root(db_json(r)));
    view_text_open(app, _("Due date, day by day"), text);
    free(text);
}

void view_text_due(struct app *app, const char *from, const char *days)
{
    struct call_args a = {.n = 0};
    struct date d;
    struct err e;
    char iso[16], *end;
    int working = 0;
    err_reset(&e);
    long n = strtol(days, &end, 10);
    if (!date_parse_typed(from, date_today(), &d, &working, &e)) {
        app_error(app, &e);
        return;
    }
    if (working) {
        app_say(app, MESSAGE_ERROR, _("\"%s\" counts working days itself: a date is expected here"), from);
        return;
    }
    if (end == days || *end || n < 0 || n > 3660) {
        app_say(app, MESSAGE_ERROR, _("\"%s\": a number of working days from 0 to 3660 is expected"), days);
        return;
    }
    date_iso(d, iso, sizeof iso);
    call_add(&a, "from", iso);
    call_add(&a, "days", days);
    call_send(app, &app->clerk, app, "due", &a, CALL_HOLD, on_due, 0);
}

static void on_case_due(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    char days[24], from[16];
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *due = jn_get(json_root(db_json(r)), "due");
    jn_scalar(jn_get(due, "promise_days"), days, sizeof days);
    snprintf(from, sizeof from, "%.10s", jn_str(due, "from", ""));
    view_text_due(app, from, days);
}

void view_text_case_due(struct app *app, const char *number)
{
    struct call_args a = {.n = 0};
    call_add(&a, "number", number);
    call_send(app, &app->clerk, app, "case__show", &a, CALL_HOLD, on_case_due, 0);
}

/* ---- flow chart ---- */

static void on_chart(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct err bad;
    (void)tag;
    if (e || !db_json(r))
        return;
    err_reset(&bad);
    char *text = chart_draw(json_root(db_json(r)), draw_columns() - 3, app->options->ascii, &bad);
    if (!text) {
        app_error(app, &bad);
        return;
    }
    view_text_open(app, _("Flow chart"), text);
    free(text);
}

void view_text_chart(struct app *app, const char *process)
{
    struct call_args a = {.n = 0};
    call_add(&a, "process", process);
    call_send(app, &app->clerk, app, "process__chart", &a, CALL_HOLD, on_chart, 0);
}

/* ---- guide of an item: the same layout as on paper ---- */

static void on_item(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct err bad;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *n = json_root(db_json(r));
    err_reset(&bad);
    struct page *page = page_build("guide", n, &bad);
    char *text = page ? page_text(page, draw_columns() - 4, &bad) : NULL;
    page_free(&page);
    if (!text) {
        app_error(app, &bad);
        return;
    }
    view_text_open(app, jn_str(n, "name", ""), text);
    free(text);
}

void view_text_item(struct app *app, const char *item)
{
    struct call_args a = {.n = 0};
    call_add(&a, "item", item);
    call_send(app, &app->clerk, app, "item__show", &a, CALL_HOLD, on_item, 0);
}

/* ---- guidance from another hall ---- */

static void on_note(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct str s;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *n = json_root(db_json(r));
    str_init(&s, 64u << 10);
    str_addf(&s, jn_bool(n, "outgoing", false) ? _("To %s, by %s, %s\n") : _("From %s, by %s, %s\n"), jn_str(n, "peer", ""),
             jn_str(n, "by", ""), jn_str(n, "at", ""));
    if (*jn_str(n, "number", ""))
        str_addf(&s, _("About case %s\n"), jn_str(n, "number", ""));
    str_addf(&s, "\n%s\n", jn_str(n, "text", ""));
    char *text = str_steal(&s);
    view_text_open(app, jn_str(n, "subject", ""), text);
    free(text);
}

void view_text_note(struct app *app, const char *id)
{
    struct call_args a = {.n = 0};
    call_add(&a, "id", id);
    call_send(app, &app->clerk, app, "note__show", &a, CALL_HOLD, on_note, 0);
}
