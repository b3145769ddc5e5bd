/* A key that talks with another hall (the comparison of ledgers). The database leads: each of its steps is a question for
 * the other hall, whose answer makes the next step. The clerk works on meanwhile. */
#include "app.h"
#include "view_list.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static void on_step(void *owner, long tag, const struct db_result *r, const struct err *e);

static void on_other_hall(struct view *asker, const char *text, const char *problem)
{
    struct view_list *l = (struct view_list *)asker;
    struct app *app = asker->app;
    struct call_args a = {.n = 0};
    if (!text) {
        app_say(app, MESSAGE_WARN, "%s", problem);
        return;
    }
    call_add(&a, jn_str(l->talk.key, "param", ""), l->talk.with);
    call_add(&a, "asked", l->talk.asked);
    call_add(&a, "theirs", text);
    call_send(app, l->view.session, l, jn_str(l->talk.key, "then", ""), &a, 0, on_step, l->talk.no);
}

static void ask(struct view_list *l, const struct jnode *step)
{
    struct app *app = l->view.app;
    free(l->talk.asked);
    l->talk.asked = jn_write(jn_get(step, "asked"), false);
    question_ask(app, &app->list_question, &l->view, jn_str(step, "url", ""), jn_str(step, "path", ""),
                 jn_str(step, "question", ""), on_other_hall);
}

static void on_step(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_list *l = owner;
    const struct jnode *step = r && db_json(r) ? json_root(db_json(r)) : NULL;
    if (e || tag != l->talk.no)
        return;
    if (jn_get(step, "question")) {
        ask(l, step);
        return;
    }
    app_say(l->view.app, jn_bool(step, "equal", true) ? MESSAGE_DONE : MESSAGE_WARN, "%s", jn_label(step));
    app_counts(l->view.app);
    view_list_load(l);
}

void view_list_talk(struct view_list *l, const struct jnode *key, const char *value)
{
    struct app *app = l->view.app;
    struct call_args a = {.n = 0};
    if (!app->options->side) {
        app_say(app, MESSAGE_NOTE, "%s", _("This station has no certificate for other halls (GUITAI_TLS_CERT)"));
        return;
    }
    view_list_talk_end(l);
    l->talk.key = key;
    l->talk.with = xstrdup(value);
    app_say(app, MESSAGE_NOTE, "%s …", jn_label(jn_get(key, "label")));
    call_add(&a, jn_str(key, "param", ""), value);
    call_send(app, l->view.session, l, jn_str(key, "call", ""), &a, 0, on_step, l->talk.no);
}

void view_list_talk_end(struct view_list *l)
{
    question_end(&l->view.app->list_question, &l->view);
    free(l->talk.with);
    free(l->talk.asked);
    l->talk.with = l->talk.asked = NULL;
    l->talk.no++;
}
