#include "view_entry.h"

#include "app.h"
#include "draw.h"
#include "term.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/str.h"
#include "guitai/db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct view_entry *self(struct view *v)
{
    return (struct view_entry *)v;
}

/* ---- drawing ---- */

static void entry_draw(struct view *v)
{
    struct view_entry *f = self(v);
    entry_layout_make(&f->layout, f->entry);
    entry_layout_draw(&f->layout, f->entry);
}

static void entry_draw_part(struct view *v)
{
    struct view_entry *f = self(v);
    entry_layout_draw_focus(&f->layout, f->entry);
}

static void entry_cursor(struct view *v, int *y, int *x)
{
    struct view_entry *f = self(v);
    entry_layout_cursor(&f->layout, f->entry, y, x);
}

/* ---- questions to the database ---- */

static struct json *rows_as_json(const struct db_result *r)
{
    struct json *doc = json_new_array();
    for (size_t i = 0; i < db_rows(r); i++) {
        struct jnode *row = jn_push_object(json_edit(doc));
        for (size_t c = 0; c < db_columns(r); c++)
            jn_set_str(row, db_column_name(r, c), db_value(r, i, db_column_name(r, c)));
    }
    return doc;
}

static void on_answer(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_entry *f = owner;
    struct json *made = NULL;
    const struct json *doc = r ? db_json(r) : NULL;
    if (r && !doc)
        doc = made = rows_as_json(r);
    if (doc && jn_get(json_root(doc), "promise_days"))
        jn_scalar(jn_get(json_root(doc), "promise_days"), f->promise_days, sizeof f->promise_days);
    enum entry_effect effect = entry_answer(f->entry, (unsigned)tag, doc ? json_root(doc) : NULL, e);
    json_free(&made);
    view_dirty(&f->view, VIEW_ALL);
    if (e) { /* the form may say nothing of it; the clerk must hear it */
        app_error(f->view.app, e);
        return;
    }
    view_entry_after(f, effect, true);
}

static void ask(struct view_entry *f)
{
    struct entry_request q;
    while (entry_next_request(f->entry, &q)) {
        struct call_args a = {.n = 0};
        for (size_t i = 0; i < q.count; i++)
            call_add(&a, q.names[i], q.values[i]);
        call_send(f->view.app, f->view.session, f, q.function, &a, CALL_QUIET | (q.hold_keys ? CALL_HOLD : 0),
                  on_answer, (long)q.id);
    }
}

/* The list of a choice lies over other fields: as long as it is there, everything is drawn. */
static bool only_field_changed(const struct view_entry *f, enum entry_effect effect)
{
    return effect == ENTRY_CHANGED && !f->list_shown && !entry_list_open(f->entry)
           && !entry_layout_stale(&f->layout, f->entry);
}

void view_entry_after(struct view_entry *f, enum entry_effect effect, bool moving)
{
    struct app *app = f->view.app;
    bool is_error = false;
    const char *message = entry_message(f->entry, &is_error);
    if (*message) {
        app_say(app, is_error ? MESSAGE_ERROR : MESSAGE_NOTE, "%s", message);
        if (is_error)
            err_set(&app->last_error, ERR_INPUT, "%s", message);
    }
    if (effect == ENTRY_REFUSED) {
        /* A character too many must not throw away the rest of a scan; a move that failed stops everything.
         */
        if (moving)
            app_stop_keys(app);
        else
            term_beep();
    }
    if (effect != ENTRY_NOTHING)
        view_dirty(&f->view, only_field_changed(f, effect) ? VIEW_PART : VIEW_ALL);
    f->list_shown = entry_list_open(f->entry);
    ask(f);
    if (moving)
        view_entry_elsewhere(f);
    if (effect == ENTRY_READY)
        view_entry_save(f);
}

/* ---- keys ---- */

