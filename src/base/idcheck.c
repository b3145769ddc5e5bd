#include "guitai/base/idcheck.h"

#include "division.h"
#include "guitai/base/date.h"
#include "guitai/base/i18n.h"
#include "guitai/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FOLDED_MAX 64

/* Folds full-width forms, drops blanks and hyphens, upper-cases. False when other characters remain. */
static bool fold(const char *text, const char *drop, char *out, size_t size)
{
    size_t n = strlen(text), len = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += utf8_decode(text + i, n - i, &cp);
        cp = utf8_fold_width(cp);
        if (cp < 0x80 && strchr(drop, (int)cp))
            continue;
        if (cp >= 0x80 || len + 1 >= size)
            return false;
        out[len++] = (char)toupper((int)cp);
    }
    out[len] = '\0';
    return true;
}

static bool digits_only(const char *s, size_t n)
{
    return strspn(s, "0123456789") >= n;
}

/* ISO 7064 MOD 11-2 over 17 digits, as GB 11643-1999 writes it. */
static char citizen_check(const char *body)
{
    static const int weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (body[i] - '0') * weight[i];
    return "10X98765432"[sum % 11];
}

static bool lengthen(char *s)
{
    char longer[ID_CITIZEN_LEN + 1];
    if (!digits_only(s, 15))
        return false;
    memcpy(longer, s, 6);
    memcpy(longer + 6, "19", 2);
    memcpy(longer + 8, s + 6, 10); /* the rest with its NUL */
    longer[17] = citizen_check(longer);
    longer[18] = '\0';
    memcpy(s, longer, sizeof longer);
    return true;
}

static bool citizen_birth(const char *s, struct citizen_info *out, struct err *e)
{
    sscanf(s + 6, "%4d%2d%2d", &out->year, &out->month, &out->day);
    struct date birth = { out->year, out->month, out->day };
    if (!date_valid(birth))
        return err_set(e, ERR_INPUT, _("the birth date %.8s in the number does not exist: compare with the card"), s + 6);
    if (out->year < 1850 || date_to_days(birth) > date_to_days(date_today()))
        return err_set(e, ERR_INPUT, _("the birth date %.8s in the number cannot be: compare with the card"), s + 6);
    return true;
}

bool idcheck_citizen(const char *text, struct citizen_info *out, struct err *e)
{
    char s[FOLDED_MAX];
    bool clean = fold(text, " ", s, sizeof s);
    if (clean && strlen(s) == 15 && !lengthen(s))
        clean = false;
    if (!clean || strlen(s) != ID_CITIZEN_LEN)
        return err_set(e, ERR_INPUT, _("a citizen number has 18 characters (or 15 of the old kind), this has %zu"),
                       utf8_count(text));
    if (!digits_only(s, 17) || !strchr("0123456789X", s[17]))
        return err_set(e, ERR_INPUT, _("a citizen number has digits only, the last one may be X"));
    *out = (struct citizen_info){ .male = (s[16] - '0') % 2 == 1 };
    if (!citizen_birth(s, out, e))
        return false;
    if (citizen_check(s) != s[17])
        return err_set(e, ERR_INPUT, _("the check digit is wrong (%c, should be %c): compare with the card"), s[17],
                       citizen_check(s));
    memcpy(out->number, s, sizeof out->number);
    memcpy(out->division, s, 6);
    out->division_name = division_name(out->division);
    return true;
}

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int credit_value(char c)
{
    const char *p = c ? strchr(credit_alphabet, c) : NULL;
    return p ? (int)(p - credit_alphabet) : -1;
}

static char credit_check(const char *s)
{
    static const int weight[] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += credit_value(s[i]) * weight[i];
    return credit_alphabet[(31 - sum % 31) % 31];
}

/* GB 11714 check of the subject part (characters 9 to 16, check at 17). Letters count 10 for A to 35 for Z there. */
static char subject_check(const char *subject)
{
    static const int weight[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        int value = isdigit((unsigned char)subject[i]) ? subject[i] - '0' : subject[i] - 'A' + 10;
        sum += value * weight[i];
    }
    return "0X987654321"[sum % 11];
}

static const char *credit_authority(char c)
{
    switch (c) {
    case '1': return "机构编制";
    case '2': return "外交";
    case '3': return "司法行政";
    case '4': return "文化";
    case '5': return "民政";
    case '6': return "旅游";
    case '7': return "宗教";
    case '8': return "工会";
    case '9': return "市场监管";
    case 'A': return "中央军委改革和编制办公室";
    case 'N': return "农业农村";
    default: return NULL;
    }
}

