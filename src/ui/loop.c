/* One thread, one poll(): keyboard, connections, printers, signals, timers. Nothing here waits for anything
 * else. */
#include "app.h"
#include "draw.h"
#include "term.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/xalloc.h"
#include "guitai/db/db.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SESSIONS 3
#define LOOP_MAX_FDS (2 + SESSIONS + PRINTING_MAX + UI_SIDE_FDS)
#define READ_MAX 4096
#define PARK_LIMIT_MS 1500
#define SCAN_GAP_MS 35     /* no finger types faster than this, no scanner slower */
#define SCAN_MIN_DIGITS 19 /* the shortest case number */
#define DRAIN_QUIET_MS 60  /* a pause that ends the burst of keys which ran into an error */

uint64_t app_clock_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* The clerk leaves, the terminal was closed, or the machine goes down: what is typed is parked, what is under
 * way is recorded, if the database answers soon. */
static void loop_end(struct app *app)
{
    if (app->quit_at)
        return;
    app->quit_at = app_clock_ms() + PARK_LIMIT_MS;
    app->commanding = false;
    decode_flush(&app->keys);
    if (app->locked) { /* nobody is asked any more, and no key is read */
        app->locked = false;
        view_pop(app->top);
    }
    view_leave_to(app, view_lowest(app));
    if (!app->top->below)
        session_finish(&app->clerk);
}

/* ---- keys ---- */

static void give_to_view(struct app *app, const struct input *in)
{
    struct view *v = app->top;
    enum view_dirt dirt = v->ops->key(v, in);
    if (app->top == v)
        view_dirty(v, dirt);
}

static void leave_top(struct app *app)
{
    struct view *v = app->top;
    if (v->below)
        view_leave_to(app, v->below);
    else
        loop_end(app);
}

/* Keys that mean the same on every screen. True when done. */
static bool global_key(struct app *app, const struct input *in)
{
    bool signed_in = session_active(&app->clerk) && !app->locked;
    switch (in->action) {
    case ACT_HELP:
        if (app->top->ops->help)
            app->top->ops->help(app->top);
        return true;
    case ACT_COMMAND:
        if (signed_in)
            command_open(app, "");
        return true;
    case ACT_LEAVE:
    case ACT_CANCEL:
        if (!app->locked)
            leave_top(app);
        return true;
    case ACT_MENU:
        if (signed_in)
            view_leave_to(app, app_home(app));
        return true;
    case ACT_REFRESH:
        if (app->top->ops->refresh)
            app->top->ops->refresh(app->top);
        return true;
    case ACT_LOCK:
        if (signed_in)
            app_lock(app);
        return true;
    case ACT_REPAINT:
        app->all_dirty = true;
        draw_repaint();
        return true;
    case ACT_BAD_BYTE:
        app_say(app, MESSAGE_WARN, _("The terminal sent the byte 0x%02X, which is no UTF-8: set it to UTF-8"),
                in->cp);
        term_beep();
        return true;
    case ACT_UNKNOWN:
        app_say(app, MESSAGE_NOTE, _("That key is not used here; F1 lists the keys"));
        return true;
    default: return false;
    }
}

static void handle_key(struct app *app, const struct key *key)
{
    struct input in = {keymap_action(key), key->cp, key->data};
    if (in.action == ACT_NONE)
        return;
    if (app->commanding) {
        command_key(app, &in);
        return;
    }
    if (app->message_kind != MESSAGE_NONE && in.action != ACT_HELP)
        app_clear_message(app);
    if (!global_key(app, &in))
        give_to_view(app, &in);
}

/* ---- the scanner: a keyboard that types a case number faster than any finger ---- */

static bool is_digit(const struct key *key)
{
    return key->code == KC_CHAR && !key->data && key->cp >= '0' && key->cp <= '9';
}

