#include "checklist.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define MISSING ""
#define NAMES_MAX 400

/* The form of a material that is wanted, and the state of one that was handed in so. */
static const struct {
    char key;
    const char *form, *state;
} marks[] = {
    { 'o', "original", "original" },
    { 'c', "copy", "copy" },
    { 'v', "check", "checked" },
    { 'e', "electronic", "electronic" },
};
#define MARK_COUNT (sizeof marks / sizeof *marks)

void checklist_reset(struct checklist *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->rows[i].name);
    free(c->rows);
    *c = (struct checklist){ 0 };
}

static const char *known_form(const char *form)
{
    for (size_t i = 0; i < MARK_COUNT; i++)
        if (strcmp(marks[i].form, form) == 0)
            return marks[i].form;
    return marks[0].form;
}

static const char *known_state(const char *state)
{
    if (!*state || strcmp(state, "missing") == 0)
        return MISSING;
    for (size_t i = 0; i < MARK_COUNT; i++)
        if (strcmp(marks[i].state, state) == 0)
            return marks[i].state;
    return NULL;
}

static const char *wanted_state(const struct check_row *row)
{
    for (size_t i = 0; i < MARK_COUNT; i++)
        if (strcmp(marks[i].form, row->form) == 0)
            return marks[i].state;
    return marks[0].state;
}

static struct check_row *row_by_no(const struct checklist *c, int no)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].no == no)
            return &c->rows[i];
    return NULL;
}

void checklist_fill(struct checklist *c, const struct jnode *materials, bool keep)
{
    struct checklist next = { .rows = xcalloc(jn_count(materials) + 1, sizeof *next.rows) };
    for (const struct jnode *m = jn_first(materials); m && next.count < CHECKLIST_MAX_ROWS; m = jn_next(m)) {
        int no = (int)jn_int(m, "no", (long long)next.count + 1);
        const struct check_row *old = keep ? row_by_no(c, no) : NULL;
        int copies = (int)jn_int(m, "copies", 1); /* 0: none came so far */
        next.rows[next.count++] = (struct check_row){
            .no = no,
            .name = xstrdup(jn_str(m, "name", "")),
            .form = known_form(jn_str(m, "form", "original")),
            .state = old ? old->state : MISSING,
            .mandatory = jn_bool(m, "mandatory", true),
            .copies = old ? old->copies : copies > 0 ? copies : 1,
        };
    }
    next.cursor = keep && c->cursor < next.count ? c->cursor : 0;
    checklist_reset(c);
    *c = next;
}

bool checklist_move(struct checklist *c, int step)
{
    c->typed = 0;
    if ((step < 0 && c->cursor == 0) || (step > 0 && c->cursor + 1 >= c->count))
        return false;
    c->cursor = step < 0 ? c->cursor - 1 : c->cursor + 1;
    return true;
}

/* "12" goes by row 1 to row 12 when there is one; else 2 is a new number. */
static enum checklist_effect jump(struct checklist *c, int digit)
{
    int longer = c->typed * 10 + digit;
    struct check_row *row = row_by_no(c, longer);
    c->typed = longer;
    if (!row) {
        row = row_by_no(c, digit);
        c->typed = digit;
    }
    if (!row) {
        c->typed = 0;
        return CHECKLIST_REFUSED;
    }
    c->cursor = (size_t)(row - c->rows);
    return CHECKLIST_MOVED;
}

static enum checklist_effect mark_all(struct checklist *c)
{
    enum checklist_effect effect = CHECKLIST_NOTHING;
    for (size_t i = 0; i < c->count; i++)
        if (!*c->rows[i].state) {
            c->rows[i].state = wanted_state(&c->rows[i]);
            effect = CHECKLIST_CHANGED;
        }
    return effect;
}

/* Sets the row and goes on to the next, so that a stack of paper is one key a sheet. */
static enum checklist_effect mark(struct checklist *c, const char *state)
{
    c->rows[c->cursor].state = state;
    checklist_move(c, +1);
    return CHECKLIST_CHANGED;
}

static enum checklist_effect change_copies(struct check_row *row, int step)
{
    int copies = row->copies + step;
    if (copies < 1 || copies > CHECKLIST_MAX_COPIES)
        return CHECKLIST_REFUSED;
    row->copies = copies;
    return CHECKLIST_CHANGED;
}

