/* One log for the station: a file under the state folder, never the screen, never personal data or passwords. */
#ifndef GUITAI_BASE_LOG_H
#define GUITAI_BASE_LOG_H

/* Opens (appends) the log file; before that, and when it cannot be opened, lines are dropped. GUITAI_LOG overrides
 * the place; "-" is standard error (commands without a screen). */
void log_open(const char *program);
void log_close(void);
/* One line with time and program; printf style. */
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
