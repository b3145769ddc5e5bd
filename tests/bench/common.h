/* What the measuring programs share: clock, order statistics, giving up, synthetic persons.
 *
 * A measuring program prints one line per round on standard output, "<figure> <measured> <baseline>", and
 * nothing else; bench.sh takes the medians. It ends with status 1 and a reason on standard error when
 * something could not be measured: no line is ever printed for a value that was not taken. */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stddef.h>
#include <stdint.h>

/* Prints the reason and exits with 1. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Microseconds of a clock that never jumps. */
double now_us(void);
void sleep_ms(int ms);

/* Of `n` values; sorts them. Exits when n is 0. */
double median(double *values, size_t n);

/* A whole number from argv or the environment; exits unless it lies in min..max. */
long parse_number(const char *what, const char *text, long min, long max);
/* The variable's value; exits when it is not set. Borrowed. */
const char *environment(const char *name);
/* First line of a file, for a password. Owner: the caller. */
char *read_line_of(const char *path);

/* Citizen number of synthetic person n (0 .. 3,359,999) of an area: born 1900 to 1909, so nobody's who could
 * come to a window today. */
void citizen_number(const char *area, long n, char out[19]);
/* The same person's name, three characters; as in pgbench/accept.sql. */
void person_name(long n, char out[16]);

#endif