static enum checklist_effect letter(struct checklist *c, uint32_t cp)
{
    uint32_t lower = cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
    if (lower == 'x')
        return mark(c, MISSING);
    for (size_t i = 0; i < MARK_COUNT; i++)
        if (lower == (uint32_t)marks[i].key)
            return mark(c, marks[i].state);
    return CHECKLIST_REFUSED;
}

enum checklist_effect checklist_char(struct checklist *c, uint32_t cp)
{
    cp = utf8_fold_width(cp);
    if (c->count == 0)
        return CHECKLIST_REFUSED;
    if (cp >= '0' && cp <= '9')
        return jump(c, (int)(cp - '0'));
    c->typed = 0;
    struct check_row *row = &c->rows[c->cursor];
    switch (cp) {
    case ' ':
        row->state = *row->state ? MISSING : wanted_state(row);
        return CHECKLIST_CHANGED;
    case '*':
        return mark_all(c);
    case '+':
    case '=':
        return change_copies(row, +1);
    case '-':
        return change_copies(row, -1);
    default:
        return letter(c, cp);
    }
}

enum checklist_effect checklist_unmark(struct checklist *c)
{
    c->typed = 0;
    if (c->count == 0 || !*c->rows[c->cursor].state)
        return CHECKLIST_NOTHING;
    c->rows[c->cursor].state = MISSING;
    return CHECKLIST_CHANGED;
}

size_t checklist_marked(const struct checklist *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++)
        n += *c->rows[i].state != '\0';
    return n;
}

void checklist_write(const struct checklist *c, struct jnode *array)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct check_row *row = &c->rows[i];
        if (!*row->state)
            continue;
        struct jnode *one = jn_push_object(array);
        jn_set_int(one, "no", row->no);
        jn_set_str(one, "state", row->state);
        jn_set_int(one, "copies", row->copies);
    }
}

char *checklist_text(const struct checklist *c)
{
    if (checklist_marked(c) == 0)
        return xstrdup("");
    struct json *doc = json_new_array();
    checklist_write(c, json_edit(doc));
    char *text = json_text(doc, false);
    json_free(&doc);
    return text;
}

static bool read_row(struct checklist *c, const struct jnode *one, struct err *e)
{
    int no = (int)jn_int(one, "no", 0);
    struct check_row *row = row_by_no(c, no);
    const char *state = known_state(jn_str(one, "state", "missing"));
    if (!row)
        return err_set(e, ERR_INPUT, _("material %d is not on the list of this item"), no);
    if (!state)
        return err_set(e, ERR_INPUT,
                       _("material %d: “%s” is not one of original, copy, checked, electronic, missing"), no,
                       jn_str(one, "state", ""));
    long long copies = jn_int(one, "copies", row->copies);
    if (copies < 1 || copies > CHECKLIST_MAX_COPIES)
        return err_set(e, ERR_INPUT, _("material %d: from 1 to %d copies"), no, CHECKLIST_MAX_COPIES);
    row->state = state;
    row->copies = (int)copies;
    return true;
}

bool checklist_read(struct checklist *c, const struct jnode *array, struct err *e)
{
    if (!jn_is_array(array))
        return err_set(e, ERR_INPUT, _("materials: expected an array like %s"),
                       "[{\"no\":1,\"state\":\"original\"}]");
    for (size_t i = 0; i < c->count; i++)
        c->rows[i].state = MISSING;
    for (const struct jnode *one = jn_first(array); one; one = jn_next(one))
        if (!read_row(c, one, e))
            return false;
    return true;
}

bool checklist_complete(struct checklist *c, struct err *e)
{
    struct str names;
    str_init(&names, NAMES_MAX);
    bool first = true;
    for (size_t i = 0; i < c->count; i++) {
        const struct check_row *row = &c->rows[i];
        if (!row->mandatory || *row->state)
            continue;
        if (first)
            c->cursor = i;
        str_addf(&names, "%s%d %s", first ? "" : ", ", row->no, row->name);
        first = false;
    }
    if (!first)
        err_set(e, ERR_INPUT, _("Missing: %s%s. Mark what is here (space, * for all)"),
                names.p ? names.p : "", names.overflow ? " …" : "");
    str_reset(&names);
    return first;
}
