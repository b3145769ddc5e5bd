/* The running workstation: what the views share. Private to src/ui. */
#ifndef GUITAI_UI_APP_H
#define GUITAI_UI_APP_H

#include "call.h"
#include "decode.h"
#include "printing.h"
#include "question.h"
#include "session.h"
#include "view.h"

#include "guitai/base/err.h"
#include "guitai/base/json.h"
#include "guitai/ui/ui.h"

struct call;
struct textedit;

enum message_kind { MESSAGE_NONE, MESSAGE_DONE, MESSAGE_NOTE, MESSAGE_WARN, MESSAGE_ERROR };

#define APP_MESSAGE_MAX 1024
#define APP_COMMAND_MAX 256
#define COUNTS_DELAY_MS 300 /* the footer's figures let the clerk's own call go first */
#define ECHO_MAX 96

typedef void command_done_fn(struct app *app, const char *subject, const char *text);

struct app {
    const struct ui_options *options;
    struct session clerk; /* signed in at this window */
    struct session guest; /* a second person for one act; db NULL when nobody */
    struct session check; /* asks the server whether the password of a locked screen is right */
    struct view *top;
    struct decode keys;
    struct call *calls;
    unsigned holding;    /* calls that hold the keyboard */
    uint64_t waiting_at; /* when the wait becomes worth a word; 0: nobody waits, or it was said */
    struct printing prints;
    struct json *menu;
    struct json *station; /* remembered on this station: last nine chosen by form and field */
    struct json *repeat;  /* values of the last case by form id, in memory only */

    char message[APP_MESSAGE_MAX];
    enum message_kind message_kind;
    struct err last_error; /* for F1 */

    bool commanding; /* the command line has the keyboard */
    struct textedit *command;
    size_t command_scroll;
    command_done_fn *command_done; /* hears the line instead of the fast path; NULL: fast path */
    char command_label[64], command_subject[64];
    char summary[256]; /* item and applicant of the case whose actions are offered */
    char guest_number[32]; /* the case for which a second person is looked for */
    char sitting[32];      /* number of the case that is decided in one sitting with its intake, or "" */

    int cursor_y, cursor_x; /* where the last drawing left it */
    struct echo {           /* characters on the screen that curses has not been told of yet */
        char bytes[ECHO_MAX];
        size_t n;
        int y, x, width; /* the field they stand in, and all that stands there: borrowed from its view */
        const char *text;
        uint64_t settle_at;
    } echo;

    bool header_dirty, message_dirty, footer_dirty, all_dirty, small;
    bool draining; /* after an error: what belongs to the same burst of keys is dropped */
    uint64_t last_key_at, now;
    unsigned digit_run; /* digits typed faster than fingers can */
    uint64_t digit_run_at;
    uint64_t scan_until; /* digits wait until then for the rest of a scan; 0: they do not */
    char digits[32];
    uint64_t quit_at; /* told to end from outside: until then forms may still be parked; 0: not told */
    uint64_t minute_at, notify_at, counts_at;
    long long yellow, red, todo;
    long long waiting; /* messages that wait to be handed over; -1: the database did not say */
    struct question form_question, list_question; /* to another hall */
    long long alarms; /* of the hand-off that nobody has looked at, for whom they concern */
    bool waiting_old;  /* one of them for more than a day */
    bool locked; /* the lock is the top view and stays it: what opens or goes meanwhile lies beneath */
    bool quit;
    bool leave_chain; /* views are asked to leave one after the other, down to leave_keep */
    struct view *leave_keep;
};

uint64_t app_clock_ms(void);
/* The message line. */
void app_say(struct app *app, enum message_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* More to the message that stands there. */
void app_say_also(struct app *app, enum message_kind kind, const char *text);
/* Shows an error, remembers it for F1, stops and drops typed-ahead keys, beeps. */
void app_error(struct app *app, const struct err *e);
/* The same without dropping keys: an answer that nobody waits for. */
void app_error_quiet(struct app *app, const struct err *e);
void app_stop_keys(struct app *app);
void app_clear_message(struct app *app);
/* Opens what a menu entry, a list key or a word names: "entry:accept", "list:queue", "case", "text:help", …
 * with an argument or NULL. Reports what cannot be opened. */
bool app_open(struct app *app, const char *what, const char *arg);
void app_open_case(struct app *app, const char *number);
/* Runs a fast-path command line. */
void app_run_command(struct app *app, const char *line);
/* May somebody with these duties ("duty" array, or absent) open it? */
bool app_has_duty(const struct app *app, const struct jnode *duties);
/* Does the menu give the target `what` ("entry:accept") to this person? What the menu does not name is everybody's. */
bool app_may_open(const struct app *app, const char *what);
/* After sign-in: menu, live queues, counts. */
void app_signed_in(struct app *app);
void app_sign_out(struct app *app);
/* The menu of the person signed in: everything above it may be asked to leave. */
struct view *app_home(struct app *app);
/* Remembers a choice made at this station. */
void app_remember(struct app *app, const char *form, const char *field, const char *code);
void app_station_load(struct app *app);
void app_station_save(struct app *app);
/* A fresh request for the counts in the footer. */
void app_counts(struct app *app);
void app_lock(struct app *app);
/* The one poll() loop; returns when app->quit is set. */
void loop_run(struct app *app);
/* Draws whatever is dirty. */
void screen_draw(struct app *app);
/* Puts one character that was appended to a field on the screen at once, past curses; curses learns of it
 * when the fingers pause. `text` is all that stands in the field with it (borrowed while the view lives), the
 * field being `width` cells from `x`. False, and nothing done, when the screen is not in a state for it: then
 * the field is drawn. */
bool screen_echo(struct app *app, const char *bytes, size_t n, int y, int x, int width, const char *text);
/* Curses learns now. To be called before anything else touches the terminal. */
void screen_settle(struct app *app);
/* One key for the command line. */
void command_open(struct app *app, const char *text);
/* Asks for one line in the same place. */
void command_ask(struct app *app, const char *label, const char *subject, command_done_fn *done);
void command_key(struct app *app, const struct input *in);
void command_draw(struct app *app, int y, int *cursor_x);

#endif
