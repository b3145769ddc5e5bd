#include "case_page.h"

#include "printing.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 4096

static void push(struct case_page *p, enum style style, bool rule, const char *text)
{
    if (p->count == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 64;
        p->line = xrealloc(p->line, p->cap, sizeof *p->line);
    }
    p->line[p->count++] = (struct case_line){style, xstrdup(text), rule};
}

void case_page_reset(struct case_page *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->line[i].text);
    free(p->line);
    memset(p, 0, sizeof *p);
}

struct builder {
    struct case_page *page;
    int columns;
};

/* A line, wrapped with `indent` blanks before what follows. */
static void add(struct builder *b, enum style style, int indent, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void add(struct builder *b, enum style style, int indent, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
    size_t at = 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    for (bool first = true; first || text[at]; first = false) {
        size_t start = at, n = draw_wrap(text, &at, b->columns - (first ? 0 : indent));
        snprintf(line, sizeof line, "%*s%.*s", first ? 0 : indent, "", (int)n, text + start);
        push(b->page, style, false, line);
    }
}

static void section(struct builder *b, const char *title, const char *right)
{
    char text[256];
    snprintf(text, sizeof text, "%s\t%s", title, right);
    push(b->page, STYLE_RULE, true, text);
}

/* Blanks that bring `text` to `cells`. */
static const char *padded(const char *text, int cells, char *out, size_t size)
{
    int used, have = utf8_cells(text);
    size_t n = utf8_fit(text, cells, &used);
    snprintf(out, size, "%.*s%*s", (int)n, text, have > cells ? cells - used : cells - have, "");
    return out;
}

static const char *text_of(const struct jnode *n, const char *zh, const char *en)
{
    return i18n_pick(jn_str(n, zh, ""), jn_str(n, en, ""));
}

static const char *with_weekday(const char *iso, char *out, size_t size)
{
    struct date d;
    if (date_parse_iso(iso, &d))
        snprintf(out, size, "%s %s", iso, date_weekday_name(d));
    else
        snprintf(out, size, "%s", iso);
    return out;
}

/* ---- sections ---- */

static void add_head(struct builder *b, const struct jnode *root)
{
    const struct jnode *c = jn_get(root, "case");
    add(b, STYLE_TITLE, 8, _("Case    %s   query code %s   %s   %s"), jn_str(c, "number", ""),
        jn_str(c, "query_code", ""), text_of(c, "state_zh", "state_en"),
        text_of(c, "class_zh", "class_en"));
    add(b, STYLE_PLAIN, 8, _("Item    %s %s   %s"), jn_str(c, "item", ""), jn_str(c, "item_name", ""),
        jn_str(c, "department_name", ""));
    add(b, STYLE_PLAIN, 8, _("From    %s   %s   %s"), jn_str(c, "name", ""), jn_str(c, "id_number", ""),
        jn_str(c, "phone", ""));
    if (*jn_str(c, "address", ""))
        add(b, STYLE_PLAIN, 8, _("Address %s"), jn_str(c, "address", ""));
    if (*jn_str(c, "agent_name", ""))
        add(b, STYLE_PLAIN, 8, _("Agent   %s   %s"), jn_str(c, "agent_name", ""),
            jn_str(c, "agent_id_number", ""));
    if (*jn_str(c, "origin", ""))
        add(b, STYLE_PLAIN, 8, _("Taken   %s  in %s"), jn_str(c, "accepted_at", ""), jn_str(c, "origin", ""));
    else
        add(b, STYLE_PLAIN, 8, _("Taken   %s  window %s  %s"), jn_str(c, "accepted_at", ""), jn_str(c, "window", ""),
            jn_str(c, "accepted_by", ""));
    if (*jn_str(c, "note", ""))
        add(b, STYLE_PLAIN, 8, _("Note    %s"), jn_str(c, "note", ""));
}

/* How the case stands to its two limits: past the promise is not yet past the law (LIM-02). */
static void tell_limits(const struct jnode *due, char *out, size_t size)
{
    const char *breach = jn_str(due, "breach", "");
    bool by_law = !strcmp(breach, "law"), open = jn_is_number(jn_get(due, "days_left"));
    long long left = jn_int(due, "days_left", 0), statute_left = jn_int(due, "statute_left", 0);
    if (open && by_law)
        snprintf(out, size, _("! past the law by %lld days"), -statute_left);
    else if (open && *breach)
        snprintf(out, size, _("! past the promise by %lld days, %lld left by law"), -left, statute_left);
    else if (open)
        snprintf(out, size, _("%lld days left"), left);
    else
        snprintf(out, size, "%s", by_law    ? _("! decided past the law")
                                  : *breach ? _("! decided past the promise, inside the law")
                                            : "");
}

static void add_due(struct builder *b, const struct jnode *root)
{
    const struct jnode *due = jn_get(root, "due");
    char promise[48], statute[48], limits[160];
    const char *colour = jn_str(due, "colour", "");
    bool red = !strcmp(colour, "red"), yellow = !strcmp(colour, "yellow");
    tell_limits(due, limits, sizeof limits);
    add(b,
        red      ? STYLE_RED
        : yellow ? STYLE_YELLOW
                 : STYLE_PLAIN,
        8, _("Due     promise %lld days %s%s   statute %lld days %s   %s%s"), jn_int(due, "promise_days", 0),
        with_weekday(jn_str(due, "promise_due", ""), promise, sizeof promise),
        jn_bool(due, "provisional", false) ? _(" (provisional)") : "", jn_int(due, "statute_days", 0),
        with_weekday(jn_str(due, "statute_due", ""), statute, sizeof statute), yellow ? "* " : "", limits);
}

static const struct jnode *field_of(const struct jnode *fields, const char *id)
{
    const struct jnode *f = jn_first(fields);
    while (f && strcmp(jn_str(f, "id", ""), id))
        f = jn_next(f);
    return f;
}

/* A value of the item's own fields as a person reads it: a code as what it stands for. */
static const char *shown_value(const struct jnode *field, const struct jnode *value, char *out, size_t size)
{
    jn_scalar(value, out, size);
    for (const struct jnode *c = jn_first(jn_get(field, "choices")); c; c = jn_next(c))
        if (!strcmp(jn_str(c, "code", ""), out))
            snprintf(out, size, "%s", text_of(c, "zh", "en"));
    return out;
}

static void add_extra(struct builder *b, const struct jnode *root)
{
    char value[1024];
    for (const struct jnode *x = jn_first(jn_path(root, "case.extra")); x; x = jn_next(x)) {
        const struct jnode *field = field_of(jn_get(root, "fields"), jn_key(x));
        const char *label = field ? jn_label(jn_get(field, "label")) : jn_key(x);
        add(b, STYLE_PLAIN, 8, "%s%*s %s", label, utf8_cells(label) < 7 ? 7 - utf8_cells(label) : 1, "",
            shown_value(field, x, value, sizeof value));
    }
}

static void add_materials(struct builder *b, const struct jnode *root)
{
    const struct jnode *list = jn_get(root, "materials");
    size_t n = jn_count(list), have = 0, columns = b->columns >= 76 && n > 2 ? 2 : 1;
    size_t lines = (n + columns - 1) / columns;
    char right[32], cell[512], name[512];
    int width = b->columns / (int)columns;
    for (size_t i = 0; i < n; i++)
        have += strcmp(jn_str(jn_at(list, i), "state", ""), "missing") != 0;
    snprintf(right, sizeof right, "%zu / %zu", have, n);
    section(b, _("Materials"), right);
    for (size_t row = 0; row < lines; row++) {
        char line[LINE_MAX_BYTES] = "";
        for (size_t col = 0; col < columns && row + col * lines < n; col++) {
            const struct jnode *m = jn_at(list, row + col * lines);
            bool missing = !strcmp(jn_str(m, "state", ""), "missing");
            snprintf(cell, sizeof cell, "[%s] %lld %s", missing ? " " : "x", jn_int(m, "no", 0),
                     jn_str(m, "name", ""));
            padded(cell, width - 10, name, sizeof name);
            size_t len = strlen(line);
            snprintf(line + len, sizeof line - len, "%s %s", name,
                     padded(text_of(m, "state_zh", "state_en"), 8, cell, sizeof cell));
        }
        push(b->page, STYLE_PLAIN, false, line);
    }
}

/* The six dated steps (WIN-03), also those not done yet. */
static void add_stages(struct builder *b, const struct jnode *root)
{
    char name[64], person[64];
    section(b, _("Steps"), "");
    for (const struct jnode *s = jn_first(jn_get(root, "stages")); s; s = jn_next(s)) {
        const char *at = jn_str(s, "at", jn_str(s, "on", ""));
        bool done = *at != '\0';
        add(b, done ? STYLE_PLAIN : STYLE_DIM, 4, "%s %s  %s %s  %s", done ? "✓" : "·",
            padded(text_of(s, "zh", "en"), 8, name, sizeof name),
            padded(jn_str(s, "person", ""), 10, person, sizeof person), done ? at : "—",
            jn_str(s, "place", jn_str(s, "window", "")));
    }
}

/* Where a message stands, in a sentence. */
static const char *leg_state(const struct jnode *leg, char *out, size_t size)
{
    const char *state = jn_str(leg, "state", ""), *answer = jn_str(leg, "last_answer", "");
    if (!strcmp(state, "waiting") && !*answer)
        snprintf(out, size, "%s", _("waits to be sent"));
    else if (!strcmp(state, "waiting"))
        snprintf(out, size, _("waits: %s; next try %s"), *jn_str(leg, "problem", "") ? jn_str(leg, "problem", "") : answer,
                 jn_str(leg, "next_try", ""));
    else if (!strcmp(state, "taken"))
        snprintf(out, size, "%s", _("taken"));
    else if (!strcmp(state, "refused"))
        snprintf(out, size, _("refused: %s"), text_of(jn_get(leg, "more"), "zh", "en"));
    else if (!strcmp(state, "recalled") || !strcmp(state, "withdrawn"))
        snprintf(out, size, "%s", _("taken back"));
    else
        snprintf(out, size, "%s", _("too late, it had been taken"));
    return out;
}

static void add_asked(struct builder *b, const struct jnode *leg, int indent)
{
    for (const struct jnode *m = jn_first(jn_get(leg, "asked")); m; m = jn_next(m))
        add(b, STYLE_YELLOW, indent + 2, "%*s%s%lld %s", indent, "", _("to be added: "), jn_int(m, "no", 0), jn_str(m, "name", ""));
}

/* What the clerk must know before he reads on: the last message waits, was refused, or brought the case back. */
static void add_last_leg(struct builder *b, const struct jnode *root)
{
    const struct jnode *last = NULL;
    char words[512];
    for (const struct jnode *l = jn_first(jn_get(root, "handoff")); l; l = jn_next(l))
        last = l;
    const char *state = jn_str(last, "state", ""), *reason = jn_str(last, "reason", "");
    if (!strcmp(state, "waiting") || !strcmp(state, "refused"))
        add(b, STYLE_YELLOW, 8, _("Travels %s %s  %s"), text_of(last, "kind_zh", "kind_en"), jn_str(last, "peer", ""),
            leg_state(last, words, sizeof words));
    if (*reason)
        add(b, STYLE_YELLOW, 8, _("Back    %s: “%s”"), jn_str(last, "peer", ""), reason);
    add_asked(b, last, 8);
}

/* Every message about the case, with the other hall's clock beside our own. */
static void add_handoff(struct builder *b, const struct jnode *root)
{
    const struct jnode *legs = jn_get(root, "handoff");
    char words[512];
    if (!jn_count(legs))
        return;
    section(b, _("Hand-off"), "");
    for (const struct jnode *l = jn_first(legs); l; l = jn_next(l)) {
        bool out = !strcmp(jn_str(l, "way", ""), "sent"), waits = !strcmp(jn_str(l, "state", ""), "waiting");
        const char *due = jn_str(jn_get(l, "more"), "promise_due", "");
        add(b, waits ? STYLE_YELLOW : STYLE_PLAIN, 4, "%s %s %s  %.16s  %s", out ? "→" : "←",
            text_of(l, "kind_zh", "kind_en"), jn_str(l, "peer", ""), jn_str(l, "at", ""), leg_state(l, words, sizeof words));
        if (out && *due)
            add(b, STYLE_PLAIN, 4, _("    there: %s, due %s"), jn_str(jn_get(l, "more"), "department_name", ""), due);
        if (*jn_str(l, "reason", ""))
            add(b, STYLE_NOTE, 5, _("     “%s”"), jn_str(l, "reason", ""));
        add_asked(b, l, 5);
    }
}

/* What came with a case from another hall: its opinion, its window and its clock. The materials stand in the list. */
static void add_package(struct builder *b, const struct jnode *root)
{
    const struct jnode *p = jn_get(root, "package");
    if (!jn_count(p))
        return;
    section(b, _("Package"), jn_str(p, "origin", ""));
    add(b, STYLE_PLAIN, 4, _("Taken there %.16s at window %s, due there %s"), jn_str(p, "accepted_at", ""),
        jn_str(p, "window", "—"), jn_str(p, "promise_due", "—"));
    if (*jn_str(p, "opinion", ""))
        add(b, STYLE_NOTE, 5, _("     %s: “%s”"), jn_str(p, "reviewer", ""), jn_str(p, "opinion", ""));
    for (const struct jnode *v = jn_first(jn_get(p, "events")); v; v = jn_next(v))
        add(b, STYLE_DIM, 7, "  %2lld %.16s %s %s", jn_int(v, "seq", 0), jn_str(v, "at", ""), jn_str(v, "zh", ""),
            jn_str(v, "staff", ""));
}

static void add_events(struct builder *b, const struct jnode *root)
{
    const struct jnode *chain = jn_get(root, "chain");
    char right[96], action[64], who[96];
    if (jn_bool(chain, "ok", false))
        snprintf(right, sizeof right, _("chain whole, %lld entries"), jn_int(chain, "events", 0));
    else
        snprintf(right, sizeof right, _("! chain broken at entry %lld"), jn_int(chain, "broken_at", 0));
    section(b, _("What happened"), right);
    for (const struct jnode *v = jn_first(jn_get(root, "events")); v; v = jn_next(v)) {
        snprintf(who, sizeof who, "%s %s", jn_str(v, "staff_name", ""), text_of(v, "duty_zh", "duty_en"));
        add(b, STYLE_PLAIN, 4, "%2lld %.16s %s %s %s %s", jn_int(v, "seq", 0), jn_str(v, "at", ""),
            padded(text_of(v, "zh", "en"), i18n_english() ? 18 : 12, action, sizeof action), who,
            jn_str(v, "window", ""), jn_str(v, "place", ""));
        if (*jn_str(v, "opinion", ""))
            add(b, STYLE_NOTE, 5, _("     “%s”"), jn_str(v, "opinion", ""));
    }
}

static const char *paper_state(const char *state)
{
    if (!strcmp(state, "sent"))
        return _("printed");
    return !strcmp(state, "failed") ? _("failed") : _("waiting");
}

static void add_papers(struct builder *b, const struct jnode *root)
{
    const struct jnode *list = jn_get(root, "papers");
    char title[96], name[128];
    if (!jn_count(list))
        return;
    section(b, _("Papers"), "");
    for (const struct jnode *p = jn_first(list); p; p = jn_next(p))
        add(b, STYLE_PLAIN, 4, _("%s copy %lld  %s  %s"),
            padded(printing_title(jn_str(p, "document", ""), title, sizeof title), 24, name, sizeof name),
            jn_int(p, "copy_no", 1), paper_state(jn_str(p, "state", "")),
            jn_str(p, "sent_at", jn_str(p, "at", "")));
}

void case_page_make(struct case_page *p, const struct jnode *answer, int columns)
{
    struct builder b = {p, columns};
    case_page_reset(p);
    add_head(&b, answer);
    add_due(&b, answer);
    add_last_leg(&b, answer);
    add_extra(&b, answer);
    add_materials(&b, answer);
    add_package(&b, answer);
    add_handoff(&b, answer);
    add_stages(&b, answer);
    add_events(&b, answer);
    add_papers(&b, answer);
}
