#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#define RAW_MAX 65536

struct terminal {
    int fd, keep; /* master; a second handle on the slave, so that its settings can be read after the
                     program's end */
    pid_t pid;
    int status;
    bool ended;
    VTerm *vt;
    VTermScreen *screen;
    int rows, columns;
    bool wide_ambiguous, application_cursor;
    char term[40];
    struct termios before;
    size_t bytes;
    char raw[RAW_MAX];
    size_t raw_len;
    long long sent_at, echoed_at;
    char row[TERMINAL_ROW_MAX];
};

static long long now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (long long)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* ---- start and end ---- */

static void set_environment(const struct terminal_options *o)
{
    setenv("TERM", o->term ? o->term : "xterm-256color", 1);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    for (const char *const *e = o->environ; e && *e; e++) {
        char name[128];
        const char *equals = strchr(*e, '=');
        if (!equals)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(equals - *e), *e);
        setenv(name, equals + 1, 1);
    }
}

static void run_program(struct terminal *t, int slave, const char *const argv[],
                        const struct terminal_options *o)
{
    close(t->fd);
    login_tty(slave);
    set_environment(o);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void open_screen(struct terminal *t)
{
    t->vt = vterm_new(t->rows, t->columns);
    vterm_set_utf8(t->vt, 1);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_reset(t->screen, 1);
}

struct terminal *terminal_start(const char *const argv[], const struct terminal_options *options)
{
    static const struct terminal_options defaults;
    const struct terminal_options *o = options ? options : &defaults;
    struct terminal *t = calloc(1, sizeof *t);
    struct winsize size;
    int slave;
    t->rows = o->rows ? o->rows : 24;
    t->columns = o->columns ? o->columns : 80;
    t->wide_ambiguous = o->wide_ambiguous;
    snprintf(t->term, sizeof t->term, "%s", o->term ? o->term : "xterm-256color");
    size = (struct winsize){.ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->columns};
    if (openpty(&t->fd, &slave, NULL, NULL, &size) < 0) {
        free(t);
        return NULL;
    }
    tcgetattr(slave, &t->before);
    t->keep = fcntl(slave, F_DUPFD_CLOEXEC, 10);
    fcntl(t->fd, F_SETFD, FD_CLOEXEC);
    open_screen(t);
    t->pid = fork();
    if (t->pid == 0)
        run_program(t, slave, argv, o);
    close(slave);
    fcntl(t->fd, F_SETFL, O_NONBLOCK);
    return t;
}

static void reap(struct terminal *t, int flags)
{
    if (!t->ended && waitpid(t->pid, &t->status, flags) == t->pid)
        t->ended = true;
}

void terminal_free(struct terminal **where)
{
    struct terminal *t = *where;
    if (!t)
        return;
    reap(t, WNOHANG);
    if (!t->ended) {
        kill(t->pid, SIGKILL);
        reap(t, 0);
    }
    vterm_free(t->vt);
    close(t->fd);
    close(t->keep);
    free(t);
    *where = NULL;
}

/* ---- pumping ---- */

static void note_raw(struct terminal *t, const char *bytes, size_t n)
{
    if (t->raw_len + n > RAW_MAX) {
        size_t drop = t->raw_len + n - RAW_MAX;
        memmove(t->raw, t->raw + drop, t->raw_len - drop);
        t->raw_len -= drop;
    }
    memcpy(t->raw + t->raw_len, bytes, n);
    t->raw_len += n;
    t->bytes += n;
    if (t->sent_at && !t->echoed_at)
        t->echoed_at = now_us();
    for (size_t i = 0; i + 4 < n; i++)
        if (!memcmp(bytes + i, "\033[?1", 4) && (bytes[i + 4] == 'h' || bytes[i + 4] == 'l'))
            t->application_cursor = bytes[i + 4] == 'h';
}

/* What the terminal itself says, e.g. where the cursor is. */
static void answer_queries(struct terminal *t)
{
    char bytes[256];
    size_t n = vterm_output_read(t->vt, bytes, sizeof bytes);
    if (!n)
        return;
    if (t->wide_ambiguous && n == 6 && !memcmp(bytes, "\033[3;2R", 6))
        bytes[4] = '3';
    ssize_t done = write(t->fd, bytes, n);
    (void)done;
}

/* One round: true when something came. */
static bool pump(struct terminal *t, int wait_ms)
{
    char bytes[8192];
    struct pollfd fd = {t->fd, POLLIN, 0};
    if (poll(&fd, 1, wait_ms) <= 0)
        return false;
    ssize_t n = read(t->fd, bytes, sizeof bytes);
    if (n <= 0) {
        reap(t, WNOHANG);
        if (!t->ended)
            poll(NULL, 0, 1); /* the end of the program is a moment behind the end of its terminal */
        return false;
    }
    note_raw(t, bytes, (size_t)n);
    vterm_input_write(t->vt, bytes, (size_t)n);
    answer_queries(t);
    return true;
}

static bool expired(long long since)
{
    return now_us() - since > (long long)TERMINAL_LIMIT_MS * 1000;
}

bool terminal_wait(struct terminal *t, int row, const char *text)
{
    long long since = now_us();
    while (!terminal_has(t, row, text)) {
        if (expired(since))
            return false;
        pump(t, 20);
    }
    return true;
}

bool terminal_wait_gone(struct terminal *t, int row, const char *text)
{
    long long since = now_us();
    while (terminal_has(t, row, text)) {
        if (expired(since))
            return false;
        pump(t, 20);
    }
    return true;
}

bool terminal_wait_cursor(struct terminal *t, int row, int column)
{
    long long since = now_us();
    int y, x;
    for (;;) {
        terminal_cursor(t, &y, &x);
        if (y == row && x == column)
            return true;
        if (expired(since))
            return false;
        pump(t, 20);
    }
}

void terminal_wait_quiet(struct terminal *t, int ms)
{
    long long since = now_us();
    while (pump(t, ms) && !expired(since))
        ;
}

int terminal_wait_exit(struct terminal *t)
{
    long long since = now_us();
    while (!t->ended && !expired(since)) {
        pump(t, 20);
        reap(t, WNOHANG);
    }
    while (pump(t, 0))
        ;
    return t->ended ? t->status : -1;
}

/* ---- sending ---- */

void terminal_send(struct terminal *t, const void *bytes, size_t n)
{
    const char *p = bytes;
    long long since = now_us();
    t->sent_at = since;
    t->echoed_at = 0;
    while (n && !expired(since)) {
        ssize_t done = write(t->fd, p, n);
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        } else {
            pump(t, 5); /* the line is full: let the program talk */
        }
    }
}

