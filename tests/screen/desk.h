/* A clerk's hands for the screen tests: the workstation started, signed in, every key counted.
 *
 * The program is GUITAI_PROGRAM, the server comes from the libpq environment (over TLS when GUITAI_TEST_CA
 * names the authority), everybody's password from GUITAI_TEST_PASSWORD_FILE. */
#ifndef GUITAI_TESTS_DESK_H
#define GUITAI_TESTS_DESK_H

#include "terminal.h"

/* Rows of the 24-row screen. */
#define ROW_HEADER 0
#define ROW_TITLE 1
#define VIEW_FIRST 2
#define ROW_MESSAGE 22
#define ROW_FOOTER 23

struct desk {
    struct terminal *t;
    unsigned keys;   /* pressed so far */
    char folder[64]; /* this desk's own state, printed papers and log */
};

/* Starts the program; `options` may be NULL. Fails the test when the sign-in screen does not come. */
struct desk *desk_open(const struct terminal_options *options, const char *const arguments[]);
void desk_close(struct desk **d);
/* Types the login and password and waits for the menu. */
void desk_sign_in(struct desk *d, const char *login);
const char *desk_password(void);

/* Each character is one key. */
void desk_type(struct desk *d, const char *text);
void desk_enter(struct desk *d);
void desk_key(struct desk *d, int function_key);
/* What a scanner types: a number and Enter at once; not counted, no finger moved. */
void desk_scan(struct desk *d, const char *number);
/* Waits and fails the test, showing the screen, when it does not come. */
void desk_expect(struct desk *d, int row, const char *text);
void desk_expect_gone(struct desk *d, int row, const char *text);
void desk_expect_cursor(struct desk *d, int row, int column);
/* Bytes that the program writes for `key`, after which the cursor stands there; 0 when the header or the footer, which
 * change by themselves, did so meanwhile. */
size_t desk_bytes_of_key(struct desk *d, const char *key, int row, int column);
/* The row in which `text` stands, after waiting for it. */
int desk_row_of(struct desk *d, const char *text);
/* A case number (19 or more digits) in that row, copied into out. */
void desk_read_number(struct desk *d, int row, char *out, size_t size);
/* Number of files under the desk's printed papers whose name holds `part`, after waiting for at least one. */
int desk_papers(struct desk *d, const char *part);
/* A citizen number that nobody holds: random body, right check digit. */
void desk_new_citizen(char out[19]);

#endif
