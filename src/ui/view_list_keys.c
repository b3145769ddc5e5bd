/* What the keys of a list do with the chosen row, as forms/lists says. */
#include "app.h"
#include "view_list.h"
#include "views.h"

#include "guitai/base/i18n.h"

#include <stdio.h>
#include <string.h>

static void act_on_row(struct view_list *l, const char *action)
{
    char summary[256];
    snprintf(summary, sizeof summary, "%s  %s", list_rows_get(&l->rows, l->at, "item_name"),
             list_rows_get(&l->rows, l->at, "applicant_name"));
    view_act_open(l->view.app, l->view.session, list_rows_get(&l->rows, l->at, "number"), action, summary);
}

static void on_called(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_list *l = owner;
    const struct jnode *key = jn_at(jn_get(json_root(l->def.doc), "keys"), (size_t)tag);
    (void)r;
    if (e)
        return;
    app_say(l->view.app, MESSAGE_DONE, "%s", jn_label(jn_get(key, jn_get(key, "done") ? "done" : "label")));
    app_counts(l->view.app);
    view_list_load(l);
}

/* The chosen row goes to a function of the database, and the list is read anew. */
static void call_with_row(struct view_list *l, const struct jnode *key, const char *value)
{
    struct call_args a = {.n = 0};
    const struct jnode *keys = jn_get(json_root(l->def.doc), "keys");
    long at = 0;
    while (jn_at(keys, (size_t)at) != key)
        at++;
    call_add_request(&a);
    if (*jn_str(key, "param", ""))
        call_add(&a, jn_str(key, "param", ""), value);
    call_send(l->view.app, l->view.session, l, jn_str(key, "call", ""), &a, CALL_HOLD, on_called, at);
}

enum view_dirt view_list_press(struct view_list *l, const struct jnode *key)
{
    struct app *app = l->view.app;
    const char *column = jn_str(key, "arg", NULL), *act = jn_str(key, "act", NULL);
    char arg[256] = "";
    if ((column || act) && l->at >= l->rows.count) {
        app_say(app, MESSAGE_NOTE, _("No line is chosen"));
        return VIEW_CLEAN;
    }
    snprintf(arg, sizeof arg, "%s", column ? list_rows_get(&l->rows, l->at, column) : "");
    if (act)
        act_on_row(l, act);
    else if (jn_get(key, "then"))
        view_list_talk(l, key, arg);
    else if (jn_get(key, "call"))
        call_with_row(l, key, arg);
    else if (!strcmp(jn_str(key, "open", ""), "print") && *list_rows_get(&l->rows, l->at, "document"))
        view_print_document(app, l->view.session, arg, list_rows_get(&l->rows, l->at, "document"));
    else
        app_open(app, jn_str(key, "open", ""), *arg ? arg : NULL);
    return VIEW_CLEAN;
}
