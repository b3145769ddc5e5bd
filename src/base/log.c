#include "guitai/base/log.h"

#include "guitai/base/paths.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static FILE *out;
static const char *name = "guitai";

void log_open(const char *program)
{
    name = program;
    const char *place = getenv("GUITAI_LOG");
    char path[PATH_MAX];
    if (place && strcmp(place, "-") == 0) {
        out = stderr;
        return;
    }
    int more = 0;
    if (!place || !*place) {
        struct err e;
        if (!paths_state("guitai.log", path, sizeof path, &e))
            return;
        place = path;
        more = O_NOFOLLOW; /* where somebody named a place himself, a link such as /dev/stdout is meant */
    }
    int fd = open(place, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | more, 0600);
    out = fd >= 0 ? fdopen(fd, "a") : NULL;
}

void log_close(void)
{
    if (out && out != stderr)
        fclose(out);
    out = NULL;
}

void log_line(const char *fmt, ...)
{
    if (!out)
        return;
    char when[32];
    time_t now = time(NULL);
    struct tm tm;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &tm));
    fprintf(out, "%s %s[%ld] ", when, name, (long)getpid());
    va_list ap;
    va_start(ap, fmt);
    vfprintf(out, fmt, ap);
    va_end(ap);
    fputc('\n', out);
    fflush(out);
}
