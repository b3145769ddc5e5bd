#include "desk.h"

#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void fail_showing(struct desk *d, const char *wanted)
{
    terminal_show(d->t);
    fail_msg("not on the screen: \"%s\"", wanted);
}

const char *desk_password(void)
{
    static char password[128];
    const char *path = getenv("GUITAI_TEST_PASSWORD_FILE");
    FILE *f = path ? fopen(path, "r") : NULL;
    if (!f || !fgets(password, sizeof password, f))
        fail_msg("GUITAI_TEST_PASSWORD_FILE: no password");
    fclose(f);
    password[strcspn(password, "\n")] = '\0';
    return password;
}

/* The program finds a fresh state folder, a folder for its papers, and Chinese. */
static void prepare_environment(struct desk *d)
{
    char path[128];
    snprintf(d->folder, sizeof d->folder, "/tmp/guitai-screen-XXXXXX");
    if (!mkdtemp(d->folder))
        fail_msg("no folder for the test");
    setenv("GUITAI_STATE", d->folder, 1);
    snprintf(path, sizeof path, "%s/log", d->folder);
    setenv("GUITAI_LOG", path, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("LANG", "zh_CN.UTF-8", 1);
    setenv("TZ", "CST-8", 1);
    if (getenv("GUITAI_TEST_CA")) {
        setenv("PGHOST", "localhost", 1);
        setenv("PGSSLMODE", "verify-full", 1);
        setenv("PGSSLROOTCERT", getenv("GUITAI_TEST_CA"), 1);
        setenv("PGDATABASE", "guitai_320300", 1);
    }
    unsetenv("PGUSER");
    unsetenv("PGPASSFILE");
}

struct desk *desk_open(const struct terminal_options *options, const char *const arguments[])
{
    struct desk *d = calloc(1, sizeof *d);
    const char *argv[16] = {getenv("GUITAI_PROGRAM") ? getenv("GUITAI_PROGRAM") : "guitai"};
    char papers[80];
    size_t n = 1;
    prepare_environment(d);
    snprintf(papers, sizeof papers, "%s/", d->folder);
    argv[n++] = "--print-to";
    argv[n++] = papers;
    for (; arguments && *arguments && n < 15; arguments++)
        argv[n++] = *arguments;
    d->t = terminal_start(argv, options);
    if (!d->t)
        fail_msg("no pseudo-terminal");
    return d;
}

static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *e;
    char file[512];
    while (dir && (e = readdir(dir))) {
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            unlink(file);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

void desk_close(struct desk **d)
{
    if (!*d)
        return;
    terminal_free(&(*d)->t);
    remove_folder((*d)->folder);
    free(*d);
    *d = NULL;
}

void desk_sign_in(struct desk *d, const char *login)
{
    desk_expect(d, -1, "口令");
    terminal_type(d->t, login);
    terminal_type(d->t, "\r");
    terminal_type(d->t, desk_password());
    terminal_type(d->t, "\r");
    desk_expect(d, ROW_TITLE, "柜台");
    desk_expect(d, ROW_FOOTER, "库●");
    d->keys = 0;
}

void desk_type(struct desk *d, const char *text)
{
    for (const char *p = text; *p; p++)
        d->keys += ((unsigned char)*p & 0xC0) != 0x80;
    terminal_type(d->t, text);
}

void desk_enter(struct desk *d)
{
    d->keys++;
    terminal_type(d->t, "\r");
}

void desk_key(struct desk *d, int function_key)
{
    d->keys++;
    terminal_function_key(d->t, function_key);
}

void desk_scan(struct desk *d, const char *number)
{
    char text[64];
    snprintf(text, sizeof text, "%s\r", number);
    terminal_type(d->t, text);
}

void desk_expect(struct desk *d, int row, const char *text)
{
    if (!terminal_wait(d->t, row, text))
        fail_showing(d, text);
}

void desk_expect_gone(struct desk *d, int row, const char *text)
{
    if (!terminal_wait_gone(d->t, row, text))
        fail_showing(d, text);
}

void desk_expect_cursor(struct desk *d, int row, int column)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "cursor at %d,%d", row, column);
    if (!terminal_wait_cursor(d->t, row, column))
        fail_showing(d, wanted);
}

int desk_row_of(struct desk *d, const char *text)
{
    desk_expect(d, -1, text);
    return terminal_find(d->t, text);
}

void desk_read_number(struct desk *d, int row, char *out, size_t size)
{
    const char *text = terminal_row(d->t, row);
    for (const char *p = text; *p; p++) {
        size_t n = strspn(p, "0123456789");
        if (n >= 19 && n < size) {
            snprintf(out, size, "%.*s", (int)n, p);
            return;
        }
    }
    fail_showing(d, "a case number");
}

/* The rows that change by themselves: the minute, the figures, which other desks' acts move at any time. */
static char *rows_that_live(struct desk *d)
{
    char *rows = malloc(2048);
    assert_non_null(rows);
    snprintf(rows, 1024, "%s", terminal_row(d->t, ROW_HEADER));
    size_t n = strlen(rows);
    snprintf(rows + n, 2048 - n, "\n%s", terminal_row(d->t, ROW_FOOTER));
    return rows;
}

size_t desk_bytes_of_key(struct desk *d, const char *key, int row, int column)
{
    char *before = rows_that_live(d);
    size_t bytes = terminal_bytes(d->t);
    terminal_type(d->t, key);
    desk_expect_cursor(d, row, column);
    terminal_wait_quiet(d->t, 20);
    bytes = terminal_bytes(d->t) - bytes;
    char *after = rows_that_live(d);
    bool still = strcmp(before, after) == 0;
    free(before);
    free(after);
    return still ? bytes : 0;
}

static int count_papers(const struct desk *d, const char *part)
{
    int n = 0;
    struct dirent *e;
    DIR *dir = opendir(d->folder);
    while (dir && (e = readdir(dir)))
        n += strstr(e->d_name, part) != NULL;
    if (dir)
        closedir(dir);
    return n;
}

int desk_papers(struct desk *d, const char *part)
{
    for (int i = 0; i < TERMINAL_LIMIT_MS / 20 && !count_papers(d, part); i++)
        terminal_wait_quiet(d->t, 20);
    return count_papers(d, part);
}

void desk_new_citizen(char out[19])
{
    static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static unsigned serial;
    struct timespec ts;
    int sum = 0;
    clock_gettime(CLOCK_REALTIME, &ts);
    unsigned long random = (unsigned long)ts.tv_nsec / 1000 + (unsigned long)ts.tv_sec * 7919
                           + 104729UL * serial++;
    snprintf(out, 19, "320311%04lu%02lu%02lu%03lu", 1950 + random % 50, 1 + random / 50 % 12,
             1 + random / 600 % 28, random / 16800 % 1000);
    for (int i = 0; i < 17; i++)
        sum += (out[i] - '0') * weight[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = '\0';
}