static const struct {
    enum action action;
    enum entry_key key;
    bool moving;
} key_table[] = {
    {ACT_ENTER, ENTRY_ENTER, true},
    {ACT_NEXT, ENTRY_NEXT, true},
    {ACT_PREVIOUS, ENTRY_PREVIOUS, true},
    {ACT_SAVE, ENTRY_SUBMIT, true},
    {ACT_UP, ENTRY_UP, true},
    {ACT_DOWN, ENTRY_DOWN, true},
    {ACT_LEFT, ENTRY_LEFT, false},
    {ACT_RIGHT, ENTRY_RIGHT, false},
    {ACT_WORD_LEFT, ENTRY_WORD_LEFT, false},
    {ACT_WORD_RIGHT, ENTRY_WORD_RIGHT, false},
    {ACT_HOME, ENTRY_HOME, false},
    {ACT_END, ENTRY_END, false},
    {ACT_BACKSPACE, ENTRY_BACKSPACE, false},
    {ACT_DELETE, ENTRY_DELETE, false},
    {ACT_DELETE_WORD, ENTRY_DELETE_WORD, false},
    {ACT_CLEAR_TO_END, ENTRY_CLEAR_TO_END, false},
    {ACT_CLEAR, ENTRY_CLEAR, false},
    {ACT_REPEAT, ENTRY_REPEAT, false},
    {ACT_REPEAT_ALL, ENTRY_REPEAT_ALL, false},
    {ACT_CHOOSE, ENTRY_CHOOSE, false},
    {ACT_UNDO, ENTRY_UNDO, false},
};

static enum entry_effect type(struct view_entry *f, const struct input *in)
{
    size_t at = entry_focus(f->entry);
    bool one_line = at < entry_count(f->entry) && entry_kind(f->entry, at) != FIELD_MULTILINE;
    if (in->cp == '\n' && one_line) {
        f->newline = true;
        return ENTRY_NOTHING;
    }
    if (f->newline && in->data)
        entry_key(f->entry, ENTRY_CHAR, ' ', true);
    f->newline = false;
    return entry_key(f->entry, ENTRY_CHAR, in->cp, in->data);
}

/* A character appended to a plain field is on the screen before anything else is thought about. */
static bool echo(struct view_entry *f)
{
    struct entry_place field;
    const char *text = f->layout.drawn.text;
    int y;
    size_t n = *entry_message(f->entry, NULL) ? 0 : entry_layout_appended(&f->layout, f->entry, &field, &y);
    if (!n)
        return false;
    if (screen_echo(f->view.app, text + strlen(text) - n, n, y, field.x, field.width, text))
        return true;
    entry_layout_forget(&f->layout, n);
    return false;
}

static void field_help_line(struct view_entry *f)
{
    const struct fielddef *d = entry_def(f->entry, entry_focus(f->entry));
    const char *help = i18n_pick(d->help_zh, d->help_en);
    app_say(f->view.app, MESSAGE_NOTE, "%s%s%s%s%s", help ? help : "", d->law && *d->law ? "  § " : "",
            d->law ? d->law : "", d->examples && *d->examples ? _("  e.g. ") : "",
            d->examples ? d->examples : "");
}

static bool wants_help(const struct view_entry *f, const struct input *in)
{
    size_t at = entry_focus(f->entry);
    const struct textedit *t = at < entry_count(f->entry) ? entry_editor(f->entry, at) : NULL;
    return in->action == ACT_CHAR && !in->data && (in->cp == '?' || in->cp == 0xFF1F)
           && at < entry_count(f->entry) && (!t || textedit_length(t) == 0);
}

static void entry_days(struct view_entry *f);

static enum view_dirt entry_view_key(struct view *v, const struct input *in)
{
    struct view_entry *f = self(v);
    if (f->saving || v->leaving)
        return VIEW_CLEAN;
    if (wants_help(f, in)) {
        field_help_line(f);
        return VIEW_CLEAN;
    }
    if (in->action == ACT_CHAR) {
        enum entry_effect effect = type(f, in);
        if (effect == ENTRY_CHANGED && echo(f))
            effect = ENTRY_NOTHING; /* nothing is left to draw */
        view_entry_after(f, effect, false);
        return VIEW_CLEAN;
    }
    f->newline = false;
    for (size_t i = 0; i < sizeof key_table / sizeof *key_table; i++)
        if (key_table[i].action == in->action) {
            view_entry_after(f, entry_key(f->entry, key_table[i].key, 0, in->data), key_table[i].moving);
            return VIEW_CLEAN;
        }
    if (in->action == ACT_PARK)
        view_entry_park(f);
    else if (in->action == ACT_DAYS)
        entry_days(f);
    else if (in->action == ACT_ESCAPE)
        view_entry_after(f, entry_key(f->entry, ENTRY_CLOSE, 0, false), false);
    return VIEW_CLEAN;
}

