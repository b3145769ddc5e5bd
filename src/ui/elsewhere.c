/* Has this applicant a case of this item in another hall? Asked while the clerk types on; what comes back is a word beside
 * the form, never a refusal: the law forbids to turn somebody away for it, and the clerk decides. */
#include "view_entry.h"

#include "app.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 1024
#define WORDS_MAX 512

static const struct jnode *wish(const struct view_entry *f)
{
    return jn_get(json_root(f->form->doc), "elsewhere");
}

static const char *value_of(const struct view_entry *f, const char *id)
{
    for (size_t i = 0; i < entry_count(f->entry); i++)
        if (!strcmp(entry_def(f->entry, i)->id, id))
            return entry_value(f->entry, i);
    return "";
}

/* The values as one text; NULL while one is missing or the cursor still stands in one. */
static char *values_of(const struct view_entry *f)
{
    struct str s;
    size_t at = entry_focus(f->entry);
    const char *focus = at < entry_count(f->entry) ? entry_def(f->entry, at)->id : "";
    bool whole = true;
    str_init(&s, VALUES_MAX);
    for (const struct jnode *a = jn_first(jn_get(wish(f), "args")); a; a = jn_next(a)) {
        const char *value = value_of(f, jn_text(a));
        whole &= *value && strcmp(jn_text(a), focus);
        str_addf(&s, "%s\n", value);
    }
    char *text = str_steal(&s);
    if (whole)
        return text;
    free(text);
    return NULL;
}

/* One sentence about the newest case, and how many there are besides. */
static void tell(struct view_entry *f, const struct jnode *found)
{
    const struct jnode *first = jn_first(found);
    struct str s;
    if (!first)
        return;
    str_init(&s, WORDS_MAX);
    str_addf(&s, "%s %s %s %s %s", jn_label(jn_get(wish(f), "found")), jn_str(first, "division_name", ""),
             jn_str(first, "accepted_on", ""), jn_str(first, "state_zh", ""), jn_str(first, "number", ""));
    if (jn_count(found) > 1)
        str_addf(&s, _(" and %zu more"), jn_count(found) - 1);
    app_say(f->view.app, MESSAGE_WARN, "%s", s.p);
    str_reset(&s);
    /* the message goes with the next key; this stays as long as the values */
    str_init(&s, WORDS_MAX);
    str_addf(&s, "! %s %s %s", jn_str(first, "division_name", ""), jn_str(first, "accepted_on", ""), jn_str(first, "state_zh", ""));
    entry_alert(f->entry, jn_str(wish(f), "beside", ""), s.p);
    view_dirty(&f->view, VIEW_ALL);
    str_reset(&s);
}

static void on_other_hall(struct view *asker, const char *text, const char *problem)
{
    struct err e;
    struct json *doc = text ? json_parse(text, strlen(text), "answer", &e) : NULL;
    (void)problem; /* only a convenience */
    if (doc)
        tell((struct view_entry *)asker, jn_get(json_root(doc), "found"));
    json_free(&doc);
}

static void on_question(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct view_entry *f = owner;
    struct app *app = f->view.app;
    if ((unsigned)tag != f->looked_no)
        return; /* the values have changed since */
    if (e || !db_json(r))
        return; /* only a convenience */
    const struct jnode *n = json_root(db_json(r));
    const char *url = jn_str(n, "url", ""), *question = jn_str(n, "question", "");
    if (jn_count(jn_get(n, "found")))
        tell(f, jn_get(n, "found"));
    else if (*url && *question && app->options->side)
        question_ask(app, &app->form_question, &f->view, url, jn_str(wish(f), "path", ""), question, on_other_hall);
}

void view_entry_elsewhere(struct view_entry *f)
{
    struct call_args a = {.n = 0};
    char *values = wish(f) ? values_of(f) : NULL;
    if (!values || (f->looked_elsewhere && !strcmp(values, f->looked_elsewhere))) {
        free(values);
        return;
    }
    free(f->looked_elsewhere);
    f->looked_elsewhere = values;
    question_end(&f->view.app->form_question, &f->view);
    entry_alert(f->entry, jn_str(wish(f), "beside", ""), "");
    for (const struct jnode *n = jn_first(jn_get(wish(f), "args")); n; n = jn_next(n))
        call_add(&a, jn_key(n), value_of(f, jn_text(n)));
    call_send(f->view.app, f->view.session, f, jn_str(wish(f), "function", ""), &a, CALL_QUIET, on_question,
              (long)++f->looked_no);
}

void view_entry_elsewhere_end(struct view_entry *f)
{
    question_end(&f->view.app->form_question, &f->view);
    free(f->looked_elsewhere);
    f->looked_elsewhere = NULL;
    f->looked_no++;
}
