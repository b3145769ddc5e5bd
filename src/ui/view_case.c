/* The case page: what it is, what was handed in, who did what and when, whether the record is whole, what may
 * be done now. */
#include "app.h"
#include "case_page.h"
#include "draw.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"

#include <stdio.h>
#include <string.h>

struct view_case {
    struct view view;
    char number[ID_CASE_MAX + 1];
    struct json *answer;
    struct case_page page;
    int columns;
    size_t top;
};

static struct view_case *self(struct view *v)
{
    return (struct view_case *)v;
}

static const struct jnode *root_of(const struct view_case *c)
{
    return c->answer ? json_root(c->answer) : NULL;
}

static const struct jnode *actions_of(const struct view_case *c)
{
    return jn_get(root_of(c), "actions");
}

/* ---- drawing ---- */

static int action_rows(const struct view_case *c)
{
    return jn_count(actions_of(c)) ? 2 : 1;
}

static size_t last_top(const struct view_case *c)
{
    size_t rows = (size_t)(view_height() - action_rows(c));
    return c->page.count > rows ? c->page.count - rows : 0;
}

static int draw_action(int y, int x, int index, const struct jnode *a)
{
    char key[16] = " ";
    const char *label = i18n_pick(jn_str(a, "zh", ""), jn_str(a, "en", ""));
    bool allowed = jn_bool(a, "allowed", false);
    if (allowed)
        snprintf(key, sizeof key, "%d", index);
    if (x + draw_cells(label) + 3 > draw_columns())
        return x;
    x += draw_text(y, x, 1, STYLE_KEY, key);
    return x + draw_text(y, x, draw_cells(label), allowed ? STYLE_PLAIN : STYLE_DIM, label) + 2;
}

static void draw_actions(const struct view_case *c)
{
    int y = view_bottom() - action_rows(c), x = 1, index = 0;
    if (jn_count(actions_of(c))) {
        x += draw_text(y, x, 8, STYLE_LABEL, _("Acts:"));
        for (const struct jnode *a = jn_first(actions_of(c)); a; a = jn_next(a)) {
            index += jn_bool(a, "allowed", false);
            x = draw_action(y, x + 1, index, a);
        }
        y++;
    }
    draw_text(
        y, 1, draw_columns() - 2, STYLE_DIM,
        _("d due day by day  l chart  z guide  v check record  u full numbers  w why not  ↑↓ PgUp PgDn"));
}

static void case_draw(struct view *v)
{
    struct view_case *c = self(v);
    if (!c->answer)
        return;
    if (c->columns != draw_columns()) {
        c->columns = draw_columns();
        case_page_make(&c->page, root_of(c), c->columns - 2);
    }
    if (c->top > last_top(c))
        c->top = last_top(c);
    int rows = view_height() - action_rows(c);
    for (int i = 0; i < rows && c->top + (size_t)i < c->page.count; i++) {
        const struct case_line *l = &c->page.line[c->top + (size_t)i];
        char title[256];
        snprintf(title, sizeof title, "%s", l->text);
        char *right = l->rule ? strchr(title, '\t') : NULL;
        if (right) {
            *right++ = '\0';
            draw_rule(VIEW_TOP + i, 0, draw_columns(), title, right);
        } else {
            draw_text(VIEW_TOP + i, 1, draw_columns() - 2, l->style, l->text);
        }
    }
    draw_actions(c);
}

static void case_cursor(struct view *v, int *y, int *x)
{
    *y = view_bottom() - action_rows(self(v));
    *x = 0;
}

/* ---- reading ---- */

static void on_case(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_case *c = owner;
    (void)tag;
    if (e) {
        if (!c->answer) /* nothing to show: the screen below says why */
            view_pop(&c->view);
        return;
    }
    json_free(&c->answer);
    c->answer = db_json(r) ? json_clone(json_root(db_json(r))) : NULL;
    c->columns = 0;
    snprintf(c->view.note, sizeof c->view.note, "%s",
             i18n_pick(jn_str(jn_get(root_of(c), "case"), "state_zh", ""),
                       jn_str(jn_get(root_of(c), "case"), "state_en", "")));
    view_dirty(&c->view, VIEW_ALL);
}

static void load(struct view_case *c, unsigned flags)
{
    struct call_args a = {.n = 0};
    call_add(&a, "number", c->number);
    call_send(c->view.app, c->view.session, c, "case__show", &a, flags, on_case, 0);
}

static void case_refresh(struct view *v)
{
    load(self(v), 0);
}

static void on_checked(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_case *c = owner;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *n = json_root(db_json(r));
    if (jn_bool(n, "ok", false))
        app_say(c->view.app, MESSAGE_DONE, _("Record whole: %lld entries, every digest recomputed"),
                jn_int(n, "events", 0));
    else
        app_say(c->view.app, MESSAGE_ERROR, _("Record broken at entry %lld: %s"), jn_int(n, "broken_at", 0),
                i18n_pick(jn_str(n, "reason", ""), jn_str(n, "reason_en", "")));
}

static void check_record(struct view_case *c)
{
    struct call_args a = {.n = 0};
    call_add(&a, "number", c->number);
    call_send(c->view.app, c->view.session, c, "case__verify", &a, CALL_HOLD, on_checked, 0);
}

/* ---- full numbers, for a reason that is recorded ---- */

static void on_unmasked(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *n = json_root(db_json(r));
    app_say(app, MESSAGE_NOTE, _("Number %s  phone %s  %s (recorded)"), jn_str(n, "id_number", ""),
            jn_str(n, "phone", ""), jn_str(n, "agent_id_number", ""));
}

