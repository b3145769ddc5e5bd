/* Acts on a case: the opinion form, what may follow, and the way back from the second person to the clerk. */
#include "app.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/entry/formdef.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the form ---- */

static void acted(struct app *app, struct session *session, const struct jnode *answer)
{
    const char *number = jn_str(answer, "number", "");
    bool sitting = *app->sitting && !strcmp(app->sitting, number);
    app_counts(app);
    if (session == &app->guest) {
        app->sitting[0] = '\0';
        return; /* one act only: he is signed out with his last view */
    }
    if (jn_count(jn_get(answer, "next")))
        view_next_open(app, session, answer);
    else if (sitting)
        view_guest_open(app, number);
}

void view_act_open(struct app *app, struct session *session, const char *number, const char *action,
                   const char *summary)
{
    struct err e;
    struct json *values = json_new_object();
    struct jnode *n = json_edit(values);
    jn_set_str(n, "number", number);
    jn_set_str(n, "action", action);
    jn_set_str(n, "summary", summary);
    err_reset(&e);
    const char *form = formdef_exists(action) ? action : "act";
    if (!view_entry_open_values(app, form, json_root(values), session, acted, &e))
        app_error(app, &e);
    json_free(&values);
}

/* ---- what may follow ---- */

static char free_key(const struct choose_item *items, size_t n)
{
    for (char c = '1'; c <= '9'; c++) {
        size_t i = 0;
        while (i < n && items[i].key != c)
            i++;
        if (i == n)
            return c;
    }
    return '-';
}

static void choose_action(struct app *app, struct session *session, const char *subject, const char *code)
{
    view_act_open(app, session, subject, code, app->summary);
}

static size_t list_actions(const struct jnode *actions, struct choose_item *items, bool *any)
{
    size_t n = 0;
    *any = false;
    for (const struct jnode *a = jn_first(actions); a && n < CHOOSE_MAX; a = jn_next(a)) {
        const char *label = i18n_pick(jn_str(a, "zh", ""), jn_str(a, "en", ""));
        bool allowed = jn_bool(a, "allowed", true);
        struct choose_item *item = &items[n];
        item->key = allowed ? free_key(items, n) : ' ';
        item->dim = !allowed;
        *any |= allowed;
        if (allowed)
            snprintf(item->label, sizeof item->label, "%s", label);
        else
            snprintf(item->label, sizeof item->label, "%s – %s", label,
                     i18n_pick(jn_str(a, "why_zh", ""), jn_str(a, "why_en", "")));
        snprintf(item->code, sizeof item->code, "%s", jn_str(a, "action", ""));
        n++;
    }
    return n;
}

bool view_next_choose(struct app *app, struct session *session, const char *number,
                      const struct jnode *actions, const char *summary)
{
    struct choose_item items[CHOOSE_MAX];
    char text[512];
    bool any;
    size_t n = list_actions(actions, items, &any);
    if (!any) {
        struct err e;
        err_set(&e, ERR_RULE, _("%s may not act on this case now: %s"), session_name(session),
                n ? items[0].label : _("its state allows nothing"));
        app_error(app, &e);
        return false;
    }
    snprintf(app->summary, sizeof app->summary, "%s", summary);
    snprintf(text, sizeof text, "%s\n%s", number, summary);
    view_choose_open(app, session, _("What next?"), text, items, n, number, choose_action);
    return true;
}

/* Item and applicant out of a paper's data. */
static void summarise(const struct jnode *data, char *out, size_t size)
{
    snprintf(out, size, "%s  %s", jn_str(data, "item_name", jn_str(data, "item", "")),
             jn_str(data, "applicant_name", jn_str(data, "applicant", "")));
}

static void describe(const struct jnode *answer, struct str *s)
{
    char summary[256];
    const char *code = jn_str(answer, "query_code", ""), *due = jn_str(answer, "promise_due", "");
    str_addf(s, "%s  %s\n", jn_str(answer, "number", ""),
             i18n_pick(jn_str(answer, "state_zh", ""), jn_str(answer, "state_en", "")));
    summarise(jn_get(answer, "data"), summary, sizeof summary);
    str_addf(s, "%s\n", summary);
    if (*code)
        str_addf(s, _("Query code %s\n"), code);
    if (*due)
        str_addf(s, _("Due %s%s\n"), due,
                 jn_bool(answer, "due_provisional", false) ? _(" (provisional)") : "");
    str_addf(s, "\n%s\n", _("Enter: on with the next customer"));
}

void view_next_open(struct app *app, struct session *session, const struct jnode *answer)
{
    struct choose_item items[CHOOSE_MAX];
    bool any;
    size_t n = list_actions(jn_get(answer, "next"), items, &any);
    struct str s;
    app_counts(app);
    if (!any)
        return;
    str_init(&s, 4096);
    describe(answer, &s);
    summarise(jn_get(answer, "data"), app->summary, sizeof app->summary);
    snprintf(app->sitting, sizeof app->sitting, "%s", jn_str(answer, "number", ""));
    char *text = str_steal(&s);
    view_choose_open(app, session, _("What next?"), text, items, n, app->sitting, choose_action);
    free(text);
}
