#include "term.h"

#include "decode.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* Row of the probe. Not 1: xterm sends Shift-F3 as ESC [ 1 ; 2 R, which looks like a report of row 1. */
#define PROBE_ROW 3

static struct {
    SCREEN *screen;
    bool active, asked;
    struct termios saved;
    bool saved_ok;
    char farewell[256]; /* what a crash handler writes: prepared, because it may not call curses */
    size_t farewell_len;
    int pipe[2];
    int tty, unseen; /* the terminal under a number of its own, and a file in memory; -1 when not open */
} term = {.pipe = {-1, -1}, .tty = -1, .unseen = -1};

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof *crash_signals)
static struct sigaction old_crash[CRASH_SIGNALS];

static void write_all(const char *text, size_t n)
{
    while (n) {
        ssize_t done = write(term.tty >= 0 ? term.tty : STDOUT_FILENO, text, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;
        text += done;
        n -= (size_t)done;
    }
}

/* ---- signals ---- */

static void on_signal(int sig)
{
    int keep = errno;
    char byte = sig == SIGWINCH ? TERM_RESIZED : sig == SIGTSTP ? TERM_SUSPEND : TERM_QUIT;
    ssize_t ignored = write(term.pipe[1], &byte, 1);
    (void)ignored;
    errno = keep;
}

static void on_crash(int sig)
{
    if (term.active) {
        write_all(term.farewell, term.farewell_len);
        if (term.saved_ok)
            tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
        term.active = false;
    }
    /* Back to whoever handled it before (a sanitizer, the core dump), who hears of it on return. */
    for (size_t i = 0; i < CRASH_SIGNALS; i++)
        if (crash_signals[i] == sig)
            sigaction(sig, &old_crash[i], NULL);
    raise(sig);
}

static void catch_signals(void)
{
    static const int wanted[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP};
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        sigaction(wanted[i], &act, NULL);
    struct sigaction crash = {.sa_handler = on_crash};
    sigemptyset(&crash.sa_mask);
    for (size_t i = 0; i < CRASH_SIGNALS; i++)
        sigaction(crash_signals[i], &crash, &old_crash[i]);
    signal(SIGPIPE, SIG_IGN);
}

int term_signal_fd(void)
{
    return term.pipe[0];
}

unsigned term_signals(void)
{
    unsigned set = 0;
    char bytes[64];
    ssize_t n;
    while ((n = read(term.pipe[0], bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++)
            set |= (unsigned char)bytes[i];
    return set;
}

/* ---- keys ---- */

/* Spellings that only this terminal's description knows. */
static const struct {
    const char *capability;
    enum key_code code;
} described[] = {
    {"kf1", KC_F(1)},     {"kf2", KC_F(2)},     {"kf3", KC_F(3)},      {"kf4", KC_F(4)},
    {"kf5", KC_F(5)},     {"kf6", KC_F(6)},     {"kf7", KC_F(7)},      {"kf8", KC_F(8)},
    {"kf9", KC_F(9)},     {"kf10", KC_F(10)},   {"kf11", KC_F(11)},    {"kf12", KC_F(12)},
    {"kf18", KC_F(18)},   {"kcuu1", KC_UP},     {"kcud1", KC_DOWN},    {"kcuf1", KC_RIGHT},
    {"kcub1", KC_LEFT},   {"khome", KC_HOME},   {"kfnd", KC_HOME},     {"kend", KC_END},
    {"kslt", KC_END},     {"kpp", KC_PAGE_UP},  {"knp", KC_PAGE_DOWN}, {"kich1", KC_INSERT},
    {"kdch1", KC_DELETE}, {"kcbt", KC_BACKTAB}, {"kent", KC_ENTER},    {"kbs", KC_BACKSPACE},
};

void term_describe_keys(struct decode *d)
{
    for (size_t i = 0; i < sizeof described / sizeof *described; i++) {
        const char *bytes = tigetstr((char *)(uintptr_t)described[i].capability);
        if (bytes && bytes != (const char *)-1)
            decode_define(d, bytes, described[i].code);
    }
}

ssize_t term_read(char *bytes, size_t size)
{
    ssize_t n = read(STDIN_FILENO, bytes, size);
    return n < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : n == 0 ? -1 : n;
}

/* ---- start and stop ---- */

static int farewell_byte(int c)
{
    if (term.farewell_len < sizeof term.farewell)
        term.farewell[term.farewell_len++] = (char)c;
    return c;
}

static void farewell_add(const char *capability)
{
    const char *s = tigetstr((char *)(uintptr_t)capability);
    if (s && s != (const char *)-1)
        tputs(s, 1, farewell_byte);
}

static void prepare_farewell(void)
{
    term.farewell_len = 0;
    for (const char *p = PASTE_OFF; *p; p++)
        farewell_byte(*p);
    farewell_add("sgr0");
    farewell_add("cnorm");
    farewell_add("rmkx");
    farewell_add("rmcup");
    farewell_byte('\r');
    farewell_byte('\n');
}

static bool open_files(struct err *e)
{
    if (term.pipe[0] >= 0)
        return true;
    term.tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    term.unseen = memfd_create("unseen", MFD_CLOEXEC);
    if (pipe2(term.pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return err_set(e, ERR_IO, "pipe: %s", strerror(errno));
    return true;
}

static bool take_over(struct err *e)
{
    /* Not initscr(): it ends the program by itself when TERM is unknown. */
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen)
        return err_set(e, ERR_INPUT, _("Terminal type \"%s\" is unknown: set TERM, e.g. TERM=xterm-256color"),
                       getenv("TERM") ? getenv("TERM") : "");
    const char *cup = tigetstr((char *)(uintptr_t) "cup");
    if (!cup || cup == (const char *)-1) {
        endwin();
        delscreen(term.screen);
        term.screen = NULL;
        return err_set(e, ERR_INPUT, _("Terminal type \"%s\" cannot place the cursor"), getenv("TERM"));
    }
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE); /* some terminals send their keys only when asked to */
    leaveok(stdscr, FALSE);
    typeahead(-1); /* the loop itself draws only when no key waits */
    return true;
}

bool term_start(struct err *e)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(e, ERR_INPUT,
                       _("The screen needs a terminal; for scripts use the commands, see guitai --help"));
    if (!open_files(e))
        return false;
    term.saved_ok = tcgetattr(STDIN_FILENO, &term.saved) == 0;
    catch_signals(); /* before curses: where it finds a handler it installs none, and spares two system calls
                        a draw */
    if (!take_over(e))
        return false;
    prepare_farewell();
    term.active = true;
    atexit(term_stop);
    write_all(PASTE_ON, sizeof PASTE_ON - 1);
    return true;
}

void term_stop(void)
{
    if (!term.active)
        return;
    term.active = false;
    write_all(PASTE_OFF, sizeof PASTE_OFF - 1);
    endwin();
    delscreen(term.screen);
    term.screen = NULL;
    if (term.saved_ok)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &term.saved);
}

void term_suspend(void)
{
    write_all(PASTE_OFF, sizeof PASTE_OFF - 1);
    endwin();
    raise(SIGSTOP);
    write_all(PASTE_ON, sizeof PASTE_ON - 1);
    clearok(curscr, TRUE);
}

void term_resize(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resize_term(size.ws_row, size.ws_col);
    clearok(curscr, TRUE);
}

/* ---- measuring ---- */

void term_probe_width(void)
{
    char text[64];
    if (LINES < PROBE_ROW || !strncmp(getenv("TERM") ? getenv("TERM") : "", "linux", 5))
        return; /* the console draws one cell, and prints a report that nobody asked for twice */
    int n = snprintf(text, sizeof text, "\0337\033[%d;1H\302\267\033[6n\033[%d;1H  \0338", PROBE_ROW,
                     PROBE_ROW);
    write_all(text, (size_t)n);
    term.asked = true;
}

bool term_probe_answer(int row, int col, bool *wide)
{
    if (!term.asked || row != PROBE_ROW || col < 2 || col > 3)
        return false;
    term.asked = false;
    *wide = col == 3;
    return true;
}

/* ---- the echo of a typed key ---- */

/* Curses compares whole lines before it writes one character; on a key's way that is most of the time. So the
 * character is written first, and curses does its bookkeeping afterwards with its output put aside. */
void term_echo(const char *bytes, size_t n)
{
    write_all(bytes, n);
}

bool term_refresh_unseen(const char *bytes, size_t n)
{
    char written[256];
    if (term.tty < 0 || term.unseen < 0)
        return false;
    if (ftruncate(term.unseen, 0) < 0 || lseek(term.unseen, 0, SEEK_SET) < 0
        || dup2(term.unseen, STDOUT_FILENO) < 0)
        return false;
    refresh();
    dup2(term.tty, STDOUT_FILENO);
    ssize_t got = pread(term.unseen, written, sizeof written, 0);
    return got == (ssize_t)n && !memcmp(written, bytes, n);
}

void term_beep(void)
{
    beep();
}

bool term_too_small(void)
{
    return LINES < TERM_MIN_ROWS || COLS < TERM_MIN_COLUMNS;
}

bool term_has_colours(void)
{
    return has_colors() == TRUE;
}
