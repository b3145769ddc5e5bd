/* One table: key, action, label, help. Footer, dispatch and help page all come from it. */
#ifndef GUITAI_UI_KEYMAP_H
#define GUITAI_UI_KEYMAP_H

#include "decode.h"

enum action {
    ACT_NONE,
    ACT_CHAR,
    ACT_BAD_BYTE,
    ACT_UNKNOWN,
    ACT_HELP,
    ACT_COMMAND,
    ACT_LEAVE,
    ACT_CHOOSE,
    ACT_REFRESH,
    ACT_REPEAT,
    ACT_REPEAT_ALL,
    ACT_PARK,
    ACT_PRINT,
    ACT_SAVE,
    ACT_MENU,
    ACT_CHANGE_USER,
    ACT_CANCEL,
    ACT_ESCAPE,
    ACT_DAYS,
    ACT_LOCK,
    ACT_REPAINT,
    ACT_ENTER,
    ACT_NEXT,
    ACT_PREVIOUS,
    ACT_UP,
    ACT_DOWN,
    ACT_LEFT,
    ACT_RIGHT,
    ACT_WORD_LEFT,
    ACT_WORD_RIGHT,
    ACT_HOME,
    ACT_END,
    ACT_PAGE_UP,
    ACT_PAGE_DOWN,
    ACT_BACKSPACE,
    ACT_DELETE,
    ACT_DELETE_WORD,
    ACT_CLEAR_TO_END,
    ACT_CLEAR,
    ACT_UNDO
};

/* What `key` means everywhere. */
enum action keymap_action(const struct key *key);
/* "F9" and "Save" in the user's language; "" when the action has no key of its own. */
const char *keymap_key(enum action action);
const char *keymap_label(enum action action);
/* All keys with their explanation as text lines, owned by the caller. */
char *keymap_help(void);

#endif
