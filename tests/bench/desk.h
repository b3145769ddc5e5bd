/* A clerk's hands: the workstation on a pseudo-terminal, signed in and taken to a known place.
 *
 * Who signs in comes from BENCH_USER and BENCH_PASSWORD_FILE, the server from the libpq environment. Every
 * step waits for a word on the screen that comes from forms/, and exits when it does not come. */
#ifndef BENCH_DESK_H
#define BENCH_DESK_H

#include "pty.h"

/* Starts guitai and stops at the sign-in screen, the cursor in the password field. */
void desk_start(struct pty *p, int columns, int rows);
/* Types the password without its Enter. */
void desk_password(struct pty *p);
/* Both and Enter: the menu stands. */
void desk_open(struct pty *p, int columns, int rows);
/* Types keys and waits until `word` is drawn and the screen is quiet. */
void desk_answer(struct pty *p, const char *keys, const char *word);
/* From the menu to the empty intake. */
void desk_intake(struct pty *p);
/* From the menu to the intake of an item, the cursor in its empty address field. */
void desk_text_field(struct pty *p);

#endif
