/* What becomes of a filled form: saved, parked, taken up again. */
#include "app.h"
#include "view_entry.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/uuid.h"
#include "guitai/db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- saving ---- */

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (const char *p = text ? text : "\1"; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    return (h ^ 0xFF) * 1099511628211u;
}

/* A repeated save of the same values keeps its id, so that it cannot count twice; changed values get a new
 * one. */
static void choose_request(struct view_entry *f, const struct entry_arg *args, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = hash_text(hash_text(h, args[i].name), args[i].value);
    if (!*f->request || h != f->request_digest)
        uuid_new(f->request);
    f->request_digest = h;
}

/* "Accepted {number}" from the answer. */
static void fill_template(const char *template, const struct jnode *answer, char *out, size_t size)
{
    struct str s;
    str_init(&s, size - 1);
    for (const char *p = template; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        char key[64], value[256];
        if (!end || (size_t)(end - p) > sizeof key) {
            str_add_char(&s, *p);
            continue;
        }
        snprintf(key, sizeof key, "%.*s", (int)(end - p - 1), p + 1);
        str_add(&s, jn_scalar(jn_path(answer, key), value, sizeof value));
        p = end;
    }
    snprintf(out, size, "%s", s.p ? s.p : "");
    str_reset(&s);
}

static void remember_values(struct view_entry *f)
{
    struct app *app = f->view.app;
    struct json *values = entry_save_values(f->entry);
    if (!app->repeat)
        app->repeat = json_new_object();
    jn_set_copy(json_edit(app->repeat), f->form->id, json_root(values));
    json_free(&values);
    bool any = false;
    for (size_t i = 0; i < entry_count(f->entry); i++)
        if (entry_def(f->entry, i)->recent && *entry_value(f->entry, i)) {
            app_remember(app, f->form->id, entry_def(f->entry, i)->id, entry_value(f->entry, i));
            any = true;
        }
    if (any)
        app_station_save(app);
}

/* What was parked has become what is saved now. */
static void end_draft(struct view_entry *f)
{
    struct call_args a = {.n = 0};
    if (!*f->draft)
        return;
    call_add_request(&a);
    call_add(&a, "id", f->draft);
    call_send(f->view.app, &f->view.app->clerk, f->view.app, "draft__used", &a, CALL_QUIET, NULL, 0);
    f->draft[0] = '\0';
}

static void saved(struct view_entry *f, const struct jnode *answer)
{
    struct app *app = f->view.app;
    struct session *session = f->view.session;
    view_entry_done_fn *done = f->done;
    bool again = f->form->again;
    char text[512];

    f->request[0] = '\0';
    remember_values(f);
    end_draft(f);
    fill_template(jn_label(jn_get(json_root(f->form->doc), "done")), answer, text, sizeof text);
    app_say(app, MESSAGE_DONE, "%s", text);
    if (f->form->print)
        printing_answer(app, answer);
    if (again)
        view_entry_restart(f);
    else
        view_pop(&f->view);
    if (done)
        done(app, session, answer);
    else
        view_next_open(app, session, answer);
}

static void on_saved(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_entry *f = owner;
    (void)tag;
    f->saving = false;
    if (!e) {
        /* The answer dies with the result; what follows may open views and close this one. */
        struct json *answer = db_json(r) ? json_clone(json_root(db_json(r))) : json_new_object();
        saved(f, json_root(answer));
        json_free(&answer);
        return;
    }
    if (e->kind == ERR_RULE || e->kind == ERR_DENIED)
        f->request[0] = '\0'; /* refused for good: a corrected form is another request */
    entry_refuse(f->entry, e);
    app_error(f->view.app, e);
    view_dirty(&f->view, VIEW_ALL);
}

void view_entry_save(struct view_entry *f)
{
    const struct entry_arg *args;
    struct call_args a = {.n = 0};
    size_t n = entry_args(f->entry, &args);
    choose_request(f, args, n);
    call_add(&a, "request", f->request);
    for (size_t i = 0; i < n; i++)
        call_add(&a, args[i].name, args[i].value);
    f->saving = true;
    f->view.app->message_dirty = true;
    call_send(f->view.app, f->view.session, f, f->form->function, &a, CALL_HOLD | CALL_QUIET, on_saved, 0);
}

/* ---- parking ---- */

/* One line that ends with a whole character: the database takes no half of one. */
static void end_title(char *text)
{
    size_t n = strlen(text);
    while (n && !utf8_valid(text, n))
        text[--n] = '\0';
    for (char *p = text; *p; p++)
        if (*p == '\n')
            *p = ' ';
}

static void draft_title(const struct view_entry *f, char *out, size_t size)
{
    size_t used = 0, words = 0;
    out[0] = '\0';
    for (size_t i = 0; i < entry_count(f->entry) && words < 3; i++) {
        enum field_kind kind = entry_kind(f->entry, i);
        const char *shown = entry_shown(f->entry, i);
        if (!*shown || entry_def(f->entry, i)->initial || kind == FIELD_CHECKLIST || kind == FIELD_READONLY
            || kind == FIELD_CITIZEN)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%s", words++ ? " " : "", shown);
        if (used >= size - 1)
            return;
    }
}

static void on_parked(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_entry *f = owner;
    struct app *app = f->view.app;
    (void)tag;
    (void)r;
    f->view.leaving = false;
    if (e && *f->draft && !strcmp(e->code, "GT080")) { /* saved at another station meanwhile: this is one of its own */
        f->draft[0] = '\0';
        view_entry_park(f);
        return;
    }
    if (e) {
        app->leave_chain = false; /* it stays on the screen: nothing typed is lost */
        return;
    }
    app_say(app, MESSAGE_DONE, _("Parked: \"%s\" waits among the parked forms"),
            f->form->title_zh ? f->view.title : "");
    view_pop(&f->view);
}

void view_entry_park(struct view_entry *f)
{
    struct call_args a = {.n = 0};
    char title[192];
    struct json *values = entry_save_values(f->entry);
    char *text = json_text(values, false);
    draft_title(f, title, sizeof title);
    end_title(title);
    call_add_request(&a);
    call_add(&a, "id", *f->draft ? f->draft : NULL);
    call_add(&a, "form", f->form->id);
    call_add(&a, "title", *title ? title : f->view.title);
    call_add(&a, "values", text);
    f->view.leaving = true;
    call_send(f->view.app, f->view.session, f, "draft__save", &a, CALL_HOLD, on_parked, 0);
    free(text);
    json_free(&values);
}

/* ---- taking up again ---- */

static void on_draft(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct err bad;
    char draft[24];
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *answer = json_root(db_json(r));
    jn_scalar(jn_get(answer, "id"), draft, sizeof draft);
    if (!view_entry_open_draft(app, jn_str(answer, "form", ""), jn_get(answer, "values"), draft, &bad))
        app_error(app, &bad);
}

void view_entry_take_draft(struct app *app, const char *draft)
{
    struct call_args a = {.n = 0};
    struct view *open = view_entry_of_draft(app, draft);
    if (open) { /* two of one would write over each other */
        view_leave_to(app, open);
        return;
    }
    call_add(&a, "id", draft);
    call_send(app, &app->clerk, app, "draft__show", &a, CALL_HOLD, on_draft, 0);
}