void terminal_type(struct terminal *t, const char *text)
{
    terminal_send(t, text, strlen(text));
}

void terminal_function_key(struct terminal *t, int n)
{
    static const char *const vt[] = {"",         "\033[11~", "\033[12~", "\033[13~", "\033[14~",
                                     "\033[15~", "\033[17~", "\033[18~", "\033[19~", "\033[20~",
                                     "\033[21~", "\033[23~", "\033[24~"};
    static const char *const ss3[] = {"", "\033OP", "\033OQ", "\033OR", "\033OS"};
    static const char *const console[] = {"", "\033[[A", "\033[[B", "\033[[C", "\033[[D", "\033[[E"};
    if (n == 18)
        terminal_type(t, "\033[17;2~");
    else if (!strcmp(t->term, "linux") && n <= 5)
        terminal_type(t, console[n]);
    else if (n <= 4)
        terminal_type(t, ss3[n]);
    else
        terminal_type(t, vt[n]);
}

void terminal_resize(struct terminal *t, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    t->rows = rows;
    t->columns = columns;
    vterm_set_size(t->vt, rows, columns);
    ioctl(t->fd, TIOCSWINSZ, &size);
}

void terminal_signal(struct terminal *t, int sig)
{
    kill(t->pid, sig);
}

/* ---- looking ---- */

static bool cell_at(struct terminal *t, int row, int column, VTermScreenCell *cell)
{
    VTermPos pos = {.row = row, .col = column};
    return row >= 0 && row < t->rows && column >= 0 && column < t->columns
           && vterm_screen_get_cell(t->screen, pos, cell);
}

static size_t encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

const char *terminal_row(struct terminal *t, int row)
{
    size_t n = 0;
    VTermScreenCell cell;
    for (int column = 0; column < t->columns && cell_at(t, row, column, &cell);) {
        if (!cell.chars[0])
            t->row[n++] = ' ';
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && n + 8 < TERMINAL_ROW_MAX; i++)
            n += encode(cell.chars[i], t->row + n);
        column += cell.width > 0 ? cell.width
                                 : 1; /* the right half of a wide character is a cell of its own */
    }
    while (n && t->row[n - 1] == ' ')
        n--;
    t->row[n] = '\0';
    return t->row;
}

bool terminal_has(struct terminal *t, int row, const char *text)
{
    if (row >= 0)
        return strstr(terminal_row(t, row), text) != NULL;
    return terminal_find(t, text) >= 0;
}

int terminal_find(struct terminal *t, const char *text)
{
    for (int row = 0; row < t->rows; row++)
        if (strstr(terminal_row(t, row), text))
            return row;
    return -1;
}

int terminal_cell_width(struct terminal *t, int row, int column)
{
    VTermScreenCell cell;
    if (!cell_at(t, row, column, &cell) || cell.chars[0] == (uint32_t)-1)
        return 0;
    return cell.width;
}

uint32_t terminal_cell_char(struct terminal *t, int row, int column)
{
    VTermScreenCell cell;
    return cell_at(t, row, column, &cell) ? cell.chars[0] : 0;
}

bool terminal_cell_plain(struct terminal *t, int row, int column)
{
    VTermScreenCell cell;
    return cell_at(t, row, column, &cell) && !cell.attrs.bold && !cell.attrs.reverse && !cell.attrs.underline;
}

void terminal_cursor(struct terminal *t, int *row, int *column)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &pos);
    *row = pos.row;
    *column = pos.col;
}

size_t terminal_bytes(const struct terminal *t)
{
    return t->bytes;
}

const char *terminal_output(const struct terminal *t, size_t *n)
{
    *n = t->raw_len;
    return t->raw;
}

long terminal_echo_us(const struct terminal *t)
{
    return t->echoed_at ? (long)(t->echoed_at - t->sent_at) : -1;
}

bool terminal_restored(const struct terminal *t)
{
    struct termios now;
    return tcgetattr(t->keep, &now) == 0 && now.c_iflag == t->before.c_iflag
           && now.c_oflag == t->before.c_oflag && now.c_lflag == t->before.c_lflag;
}

void terminal_show(struct terminal *t)
{
    int y, x;
    terminal_cursor(t, &y, &x);
    fprintf(stderr, "---- screen, cursor at %d,%d ----\n", y, x);
    for (int row = 0; row < t->rows; row++)
        fprintf(stderr, "%2d|%s\n", row, terminal_row(t, row));
}
