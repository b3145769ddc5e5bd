#include "admin.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_FILE_MAX 4096
#define SIGNALS 5

static bool check(const char *password, struct err *e)
{
    if (utf8_count(password) < PASSWORD_MIN_CHARS)
        return err_set(e, ERR_INPUT, _("the password has fewer than %d characters"), PASSWORD_MIN_CHARS);
    return true;
}

static bool from_file(const char *file, char *out, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(file, PASSWORD_FILE_MAX, &text, &len, e))
        return false;
    size_t n = strcspn(text, "\r\n");
    bool fits = n < PASSWORD_MAX_BYTES && utf8_valid(text, n);
    if (fits) {
        memcpy(out, text, n);
        out[n] = '\0';
    }
    wipe(text, len);
    free(text);
    return fits ? check(out, e) : err_set(e, ERR_INPUT, _("%s: the first line is no password"), file);
}

static volatile sig_atomic_t caught;

static void note_signal(int signal)
{
    caught = signal;
}

/* Signals that end the program or hold it break the read off: the terminal is restored first. */
static void on_signals(struct sigaction *before, bool begin)
{
    static const int signals[SIGNALS] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
    struct sigaction note = { .sa_handler = note_signal };
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i], begin ? &note : &before[i], begin ? &before[i] : NULL);
}

/* One line from the terminal without echo. The terminal is restored whatever happens. */
static bool ask(int tty, const char *prompt, char *out, struct err *e)
{
    struct sigaction actions[SIGNALS];
    struct termios before, quiet;
    if (tcgetattr(tty, &before) != 0)
        return err_set(e, ERR_IO, _("the terminal cannot hide the password"));
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    caught = 0;
    on_signals(actions, true);
    tcsetattr(tty, TCSAFLUSH, &quiet);
    (void)!write(tty, prompt, strlen(prompt));
    ssize_t n = read(tty, out, PASSWORD_MAX_BYTES - 1);
    tcsetattr(tty, TCSAFLUSH, &before);
    (void)!write(tty, "\n", 1);
    on_signals(actions, false);
    if (caught)
        raise(caught);
    if (n <= 0)
        return err_set(e, ERR_INPUT, _("no password was given"));
    out[n] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

static bool ask_twice(int tty, const char *login, char *out, struct err *e)
{
    char prompt[160], again[PASSWORD_MAX_BYTES] = "";
    snprintf(prompt, sizeof prompt, _("Password for %s: "), login);
    bool ok = ask(tty, prompt, out, e) && check(out, e) && ask(tty, _("Once more: "), again, e);
    if (ok && strcmp(out, again) != 0)
        ok = err_set(e, ERR_INPUT, _("the two passwords differ"));
    wipe(again, sizeof again);
    return ok;
}

bool password_read(const char *file, const char *login, char *out, struct err *e)
{
    out[0] = '\0';
    if (file)
        return from_file(file, out, e);
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0) {
        err_set(e, ERR_INPUT, _("there is no terminal to ask for the password"));
        return err_hint(e, "%s", _("say --password-file FILE"));
    }
    bool ok = ask_twice(tty, login, out, e);
    close(tty);
    return ok;
}
