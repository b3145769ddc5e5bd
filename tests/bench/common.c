#include "common.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("bench: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void sleep_ms(int ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *values, size_t n)
{
    if (n == 0)
        die("no value was measured");
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

long parse_number(const char *what, const char *text, long min, long max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < min || value > max)
        die("%s: \"%s\" is not a number from %ld to %ld", what, text, min, max);
    return value;
}

const char *environment(const char *name)
{
    const char *value = getenv(name);
    if (!value || !*value)
        die("%s is not set", name);
    return value;
}

char *read_line_of(const char *path)
{
    char line[256];
    FILE *f = fopen(path, "r");
    if (!f)
        die("%s: %s", path, strerror(errno));
    char *got = fgets(line, sizeof line, f);
    fclose(f);
    if (!got)
        die("%s is empty", path);
    line[strcspn(line, "\r\n")] = '\0';
    char *copy = strdup(line);
    if (!copy)
        die("out of memory");
    return copy;
}

void citizen_number(const char *area, long n, char out[19])
{
    static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned long day = (unsigned long)n / 1000;
    int sum = 0;
    snprintf(out, 19, "%.6s190%lu%02lu%02lu%03lu", area, day / 336 % 10, day / 28 % 12 + 1, day % 28 + 1,
             (unsigned long)n % 1000);
    for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
        sum += (out[i] - '0') * weight[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = '\0';
}

/* UTF-8 of a character of three bytes. */
static char *put_character(char *at, unsigned code)
{
    *at++ = (char)(0xE0 | code >> 12);
    *at++ = (char)(0x80 | (code >> 6 & 0x3F));
    *at++ = (char)(0x80 | (code & 0x3F));
    return at;
}

void person_name(long n, char out[16])
{
    char *at = put_character(out, 0x738B);
    at = put_character(at, 0x4E00 + (unsigned)(n * 31 % 1499));
    *put_character(at, 0x4E00 + (unsigned)(n * 7919 % 1511)) = '\0';
}