/* True when `key` is the Enter that ends a scanned case number: the case was opened instead. */
static bool scan_ends(struct app *app, const struct key *key)
{
    char number[ID_CASE_MAX + 1];
    if (key->code != KC_ENTER || app->digit_run < SCAN_MIN_DIGITS || app->digit_run >= sizeof app->digits
        || key->when - app->digit_run_at > SCAN_GAP_MS || app->commanding || !session_active(&app->clerk)
        || app->locked)
        return false;
    app->digits[app->digit_run] = '\0';
    if (!idcheck_case_number(app->digits, number, NULL))
        return false;
    if (app->top->ops->scan_undo)
        app->top->ops->scan_undo(app->top);
    app_open_case(app, number);
    return true;
}

/* The digits are played at once, so that no key is ever held back; they are taken back if it was a scan after
 * all. */
static void scan_note(struct app *app, const struct key *key)
{
    if (!is_digit(key)) {
        app->digit_run = 0;
        return;
    }
    if (app->digit_run && key->when - app->digit_run_at > SCAN_GAP_MS)
        app->digit_run = 0;
    if (!app->digit_run && app->top->ops->scan_begin && !app->commanding)
        app->top->ops->scan_begin(app->top);
    if (app->digit_run + 1 < sizeof app->digits)
        app->digits[app->digit_run] = (char)key->cp;
    app->digit_run++;
    app->digit_run_at = key->when;
}

/* ---- type-ahead ---- */

static void read_keys(struct app *app)
{
    char bytes[READ_MAX];
    ssize_t n = term_read(bytes, sizeof bytes);
    uint64_t now = app->now = app_clock_ms();
    if (n < 0) {
        loop_end(app);
        return;
    }
    if (now - app->last_key_at >= DRAIN_QUIET_MS)
        app->draining = false;
    app->last_key_at = now;
    if (!app->draining)
        decode_feed(&app->keys, bytes, (size_t)n, now);
    wipe(bytes, (size_t)n);
    if (app->keys.overflow) {
        app->keys.overflow = false;
        app_say(app, MESSAGE_ERROR, _("Too many keys are waiting: the last ones were refused"));
        term_beep();
    }
    if (app->keys.report_row) {
        bool wide;
        if (term_probe_answer(app->keys.report_row, app->keys.report_col, &wide)) {
            draw_set_wide_ambiguous(wide);
            if (wide)
                app->all_dirty = true;
        }
        app->keys.report_row = 0;
    }
}

static void give_up(struct session *s)
{
    if (s->opening)
        session_cancel(s);
    else if (s->db)
        db_cancel(s->db);
}

/* While an answer is awaited only Esc is heard: it gives the wait up. */
static void look_for_escape(struct app *app)
{
    const struct key *key;
    for (size_t i = 0; (key = decode_peek(&app->keys, i)); i++)
        if (key->code == KC_ESCAPE) {
            decode_flush(&app->keys);
            app_say(app, MESSAGE_WARN, _("Cancelled; nothing typed is lost"));
            give_up(&app->guest);
            give_up(&app->clerk);
            give_up(&app->check);
            return;
        }
}

enum scan { SCAN_NONE, SCAN_WAIT, SCAN_DONE };

/* Digits at the head of the queue that are, or may become, a scanned number. */
static enum scan scan_ahead(struct app *app)
{
    char digits[ID_CASE_MAX + 2], number[ID_CASE_MAX + 1];
    const struct key *key = decode_peek(&app->keys, 0);
    struct key dropped;
    size_t n = 0;
    uint64_t last = 0;
    if (!key || app->commanding || app->locked || !session_active(&app->clerk)
        || (app->digit_run && key->when - app->digit_run_at <= SCAN_GAP_MS))
        return SCAN_NONE;
    while (key && is_digit(key) && n < ID_CASE_MAX + 1 && (!n || key->when - last <= SCAN_GAP_MS)) {
        digits[n++] = (char)key->cp;
        last = key->when;
        key = decode_peek(&app->keys, n);
    }
    digits[n] = '\0';
    app->scan_until = n && !key && app->top->ops->digits_act ? last + SCAN_GAP_MS + 1 : 0;
    if (app->scan_until > app_clock_ms())
        return SCAN_WAIT;
    app->scan_until = 0;
    if (n < SCAN_MIN_DIGITS || !key || key->code != KC_ENTER || !idcheck_case_number(digits, number, NULL))
        return SCAN_NONE;
    for (size_t i = 0; i <= n; i++)
        decode_take(&app->keys, &dropped);
    app->digit_run = 0;
    app_open_case(app, number);
    return SCAN_DONE;
}

