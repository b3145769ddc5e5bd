/* A program on a pseudo-terminal, seen as the bytes that it writes.
 *
 * Measuring wants bytes and moments, not cells: tests/harness has the screen with rows and colours.
 * Everything that a program wrote stays in `text`, so a caller remembers a place in it and looks at what
 * came after. */
#ifndef BENCH_PTY_H
#define BENCH_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty {
    pid_t pid;
    int fd;
    char *text; /* all that was written, NUL-terminated */
    size_t len, size;
    bool ended;
    double last_us; /* moment of the newest byte */
};

/* Starts argv on a terminal of that size; the environment is inherited. Exits on failure. */
void pty_start(struct pty *p, int columns, int rows, char *const argv[]);
void pty_send(struct pty *p, const char *bytes, size_t n);
void pty_type(struct pty *p, const char *text);
/* Takes what is there, waiting at most so long; number of new bytes. */
size_t pty_read(struct pty *p, int timeout_us);
/* Waits until `text` stands in what came after place `from`; exits when it does not come or the program
 * ends. */
void pty_wait(struct pty *p, size_t from, const char *text, int limit_ms);
/* True when it stands there already. */
bool pty_has(const struct pty *p, size_t from, const char *text);
/* Reads until nothing came for `quiet_ms`; number of bytes. */
size_t pty_settle(struct pty *p, int quiet_ms);
/* Resident memory in bytes. Exits when it cannot be read. */
long pty_resident(const struct pty *p);
/* Ends the program (hang-up, then kill) and frees everything. */
void pty_stop(struct pty *p);

#endif
