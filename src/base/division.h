/* Names of administrative divisions (GB/T 2260) for the read-out beside a number. Never used to refuse:
 * a number may carry a historical code. */
#ifndef GUITAI_BASE_DIVISION_H
#define GUITAI_BASE_DIVISION_H

/* Name of the most exact known unit of a six-digit code: county, else city, else province; NULL when unknown. */
const char *division_name(const char *code);

#endif
