/* Identifiers: citizen numbers, social credit codes, phone numbers, case numbers.
 *
 * Shape only (length, characters, check digit, date). Whether a number may be used is the database's business,
 * which checks the shape again. Functions are pure. Input may be full-width; it is folded. */
#ifndef GUITAI_BASE_IDCHECK_H
#define GUITAI_BASE_IDCHECK_H

#include "guitai/base/err.h"

#include <stddef.h>

#define ID_CITIZEN_LEN 18
#define ID_CREDIT_LEN 18
#define ID_CASE_MAX 24

struct citizen_info {
    char number[ID_CITIZEN_LEN + 1]; /* normal form: 18 characters, X in upper case */
    int year, month, day;            /* of birth */
    bool male;
    char division[7];                /* 6 digits */
    const char *division_name;       /* known name in Chinese, or NULL: warn, never refuse (historical codes) */
};

/* Citizen number, GB 11643-1999, check by ISO 7064 MOD 11-2; a 15-digit number is lengthened with 19 and its
 * check. The date must exist and lie between 1850-01-01 (the standard's own specimens are of 1880) and today. Errors say which part is wrong. */
bool idcheck_citizen(const char *text, struct citizen_info *out, struct err *e);

struct credit_info {
    char code[ID_CREDIT_LEN + 1];
    char division[7];
    const char *division_name; /* or NULL */
    const char *authority;     /* registry class in words (机构编制, 民政, 工商 …), or NULL */
};

/* Unified social credit code, GB 32100-2015: 31 characters, inner check GB 11714, outer check mod 31. */
bool idcheck_credit(const char *text, struct credit_info *out, struct err *e);

/* Mainland mobile (11 digits from 1) or fixed line (area code 0…, with or without hyphen, extension after a
 * second hyphen). `out` receives the normal form. */
bool idcheck_phone(const char *text, char *out, size_t size, struct err *e);

/* Case number: division 6, window 2, date 6 (YYMMDD, must exist), serial >= 4, check 1 (ISO 7064 MOD 11,10). Blanks
 * and hyphens are dropped. `out` needs ID_CASE_MAX + 1 bytes. */
bool idcheck_case_number(const char *text, char *out, struct err *e);
/* The check digit '0'..'9' over `n` digits, ISO 7064 MOD 11,10. */
char idcheck_mod11_10(const char *digits, size_t n);

/* Masks for lists and receipts: citizen 6+8*+4, phone 3+4*+4. `out` receives the masked text. */
void idcheck_mask_number(const char *number, char *out, size_t size);
void idcheck_mask_phone(const char *phone, char *out, size_t size);

#endif