/* ---- explanations ---- */

/* Ctrl-T: the days of the date in the field, or of the item chosen if accepted today. */
static void entry_days(struct view_entry *f)
{
    struct date d;
    size_t at = entry_focus(f->entry);
    char today[16];
    date_iso(date_today(), today, sizeof today);
    if (at < entry_count(f->entry) && entry_kind(f->entry, at) == FIELD_DATE
        && date_parse_iso(entry_value(f->entry, at), &d)) {
        view_text_due(f->view.app, entry_value(f->entry, at), "20");
        return;
    }
    if (*f->promise_days)
        view_text_due(f->view.app, today, f->promise_days);
    else
        app_say(f->view.app, MESSAGE_NOTE, _("Choose the item first: its limit decides the date"));
}

static void add_line(struct str *s, const char *label, const char *text)
{
    if (text && *text)
        str_addf(s, "%s  %s\n\n", label, text);
}

static void entry_help(struct view *v)
{
    struct view_entry *f = self(v);
    struct app *app = v->app;
    struct str s;
    size_t at = entry_focus(f->entry);
    str_init(&s, 32768);
    if (*app->last_error.message) {
        add_line(&s, _("Message"), app->last_error.message);
        add_line(&s, _("What to do"), app->last_error.hint);
        add_line(&s, _("Law"), app->last_error.law);
        add_line(&s, _("Code"), app->last_error.code);
    }
    if (at < entry_count(f->entry)) {
        const struct fielddef *d = entry_def(f->entry, at);
        str_addf(&s, "%s\n\n", i18n_pick(d->label_zh, d->label_en));
        add_line(&s, _("What"), i18n_pick(d->help_zh, d->help_en));
        add_line(&s, _("Law"), d->law);
        add_line(&s, _("Examples"), d->examples);
        str_addf(&s, "%s\n\n", d->mandatory ? _("Must be filled in.") : _("May stay empty."));
    }
    char *keys = keymap_help();
    str_addf(&s, "%s\n%s", _("Keys"), keys);
    free(keys);
    char *text = str_steal(&s);
    view_text_open(app, _("Help"), text);
    free(text);
}

/* ---- the scanner ---- */

static void entry_scan_begin(struct view *v)
{
    struct view_entry *f = self(v);
    json_free(&f->before_scan);
    f->before_scan = entry_save_values(f->entry);
    f->focus_before_scan = entry_focus(f->entry);
}

static void entry_scan_undo(struct view *v)
{
    struct view_entry *f = self(v);
    if (!f->before_scan)
        return;
    entry_restore(f->entry, json_root(f->before_scan));
    if (f->focus_before_scan < entry_count(f->entry) && entry_focus(f->entry) != f->focus_before_scan)
        entry_set_focus(f->entry, f->focus_before_scan);
    json_free(&f->before_scan);
    ask(f);
}

/* ---- life ---- */

static bool entry_leave_view(struct view *v)
{
    struct view_entry *f = self(v);
    if (v->leaving || f->saving)
        return false;
    if (!entry_dirty(f->entry))
        return true;
    view_entry_park(f);
    return false;
}

static void entry_resume(struct view *v)
{
    view_dirty(v, VIEW_ALL);
}

static void entry_destroy(struct view *v)
{
    struct view_entry *f = self(v);
    view_entry_elsewhere_end(f);
    json_free(&f->before_scan);
    entry_free(&f->entry);
    formdef_free(&f->form);
}

static const enum action entry_keys[] = {ACT_HELP, ACT_CHOOSE, ACT_REPEAT, ACT_PARK,
                                         ACT_SAVE, ACT_CANCEL, ACT_NONE};

static const struct view_ops entry_ops = {
    .name = "entry",
    .size = sizeof(struct view_entry),
    .draw = entry_draw,
    .draw_part = entry_draw_part,
    .cursor = entry_cursor,
    .key = entry_view_key,
    .resume = entry_resume,
    .leave = entry_leave_view,
    .help = entry_help,
    .scan_begin = entry_scan_begin,
    .scan_undo = entry_scan_undo,
    .destroy = entry_destroy,
    .keys = entry_keys,
};

