#include "keymap.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"
#include "guitai/base/utf8.h"

static const struct binding {
    enum key_code code;
    char control; /* for KC_CONTROL: the letter */
    enum action action;
    const char *name; /* as printed on the key; NULL: not listed */
    const char *label;
    const char *help;
} bindings[] = {
    {KC_F(1), 0, ACT_HELP, "F1", N_("Help"), N_("Explains the field, the last message, the screen")},
    {KC_F(2), 0, ACT_COMMAND, "F2", N_("Command"),
     N_("Command line (also Ctrl-G): sl 0213, a case number, yj; several with ;")},
    {KC_F(3), 0, ACT_LEAVE, "F3", N_("Leave"),
     N_("Leaves the screen; a form with something in it is parked")},
    {KC_F(4), 0, ACT_CHOOSE, "F4", N_("Choose"), N_("Opens or closes the list of a choice")},
    {KC_F(5), 0, ACT_REFRESH, "F5", N_("Refresh"), N_("Reads again from the database")},
    {KC_F(6), 0, ACT_REPEAT, "F6", N_("As last"), N_("Fills the field as in the last case")},
    {KC_F(18), 0, ACT_REPEAT_ALL, "Shift-F6", N_("All as last"),
     N_("Fills this and all following fields as in the last case (also Ctrl-R)")},
    {KC_F(7), 0, ACT_PARK, "F7", N_("Park"), N_("Puts the form aside; it waits in the list of parked forms")},
    {KC_F(8), 0, ACT_PRINT, "F8", N_("Print"), N_("Prints, or prints again (numbered)")},
    {KC_F(9), 0, ACT_SAVE, "F9", N_("Save"), N_("Saves, and prints what belongs to it")},
    {KC_F(10), 0, ACT_MENU, "F10", N_("Menu"), N_("Back to the menu; forms are parked")},
    {KC_F(11), 0, ACT_CHANGE_USER, "F11", N_("Second person"),
     N_("Signs in a second person for one act on this case")},
    {KC_F(12), 0, ACT_CANCEL, "F12", N_("Cancel"), N_("Leaves without saving; what was typed is parked")},
    {KC_CONTROL, 'g', ACT_COMMAND, NULL, NULL, NULL},
    {KC_CONTROL, 'r', ACT_REPEAT_ALL, NULL, NULL, NULL},
    {KC_CONTROL, 't', ACT_DAYS, "Ctrl-T", N_("Day by day"), N_("Explains a due date day by day")},
    {KC_CONTROL, 'o', ACT_LOCK, "Ctrl-O", N_("Lock"), N_("Locks the screen until the password is typed")},
    {KC_CONTROL, 'l', ACT_REPAINT, "Ctrl-L", N_("Redraw"), N_("Draws the screen again")},
    {KC_ESCAPE, 0, ACT_ESCAPE, "Esc", N_("Back"),
     N_("Closes a list, gives up a wait; with 1…9 0 - = it is F1…F12")},
    {KC_ENTER, 0, ACT_ENTER, "Enter", N_("Go on"),
     N_("Field exit: checks and goes on; after the last field saves")},
    {KC_TAB, 0, ACT_NEXT, "Tab", N_("Next field"), N_("Next field, Shift-Tab the one before")},
    {KC_BACKTAB, 0, ACT_PREVIOUS, NULL, NULL, NULL},
    {KC_UP, 0, ACT_UP, "↑ ↓", N_("Move"), N_("Up and down in forms and lists, PgUp and PgDn by page")},
    {KC_DOWN, 0, ACT_DOWN, NULL, NULL, NULL},
    {KC_LEFT, 0, ACT_LEFT, NULL, NULL, NULL},
    {KC_RIGHT, 0, ACT_RIGHT, NULL, NULL, NULL},
    {KC_WORD_LEFT, 0, ACT_WORD_LEFT, NULL, NULL, NULL},
    {KC_WORD_RIGHT, 0, ACT_WORD_RIGHT, NULL, NULL, NULL},
    {KC_HOME, 0, ACT_HOME, NULL, NULL, NULL},
    {KC_CONTROL, 'a', ACT_HOME, NULL, NULL, NULL},
    {KC_END, 0, ACT_END, NULL, NULL, NULL},
    {KC_CONTROL, 'e', ACT_END, NULL, NULL, NULL},
    {KC_PAGE_UP, 0, ACT_PAGE_UP, NULL, NULL, NULL},
    {KC_PAGE_DOWN, 0, ACT_PAGE_DOWN, NULL, NULL, NULL},
    {KC_BACKSPACE, 0, ACT_BACKSPACE, NULL, NULL, NULL},
    {KC_DELETE, 0, ACT_DELETE, NULL, NULL, NULL},
    {KC_CONTROL, 'd', ACT_DELETE, NULL, NULL, NULL},
    {KC_CONTROL, 'w', ACT_DELETE_WORD, "Ctrl-W", N_("Delete word"),
     N_("Ctrl-W deletes a word, Ctrl-K to the end, Ctrl-U the field")},
    {KC_CONTROL, 'k', ACT_CLEAR_TO_END, NULL, NULL, NULL},
    {KC_CONTROL, 'u', ACT_CLEAR, NULL, NULL, NULL},
    {KC_CONTROL, 'z', ACT_UNDO, "Ctrl-Z", N_("Undo"), N_("Takes back the last change of the field")},
    {KC_CHAR, 0, ACT_CHAR, NULL, NULL, NULL},
    {KC_BAD, 0, ACT_BAD_BYTE, NULL, NULL, NULL},
    {KC_UNKNOWN, 0, ACT_UNKNOWN, NULL, NULL, NULL},
};
#define BINDINGS (sizeof bindings / sizeof *bindings)

enum action keymap_action(const struct key *key)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (bindings[i].code == key->code
            && (key->code != KC_CONTROL || (uint32_t)bindings[i].control == key->cp))
            return bindings[i].action;
    return ACT_UNKNOWN;
}

static const struct binding *listed(enum action action)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (bindings[i].action == action && bindings[i].name)
            return &bindings[i];
    return NULL;
}

const char *keymap_key(enum action action)
{
    const struct binding *b = listed(action);
    return b ? b->name : "";
}

const char *keymap_label(enum action action)
{
    const struct binding *b = listed(action);
    return b ? _(b->label) : "";
}

char *keymap_help(void)
{
    struct str s;
    str_init(&s, 16384);
    for (size_t i = 0; i < BINDINGS; i++) {
        const struct binding *b = &bindings[i];
        if (!b->name)
            continue;
        str_addf(&s, "  %s", b->name);
        str_add_repeat(&s, " ", (size_t)(10 - utf8_cells(b->name)));
        str_add(&s, _(b->help));
        str_add(&s, "\n");
    }
    return str_steal(&s);
}