/* The reason stands in the record: now the database tells. */
static void on_recorded(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct call_args a = {.n = 0};
    (void)tag;
    if (e || !db_json(r))
        return;
    call_add(&a, "request", jn_str(json_root(db_json(r)), "request", NULL));
    call_send(app, &app->clerk, app, "case__unmasked", &a, CALL_HOLD, on_unmasked, 0);
}

static void on_reason(struct app *app, const char *number, const char *reason)
{
    struct call_args a = {.n = 0};
    call_add_request(&a);
    call_add(&a, "number", number);
    call_add(&a, "reason", reason);
    call_send(app, &app->clerk, app, "case__unmask", &a, CALL_HOLD, on_recorded, 0);
}

/* ---- acts ---- */

static void summary_of(const struct view_case *c, char *out, size_t size)
{
    const struct jnode *n = jn_get(root_of(c), "case");
    snprintf(out, size, "%s  %s", jn_str(n, "item_name", ""), jn_str(n, "name", ""));
}

static void act(struct view_case *c, int wanted)
{
    char summary[256];
    int index = 0;
    for (const struct jnode *a = jn_first(actions_of(c)); a; a = jn_next(a)) {
        index += jn_bool(a, "allowed", false);
        if (jn_bool(a, "allowed", false) && index == wanted) {
            summary_of(c, summary, sizeof summary);
            view_act_open(c->view.app, c->view.session, c->number, jn_str(a, "action", ""), summary);
            return;
        }
    }
    app_say(c->view.app, MESSAGE_NOTE,
            _("No such act; w says why an act is not yours, F11 brings a second person"));
}

static void why_not(struct view_case *c)
{
    char text[4096] = "";
    size_t used = 0;
    for (const struct jnode *a = jn_first(actions_of(c)); a && used < sizeof text; a = jn_next(a))
        if (!jn_bool(a, "allowed", false))
            used += (size_t)snprintf(text + used, sizeof text - used, "%s\n    %s\n\n",
                                     i18n_pick(jn_str(a, "zh", ""), jn_str(a, "en", "")),
                                     i18n_pick(jn_str(a, "why_zh", ""), jn_str(a, "why_en", "")));
    view_text_open(c->view.app, _("Why not?"), *text ? text : _("Every act of this state is yours."));
}

static enum view_dirt press(struct view_case *c, uint32_t cp)
{
    struct app *app = c->view.app;
    const struct jnode *n = jn_get(root_of(c), "case");
    if (!c->answer)
        return VIEW_CLEAN;
    switch (cp) {
    case 'd': app_open(app, "due", c->number); break;
    case 'l': view_text_chart(app, jn_str(n, "process", "spot")); break;
    case 'z': view_text_item(app, jn_str(n, "item", "")); break;
    case 'v': check_record(c); break;
    case 'w': why_not(c); break;
    case 'u': command_ask(app, _("Reason (is recorded): "), c->number, on_reason); break;
    default:
        if (cp >= '1' && cp <= '9')
            act(c, (int)(cp - '0'));
        else
            app_say(app, MESSAGE_NOTE, _("That key is not used here; F1 lists the keys"));
    }
    return VIEW_CLEAN;
}

static enum view_dirt scroll(struct view_case *c, long step)
{
    long top = (long)c->top + step;
    c->top = top < 0 ? 0 : (size_t)top > last_top(c) ? last_top(c) : (size_t)top;
    return VIEW_ALL;
}

static enum view_dirt case_key(struct view *v, const struct input *in)
{
    struct view_case *c = self(v);
    int page = view_height() - action_rows(c);
    switch (in->action) {
    case ACT_UP: return scroll(c, -1);
    case ACT_DOWN: return scroll(c, 1);
    case ACT_PAGE_UP: return scroll(c, -page);
    case ACT_PAGE_DOWN: return scroll(c, page);
    case ACT_HOME: return scroll(c, -(long)c->page.count);
    case ACT_END: return scroll(c, (long)c->page.count);
    case ACT_CHANGE_USER: view_guest_open(v->app, c->number); return VIEW_CLEAN;
    case ACT_PRINT: view_print_open(v->app, v->session, c->number); return VIEW_CLEAN;
    case ACT_DAYS: return press(c, 'd');
    case ACT_CHAR: return in->data ? VIEW_CLEAN : press(c, in->cp);
    case ACT_ESCAPE: view_pop(v); return VIEW_CLEAN;
    default: return VIEW_CLEAN;
    }
}

static void case_help(struct view *v)
{
    struct err e;
    if (*v->app->last_error.message)
        view_text_error(v->app, &v->app->last_error);
    else if (!view_text_open_named(v->app, "case", &e))
        view_text_open_named(v->app, "keys", &e);
}

static bool case_number(struct view *v, char *out)
{
    snprintf(out, ID_CASE_MAX + 1, "%s", self(v)->number);
    return true;
}

static void case_destroy(struct view *v)
{
    json_free(&self(v)->answer);
    case_page_reset(&self(v)->page);
}

static const enum action case_keys[] = {ACT_HELP,        ACT_LEAVE, ACT_REFRESH, ACT_PRINT,
                                        ACT_CHANGE_USER, ACT_MENU,  ACT_NONE};

static const struct view_ops case_ops = {
    .name = "case",
    .size = sizeof(struct view_case),
    .draw = case_draw,
    .cursor = case_cursor,
    .key = case_key,
    .resume = case_refresh,
    .changed = case_refresh,
    .refresh = case_refresh,
    .help = case_help,
    .number = case_number,
    .destroy = case_destroy,
    .keys = case_keys,
    .digits_act = true,
};

void view_case_open(struct app *app, struct session *session, const char *number)
{
    char title[128];
    snprintf(title, sizeof title, _("Case %s"), number);
    struct view_case *c = self(view_push(app, &case_ops, title));
    c->view.session = session;
    snprintf(c->number, sizeof c->number, "%s", number);
    load(c, CALL_HOLD);
}