bool idcheck_credit(const char *text, struct credit_info *out, struct err *e)
{
    char s[FOLDED_MAX];
    if (!fold(text, " -", s, sizeof s) || strlen(s) != ID_CREDIT_LEN)
        return err_set(e, ERR_INPUT, _("a social credit code has 18 characters, this has %zu"), utf8_count(text));
    for (int i = 0; i < ID_CREDIT_LEN; i++)
        if (credit_value(s[i]) < 0)
            return err_set(e, ERR_INPUT, _("character %d (%c) is not used in credit codes (no I O S V Z)"), i + 1, s[i]);
    if (!digits_only(s + 2, 6))
        return err_set(e, ERR_INPUT, _("characters 3 to 8 of a credit code are a division code: digits only"));
    if (subject_check(s + 8) != s[16])
        return err_set(e, ERR_INPUT, _("the check of the subject part (character 17) is wrong: compare with the licence"));
    if (credit_check(s) != s[17])
        return err_set(e, ERR_INPUT, _("the last character is wrong (%c, should be %c): compare with the licence"), s[17],
                       credit_check(s));
    *out = (struct credit_info){ .authority = credit_authority(s[0]) };
    memcpy(out->code, s, sizeof out->code);
    memcpy(out->division, s + 2, 6);
    out->division_name = division_name(out->division);
    return true;
}

bool idcheck_phone(const char *text, char *out, size_t size, struct err *e)
{
    char s[FOLDED_MAX];
    bool ok = fold(text, " ()", s, sizeof s);
    size_t digits = 0;
    for (const char *p = s; ok && *p; p++) {
        ok = isdigit((unsigned char)*p) || (*p == '-' && p != s);
        digits += isdigit((unsigned char)*p) != 0;
    }
    bool mobile = ok && s[0] == '1' && digits == 11 && !strchr(s, '-');
    bool fixed = ok && s[0] == '0' && digits >= 10 && digits <= 18;
    if (!mobile && !fixed) {
        err_set(e, ERR_INPUT, _("“%s” is not a phone number"), text);
        return err_hint(e, "%s", _("11 digits from 1, or area code and number: 0516-83700000"));
    }
    snprintf(out, size, "%s", s);
    return true;
}

char idcheck_mod11_10(const char *digits, size_t n)
{
    int p = 10;
    for (size_t i = 0; i < n; i++) {
        int s = (digits[i] - '0' + p) % 10;
        p = (s == 0 ? 10 : s) * 2 % 11;
    }
    return (char)('0' + (11 - p) % 10);
}

bool idcheck_case_number(const char *text, char *out, struct err *e)
{
    char s[FOLDED_MAX];
    bool ok = fold(text, " -", s, sizeof s);
    size_t n = ok ? strlen(s) : 0;
    if (n < 19 || n > ID_CASE_MAX || !digits_only(s, n))
        return err_set(e, ERR_INPUT, _("a case number has 19 digits (division, window, date, serial, check)"));
    struct date day = { 0, 0, 0 };
    sscanf(s + 8, "%2d%2d%2d", &day.year, &day.month, &day.day);
    day.year += 2000;
    if (!date_valid(day))
        return err_set(e, ERR_INPUT, _("the date %.6s in the case number does not exist: compare with the receipt"), s + 8);
    if (idcheck_mod11_10(s, n - 1) != s[n - 1])
        return err_set(e, ERR_INPUT, _("the check digit of the case number is wrong: compare with the receipt"));
    memcpy(out, s, n + 1);
    return true;
}

/* Hides all but the first `head` and last `tail` characters. */
static void mask(const char *text, size_t head, size_t tail, char *out, size_t size)
{
    size_t n = strlen(text);
    snprintf(out, size, "%s", text);
    if (n <= head + tail) {
        head = n > 2 ? 1 : 0;
        tail = 0;
    }
    for (size_t i = head; i + tail < n && i + 1 < size; i++)
        out[i] = '*';
}

void idcheck_mask_number(const char *number, char *out, size_t size)
{
    mask(number, 6, 4, out, size);
}

void idcheck_mask_phone(const char *phone, char *out, size_t size)
{
    mask(phone, 3, 4, out, size);
}