/* The server plans the save while the clerk types. */
static void warm(struct view_entry *f)
{
    const struct entry_arg *args;
    const char *names[DB_MAX_ARGS] = {"request"};
    size_t n = entry_args(f->entry, &args);
    struct err e;
    for (size_t i = 0; i < n && i + 1 < DB_MAX_ARGS; i++)
        names[i + 1] = args[i].name;
    if (f->view.session->db && !db_warm(f->view.session->db, f->form->function, names, n + 1, &e))
        log_line("%s", e.message);
}

void view_entry_restart(struct view_entry *f)
{
    struct app *app = f->view.app;
    struct entry_env env = {
        .today = date_today(),
        .window = *f->view.session->window ? f->view.session->window : NULL,
        .repeat_from = jn_get(app->repeat ? json_root(app->repeat) : NULL, f->form->id),
        .recent = jn_get(app->station ? json_root(app->station) : NULL, f->form->id),
    };
    screen_settle(app); /* it draws out of the layout that goes away here */
    view_entry_elsewhere_end(f);
    json_free(&f->before_scan);
    f->promise_days[0] = f->draft[0] = '\0';
    entry_free(&f->entry);
    f->entry = entry_new(f->form, &env);
    f->layout = (struct entry_layout){.count = 0};
    view_dirty(&f->view, VIEW_ALL);
    ask(f);
    warm(f);
}

static struct view_entry *open_form(struct app *app, const char *id, struct session *session, struct err *e)
{
    struct formdef *form = formdef_load(id, e);
    if (!form)
        return NULL;
    struct view_entry *f = self(view_push(app, &entry_ops, i18n_pick(form->title_zh, form->title_en)));
    f->form = form;
    f->view.session = session;
    if (form->print)
        snprintf(f->view.save_label, sizeof f->view.save_label, "%.31s", f->view.title);
    return f;
}

bool view_entry_open(struct app *app, const char *id, const char *first, struct err *e)
{
    struct view_entry *f = open_form(app, id, &app->clerk, e);
    if (!f)
        return false;
    view_entry_restart(f);
    if (!first || !entry_count(f->entry))
        return true;
    struct json *values = json_new_object();
    jn_set_str(json_edit(values), entry_def(f->entry, 0)->id, first);
    bool ok = entry_preset(f->entry, json_root(values), e);
    json_free(&values);
    if (!ok)
        app_error(app, e);
    ask(f);
    return true;
}

/* What the opener knew is there: the cursor goes to the first field that it left open. */
static void focus_first_empty(struct view_entry *f)
{
    for (size_t i = 0; i < entry_count(f->entry); i++)
        if (entry_focusable(f->entry, i) && !*entry_value(f->entry, i)) {
            entry_set_focus(f->entry, i);
            return;
        }
}

bool view_entry_open_values(struct app *app, const char *id, const struct jnode *values,
                            struct session *session, view_entry_done_fn *done, struct err *e)
{
    struct view_entry *f = open_form(app, id, session, e);
    if (!f)
        return false;
    f->done = done;
    view_entry_restart(f);
    /* What an opener knows is no typing of the clerk's: such a form may be left without being parked. */
    if (!entry_preset(f->entry, values, e)) {
        view_pop(&f->view);
        return false;
    }
    focus_first_empty(f);
    ask(f);
    return true;
}

struct view *view_entry_of_draft(struct app *app, const char *draft)
{
    for (struct view *v = app->top; v; v = v->below)
        if (v->ops == &entry_ops && !strcmp(self(v)->draft, draft))
            return v;
    return NULL;
}

bool view_entry_open_draft(struct app *app, const char *id, const struct jnode *values, const char *draft,
                           struct err *e)
{
    struct view_entry *f = open_form(app, id, &app->clerk, e);
    if (!f)
        return false;
    view_entry_restart(f);
    if (!entry_load_values(f->entry, values, e)) {
        view_pop(&f->view);
        return false;
    }
    snprintf(f->draft, sizeof f->draft, "%s", draft);
    ask(f);
    return true;
}