static void play_keys(struct app *app)
{
    struct key key;
    while (!app->quit && app->top) {
        if (call_holding(app)) {
            look_for_escape(app);
            return;
        }
        enum scan scan = scan_ahead(app);
        if (scan == SCAN_WAIT)
            return;
        if (scan == SCAN_DONE)
            continue;
        if (!decode_take(&app->keys, &key))
            return;
        if (app->small)
            continue;
        if (scan_ends(app, &key)) {
            app->digit_run = 0;
            continue;
        }
        scan_note(app, &key);
        handle_key(app, &key);
        wipe(&key, sizeof key);
    }
}

/* ---- timers ---- */

static int sooner(int a, uint64_t at, uint64_t now)
{
    if (!at)
        return a;
    int ms = at <= now ? 0 : (int)(at - now > 60000 ? 60000 : at - now);
    return a < 0 || ms < a ? ms : a;
}

static uint64_t idle_limit(const struct app *app)
{
    int minutes = app->options->idle_minutes ? app->options->idle_minutes : 10;
    return minutes < 0 || app->locked || !session_active(&app->clerk) ? 0 : (uint64_t)minutes * 60000;
}

static int next_timeout(struct app *app, int timeout)
{
    uint64_t now = app->now = app_clock_ms();
    int d = decode_timeout_ms(&app->keys, now);
    if (d >= 0 && (timeout < 0 || d < timeout))
        timeout = d;
    timeout = sooner(timeout, app->minute_at, now);
    timeout = sooner(timeout, app->notify_at, now);
    timeout = sooner(timeout, app->counts_at, now);
    timeout = sooner(timeout, app->scan_until, now);
    timeout = sooner(timeout, app->waiting_at, now);
    timeout = sooner(timeout, app->echo.settle_at, now);
    timeout = sooner(timeout, app->quit_at, now);
    timeout = sooner(timeout, app->clerk.finish_by, now);
    for (const struct view *v = app->top; v; v = v->below)
        timeout = sooner(timeout, v->timer_at, now);
    if (idle_limit(app))
        timeout = sooner(timeout, app->last_key_at + idle_limit(app), now);
    return timeout;
}

static void run_timers(struct app *app)
{
    uint64_t now = app->now = app_clock_ms();
    decode_tick(&app->keys, now);
    if (app->quit_at
        && (now >= app->quit_at || (!app->top->below && !app->clerk.db && !printing_busy(&app->prints))))
        app->quit = true;
    if (app->echo.settle_at && now >= app->echo.settle_at)
        screen_settle(app);
    if (now >= app->minute_at) {
        app->minute_at = now + (uint64_t)(60 - time(NULL) % 60) * 1000;
        app->header_dirty = true;
    }
    if (app->waiting_at && now >= app->waiting_at) {
        app->waiting_at = 0;
        app->message_dirty = true;
    }
    if (app->notify_at && now >= app->notify_at) {
        app->notify_at = 0;
        app->counts_at = now;
        if (app->top && app->top->ops->changed)
            app->top->ops->changed(app->top);
    }
    if (app->counts_at && now >= app->counts_at) {
        app->counts_at = 0;
        app_counts(app);
    }
    for (struct view *v = app->top, *below; v; v = below) {
        below = v->below;
        if (v->timer_at && now >= v->timer_at) {
            v->timer_at = 0;
            if (v->ops->timer)
                v->ops->timer(v);
        }
    }
    if (idle_limit(app) && now - app->last_key_at >= idle_limit(app))
        app_lock(app);
}

/* ---- signals ---- */

