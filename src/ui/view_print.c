/* Papers printed again, and papers that never came out: which copy it is, the ledger says. */
#include "app.h"
#include "views.h"

#include "guitai/base/i18n.h"

#include <stdio.h>
#include <string.h>

static void on_issued(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *answer = json_root(db_json(r)), *paper = jn_get(answer, "paper");
    char title[96], mark[64] = "";
    long long copy = jn_int(paper, "copy_no", 1);
    if (copy > 1)
        snprintf(mark, sizeof mark, _("reprint %lld"), copy - 1);
    app_say(app, MESSAGE_DONE, _("To the printer: %s %s"),
            printing_title(jn_str(paper, "document", ""), title, sizeof title), mark);
    printing_answer(app, answer);
}

void view_print_document(struct app *app, struct session *session, const char *number, const char *document)
{
    struct call_args a = {.n = 0};
    call_add_request(&a);
    call_add(&a, "number", number);
    call_add(&a, "document", document);
    call_send(app, session, app, "paper__issue", &a, CALL_HOLD, on_issued, 0);
}

static long long copies_of(const struct jnode *papers, const char *document)
{
    long long copies = 0;
    for (const struct jnode *p = jn_first(papers); p; p = jn_next(p))
        copies += !strcmp(jn_str(p, "document", ""), document) && !strcmp(jn_str(p, "state", ""), "sent");
    return copies;
}

static void on_printable(void *owner, long tag, const struct db_result *r, const struct err *e)
{
    struct app *app = owner;
    struct choose_item items[CHOOSE_MAX];
    char title[96];
    size_t n = 0;
    (void)tag;
    if (e || !db_json(r))
        return;
    const struct jnode *root = json_root(db_json(r));
    for (const struct jnode *d = jn_first(jn_get(root, "documents")); d && n < 9; d = jn_next(d), n++) {
        const char *document = jn_text(d) ? jn_text(d) : "";
        long long copies = copies_of(jn_get(root, "papers"), document);
        printing_title(document, title, sizeof title);
        items[n] = (struct choose_item){.key = (char)('1' + n)};
        snprintf(items[n].code, sizeof items[n].code, "%s", document);
        snprintf(items[n].label, sizeof items[n].label, copies ? _("%s (printed %lld times)") : "%s", title,
                 copies);
    }
    const char *number = jn_str(jn_get(root, "case"), "number", "");
    view_choose_open(app, &app->clerk, _("Print again (every copy is numbered)"), number, items, n, number,
                     view_print_document);
}

void view_print_open(struct app *app, struct session *session, const char *number)
{
    struct call_args a = {.n = 0};
    call_add(&a, "number", number);
    call_send(app, session, app, "case__show", &a, CALL_HOLD, on_printable, 0);
}
