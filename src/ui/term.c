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
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* Row of the probe. Not 1: xterm sends Shift-F3 as ESC [ 1 ; 2 R, which looks like a report of row 1. */
#define PROBE_ROW 3

static struct {
    SCREEN *screen;
    WINDOW *keys; /* a pad: reading from it never draws */
    bool active, asked;
    struct termios saved;
    bool saved_ok;
    char farewell[256]; /* what a crash handler writes: prepared, because it may not call curses */
    size_t farewell_len;
    int pipe[2];
} term = {.pipe = {-1, -1}};

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof *crash_signals)
static struct sigaction old_crash[CRASH_SIGNALS];

static void write_all(const char *text, size_t n)
{
    while (n) {
        ssize_t done = write(STDOUT_FILENO, text, n);
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

static const struct {
    const char *bytes;
    int code;
} aliases[] = {
    {"\033[200~", OWN_PASTE_BEGIN}, {"\033[201~", OWN_PASTE_END},
    {"\033[H", OWN_HOME}, {"\033OH", OWN_HOME}, {"\033[1~", OWN_HOME}, {"\033[7~", OWN_HOME},
    {"\033[F", OWN_END}, {"\033OF", OWN_END}, {"\033[4~", OWN_END}, {"\033[8~", OWN_END},
    {"\033[2~", OWN_INSERT}, {"\033[3~", OWN_DELETE}, {"\033[5~", OWN_PAGE_UP}, {"\033[6~", OWN_PAGE_DOWN},
    {"\033[A", OWN_UP}, {"\033OA", OWN_UP}, {"\033[B", OWN_DOWN}, {"\033OB", OWN_DOWN},
    {"\033[C", OWN_RIGHT}, {"\033OC", OWN_RIGHT}, {"\033[D", OWN_LEFT}, {"\033OD", OWN_LEFT},
    {"\033[1;5C", OWN_WORD_RIGHT}, {"\033[1;3C", OWN_WORD_RIGHT}, {"\033[5C", OWN_WORD_RIGHT}, {"\033Oc", OWN_WORD_RIGHT},
    {"\033[1;5D", OWN_WORD_LEFT}, {"\033[1;3D", OWN_WORD_LEFT}, {"\033[5D", OWN_WORD_LEFT}, {"\033Od", OWN_WORD_LEFT},
    {"\033[Z", OWN_BACKTAB}, {"\033[1;2Z", OWN_BACKTAB},
    {"\033[I", OWN_FOCUS}, {"\033[O", OWN_FOCUS},
    /* F1 to F4: xterm, vt220 and rxvt, linux */
    {"\033OP", OWN_F0 + 1}, {"\033OQ", OWN_F0 + 2}, {"\033OR", OWN_F0 + 3}, {"\033OS", OWN_F0 + 4},
    {"\033[11~", OWN_F0 + 1}, {"\033[12~", OWN_F0 + 2}, {"\033[13~", OWN_F0 + 3}, {"\033[14~", OWN_F0 + 4},
    {"\033[[A", OWN_F0 + 1}, {"\033[[B", OWN_F0 + 2}, {"\033[[C", OWN_F0 + 3}, {"\033[[D", OWN_F0 + 4},
    {"\033[[E", OWN_F0 + 5}, {"\033[15~", OWN_F0 + 5}, {"\033[17~", OWN_F0 + 6}, {"\033[18~", OWN_F0 + 7},
    {"\033[19~", OWN_F0 + 8}, {"\033[20~", OWN_F0 + 9}, {"\033[21~", OWN_F0 + 10}, {"\033[23~", OWN_F0 + 11},
    {"\033[24~", OWN_F0 + 12},
    /* Shift-F6 */
    {"\033[17;2~", OWN_F0 + 18}, {"\033[32~", OWN_F0 + 18},
    /* the numeric keypad in application mode: its digits are digits whatever the terminal calls them */
    {"\033OM", OWN_ENTER}, {"\033Op", OWN_KEYPAD0 + '0'}, {"\033Oq", OWN_KEYPAD0 + '1'}, {"\033Or", OWN_KEYPAD0 + '2'},
    {"\033Os", OWN_KEYPAD0 + '3'}, {"\033Ot", OWN_KEYPAD0 + '4'}, {"\033Ou", OWN_KEYPAD0 + '5'},
    {"\033Ov", OWN_KEYPAD0 + '6'}, {"\033Ow", OWN_KEYPAD0 + '7'}, {"\033Ox", OWN_KEYPAD0 + '8'},
    {"\033Oy", OWN_KEYPAD0 + '9'}, {"\033On", OWN_KEYPAD0 + '.'}, {"\033Om", OWN_KEYPAD0 + '-'},
    {"\033Ok", OWN_KEYPAD0 + '+'}, {"\033Oj", OWN_KEYPAD0 + '*'}, {"\033Oo", OWN_KEYPAD0 + '/'},
    {"\033Ol", OWN_KEYPAD0 + ','},
};

/* TERM is often wrong at a thin client: every known spelling of a key is accepted whatever it says. */
static void define_keys(void)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        define_key(aliases[i].bytes, aliases[i].code);
}

int term_read(void)
{
    return term.keys ? wgetch(term.keys) : ERR;
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

static bool open_pipe(struct err *e)
{
    if (term.pipe[0] >= 0)
        return true;
    if (pipe2(term.pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return err_set(e, ERR_IO, "pipe: %s", strerror(errno));
    return true;
}

static bool take_over(int escape_ms, struct err *e)
{
    /* Not initscr(): it ends the program by itself when TERM is unknown. */
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen)
        return err_set(e, ERR_INPUT, _("Terminal type \"%s\" is unknown: set TERM, e.g. TERM=xterm-256color"),
                       getenv("TERM") ? getenv("TERM") : "");
    const char *cup = tigetstr((char *)(uintptr_t)"cup");
    if (!cup || cup == (const char *)-1) {
        endwin();
        delscreen(term.screen);
        term.screen = NULL;
        return err_set(e, ERR_INPUT, _("Terminal type \"%s\" cannot place the cursor"), getenv("TERM"));
    }
    raw();
    noecho();
    nonl();
    set_escdelay(escape_ms > 0 ? escape_ms : 50);
    term.keys = newpad(1, 1);
    keypad(term.keys, TRUE);
    nodelay(term.keys, TRUE);
    leaveok(stdscr, FALSE);
    typeahead(-1); /* the loop itself draws only when no key waits */
    return true;
}

bool term_start(int escape_ms, struct err *e)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(e, ERR_INPUT, _("The screen needs a terminal; for scripts use the commands, see guitai --help"));
    if (!open_pipe(e))
        return false;
    term.saved_ok = tcgetattr(STDIN_FILENO, &term.saved) == 0;
    if (!take_over(escape_ms, e))
        return false;
    prepare_farewell();
    term.active = true;
    catch_signals(); /* after curses, whose own handlers would draw or exit behind the loop's back */
    atexit(term_stop);
    define_keys();
    write_all(PASTE_ON, sizeof PASTE_ON - 1);
    return true;
}

void term_stop(void)
{
    if (!term.active)
        return;
    term.active = false;
    write_all(PASTE_OFF, sizeof PASTE_OFF - 1);
    delwin(term.keys);
    term.keys = NULL;
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
    int n = snprintf(text, sizeof text, "\0337\033[%d;1H\302\267\033[6n\033[%d;1H  \0338", PROBE_ROW, PROBE_ROW);
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
