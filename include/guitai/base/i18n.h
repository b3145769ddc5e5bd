/* Language of the screen: Chinese unless LANG (LC_ALL, LC_MESSAGES) begins with en. */
#ifndef GUITAI_BASE_I18N_H
#define GUITAI_BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(text) gettext(text)
#define N_(text) (text)

/* Call once at the start of main, before any message: sets a UTF-8 locale and binds the message catalogue.
 * `locale_dir` NULL: GUITAI_LOCALEDIR, else the installed place. */
void i18n_init(const char *locale_dir);
/* True when English was asked for. */
bool i18n_english(void);
/* `zh` or `en`; the other when the chosen one is NULL or empty. */
const char *i18n_pick(const char *zh, const char *en);
/* Rows of the database tell coded values twice: state_zh and state_en, zh and en, message and message_en. The column
 * that stands for `name` in the language asked for, into `out`; a row that has no such column has only `name`. */
const char *i18n_column(const char *name, char *out, size_t size);

#endif