static void run_signals(struct app *app)
{
    unsigned set = term_signals();
    screen_settle(app);
    if (set & TERM_RESIZED) {
        term_resize();
        app->all_dirty = true;
        for (struct view *v = app->top; v; v = v->below)
            if (v->ops->resume && v == app->top)
                v->ops->resume(v);
    }
    if (set & TERM_SUSPEND) {
        term_suspend();
        app->all_dirty = true;
    }
    if (set & TERM_QUIT)
        loop_end(app);
}

/* ---- poll ---- */

/* Place of each connection among the descriptors, 0 when it has none. */
struct watch {
    const struct session *session;
    size_t fd;
    bool due; /* its own time has come */
};

static struct watch add_session(const struct session *s, struct pollfd *fds, size_t *n, int *timeout)
{
    struct watch w = {s, 0, false};
    if (!s->db)
        return w;
    int ms = db_timeout_ms(s->db);
    if (ms >= 0 && (*timeout < 0 || ms < *timeout))
        *timeout = ms;
    w.due = ms >= 0;
    if (db_fd(s->db) >= 0) {
        w.fd = *n;
        fds[(*n)++] = (struct pollfd){db_fd(s->db), db_events(s->db), 0};
    }
    return w;
}

/* An idle connection is not asked after every key. */
static bool has_work(const struct watch *w, const struct pollfd *fds)
{
    const struct session *s = w->session;
    return s->closing || s->finish_by
           || (s->db && (w->due || !w->fd || fds[w->fd].revents || db_pending(s->db)));
}

static void step_session(struct app *app, struct session *s)
{
    if (!s->db) {
        session_reap(s);
        return;
    }
    enum db_state before = db_state(s->db);
    db_step(s->db);
    if (s->db && db_state(s->db) != before) {
        app->footer_dirty = true;
        if (db_state(s->db) == DB_LOST)
            app_say(app, MESSAGE_WARN,
                    _("Connection to the database lost: trying again by itself, what is typed stays"));
        else if (before == DB_LOST)
            app_say(app, MESSAGE_DONE, _("Connected again"));
    }
    session_reap(s);
}

/* What lives beside the screen. An own act that is to be handed over shows itself in the counts, which follow it. */
static void step_side(struct app *app, const struct pollfd *fds, size_t n)
{
    const struct ui_side *side = app->options->side;
    if (side && side->step(side->ctx, fds, n) && !app->counts_at)
        app->counts_at = app_clock_ms() + COUNTS_DELAY_MS;
}

void loop_run(struct app *app)
{
    const struct ui_side *side = app->options->side;
    struct session *const sessions[SESSIONS] = {&app->clerk, &app->guest, &app->check};
    struct watch watch[SESSIONS];
    app->last_key_at = app->now = app_clock_ms();
    app->minute_at = app->now;
    while (!app->quit && app->top) {
        struct pollfd fds[LOOP_MAX_FDS];
        size_t n = 2;
        int timeout = -1;

        run_timers(app);
        play_keys(app);
        screen_draw(app);
        if (app->quit || !app->top)
            break;
        fds[0] = (struct pollfd){app->quit_at ? -1 : STDIN_FILENO, POLLIN, 0};
        fds[1] = (struct pollfd){term_signal_fd(), POLLIN, 0};
        for (size_t i = 0; i < SESSIONS; i++)
            watch[i] = add_session(sessions[i], fds, &n, &timeout);
        n += printing_poll(&app->prints, fds + n, &timeout);
        size_t own = n;
        if (side)
            n += side->poll(side->ctx, fds + n, &timeout);
        poll(fds, n, next_timeout(app, timeout));
        if (fds[0].revents & POLLIN)
            read_keys(app);
        else if (fds[0].revents)
            loop_end(app); /* the terminal is gone */
        if (fds[1].revents)
            run_signals(app);
        for (size_t i = 0; i < SESSIONS; i++)
            if (has_work(&watch[i], fds))
                step_session(app, sessions[i]);
        printing_step(app);
        step_side(app, fds + own, n - own);
    }
}
