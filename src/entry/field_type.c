#include "field_type.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_WHOLE 15
#define NUMBER_FRACTION 6
#define MONEY_WHOLE 13
#define MONEY_FRACTION 2
#define PHONE_SIZE 40

static const struct field_type types[FIELD_KIND_COUNT] = {
    [FIELD_TEXT] = { .name = "text", .width = 40, .max_chars = 200, .text = true, .repeat = true },
    [FIELD_MULTILINE] = { .name = "multiline", .width = 60, .max_chars = 1000, .text = true, .repeat = true },
    [FIELD_NUMBER] = { .name = "number", .width = 12, .max_chars = 16, .text = true, .repeat = true },
    [FIELD_MONEY] = { .name = "money", .width = 14, .max_chars = 16, .text = true, .repeat = true },
    [FIELD_DATE] = { .name = "date", .width = 12, .max_chars = 14, .text = true, .repeat = true },
    [FIELD_YESNO] = { .name = "yesno", .width = 4, .max_chars = 1, .repeat = true },
    [FIELD_CHOICE] = { .name = "choice", .width = 34, .max_chars = 40, .repeat = true },
    [FIELD_CITIZEN] = { .name = "citizen",
                        .width = 20,
                        .max_chars = ID_CITIZEN_LEN,
                        .text = true,
                        .fixed = true,
                        .repeat = true,
                        .auto_advance = true,
                        .upper = true },
    [FIELD_CREDIT] = { .name = "credit",
                       .width = 20,
                       .max_chars = ID_CREDIT_LEN,
                       .text = true,
                       .fixed = true,
                       .repeat = true,
                       .auto_advance = true,
                       .upper = true },
    [FIELD_PHONE] = { .name = "phone", .width = 20, .max_chars = 24, .text = true, .repeat = true },
    [FIELD_CHECKLIST] = { .name = "checklist", .width = 72 },
    [FIELD_READONLY] = { .name = "readonly", .width = 40, .max_chars = FORMDEF_MAX_CHARS },
    [FIELD_ITEM_FIELDS] = { .name = "item-fields" },
};

const struct field_type *field_type_of(enum field_kind kind)
{
    return &types[kind];
}

size_t field_max_chars(enum field_kind kind, const struct fielddef *d)
{
    bool authored = kind == d->kind || jn_get(d->spec, "length");
    return types[kind].fixed || !authored ? types[kind].max_chars : d->max_chars;
}

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static bool is_latin(uint32_t cp)
{
    return (cp >= ' ' && cp <= '~') || (cp >= 0xC0 && cp <= 0x24F);
}

static uint32_t upper(uint32_t cp)
{
    return cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp;
}

/* Full-width forms, and the Chinese full stop that an input method gives for the point key. */
static uint32_t fold(uint32_t cp)
{
    return cp == 0x3002 ? '.' : utf8_fold_width(cp);
}

/* A plain point is a separator only after a Chinese character: "J. Smith" keeps his. */
static uint32_t accept_name(uint32_t cp, uint32_t before)
{
    if (cp == 0x3000)
        return ' ';
    if ((cp == '.' || cp == 0xFF0E) && !utf8_is_han(before))
        return cp;
    return utf8_fold_name_dot(cp);
}

static uint32_t accept_text(const struct fielddef *d, uint32_t cp, uint32_t before)
{
    switch (d->script) {
    case SCRIPT_HAN:
        cp = accept_name(cp, before);
        break;
    case SCRIPT_LATIN:
        cp = is_latin(fold(cp)) ? fold(cp) : FIELD_CHAR_REFUSED;
        break;
    case SCRIPT_DIGITS:
        cp = is_digit(fold(cp)) ? fold(cp) : FIELD_CHAR_REFUSED;
        break;
    case SCRIPT_ANY:
        break;
    }
    return d->upper ? upper(cp) : cp;
}

/* One of `set`, a digit, or nothing. */
static uint32_t accept_set(uint32_t cp, const char *set)
{
    cp = fold(cp);
    bool ok = is_digit(cp) || (cp > 0 && cp < 0x80 && strchr(set, (int)cp));
    return ok ? cp : FIELD_CHAR_REFUSED;
}

static uint32_t accept_code(uint32_t cp, bool letters)
{
    cp = upper(fold(cp));
    if (cp == ' ' || cp == '-')
        return FIELD_CHAR_DROPPED;
    bool ok = is_digit(cp) || (letters ? cp >= 'A' && cp <= 'Z' : cp == 'X');
    return ok ? cp : FIELD_CHAR_REFUSED;
}

static uint32_t accept_date(uint32_t cp)
{
    if (cp == 0x5E74 || cp == 0x6708 || cp == 0x65E5) /* 年 月 日 */
        return cp;
    return accept_set(cp, "-/.+tTwW");
}

uint32_t field_accept(enum field_kind kind, const struct fielddef *d, uint32_t cp, uint32_t before)
{
    switch (kind) {
    case FIELD_TEXT:
    case FIELD_MULTILINE:
        return accept_text(d, cp, before);
    case FIELD_NUMBER:
        return accept_set(cp, "-.");
    case FIELD_MONEY:
        return fold(cp) == ',' ? FIELD_CHAR_DROPPED : accept_set(cp, ".");
    case FIELD_DATE:
        return accept_date(cp);
    case FIELD_CITIZEN:
        return accept_code(cp, false);
    case FIELD_CREDIT:
        return accept_code(cp, true);
    case FIELD_PHONE:
        return accept_set(cp, "-+() ");
    default:
        return FIELD_CHAR_REFUSED;
    }
}

const char *field_accept_hint(enum field_kind kind, const struct fielddef *d)
{
    switch (kind) {
    case FIELD_TEXT:
    case FIELD_MULTILINE:
        return d->script == SCRIPT_DIGITS ? _("Only digits here")
               : d->script == SCRIPT_LATIN
                   ? _("Only Latin letters, digits and signs here: switch the input method off")
                   : _("This character cannot be entered");
    case FIELD_NUMBER:
        return _("Only digits, a point and a minus sign here");
    case FIELD_MONEY:
        return _("Only digits and a point here, in yuan");
    case FIELD_DATE:
        return _("A date here: 2026-11-23, 1123, t (today), t+3, +5w (working days)");
    case FIELD_CITIZEN:
        return _("Only digits here, and X as the last character");
    case FIELD_CREDIT:
        return _("Only digits and letters here");
    case FIELD_PHONE:
        return _("Only digits, hyphen and + here");
    default:
        return _("This character cannot be entered");
    }
}

bool field_missing(const struct fielddef *d, struct err *e)
{
    err_set(e, ERR_INPUT, _("%s: must be filled in"), fielddef_label(d));
    return err_field(e, d->id);
}

static bool is_blank(const char *s, size_t n)
{
    return (n >= 1 && (*s == ' ' || *s == '\n')) || (n >= 3 && memcmp(s, "\xE3\x80\x80", 3) == 0);
}

/* `text` without blanks (also ideographic ones) at both ends. Owned by the caller. */
static char *trimmed(const char *text)
{
    size_t n = strlen(text);
    while (is_blank(text, n)) {
        size_t len = *text == ' ' || *text == '\n' ? 1 : 3;
        text += len;
        n -= len;
    }
    for (;;) {
        if (n >= 1 && is_blank(text + n - 1, 1))
            n -= 1;
        else if (n >= 3 && is_blank(text + n - 3, 3))
            n -= 3;
        else
            return xstrndup(text, n);
    }
}

/* A text that did not come through the keyboard (a script, a parked form) meets the same characters. */
static bool folded(enum field_kind kind, const struct fielddef *d, const char *text, struct str *out,
                   struct err *e)
{
    size_t n = strlen(text);
    uint32_t before = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp, to;
        char utf8[UTF8_MAX];
        i += utf8_decode(text + i, n - i, &cp);
        to = field_accept(kind, d, cp, before);
        if (to == FIELD_CHAR_DROPPED)
            continue;
        if (to == FIELD_CHAR_REFUSED)
            return err_set(e, ERR_INPUT, "%s", field_accept_hint(kind, d));
        str_add_n(out, utf8, utf8_encode(to, utf8));
        before = to;
    }
    return true;
}

/* Digits with an optional fraction, without needless zeros in front: "-0012.5" is "-12.5". */
static bool decimal(const char *s, size_t whole_max, size_t fraction_max, struct str *out)
{
    if (*s == '-') {
        str_add_char(out, '-');
        s++;
    }
    size_t whole = strspn(s, "0123456789");
    const char *fraction = s[whole] == '.' ? s + whole + 1 : "";
    size_t digits = strspn(fraction, "0123456789");
    const char *end = s[whole] == '.' ? fraction + digits : s + whole;
    if (whole == 0 || whole > whole_max || digits > fraction_max || *end || (s[whole] == '.' && digits == 0))
        return false;
    while (whole > 1 && *s == '0') {
        s++;
        whole--;
    }
    str_add_n(out, s, whole);
    if (digits)
        str_addf(out, ".%.*s", (int)digits, fraction);
    return true;
}

static bool check_number(const char *text, struct field_value *out, struct err *e)
{
    struct str s;
    str_init(&s, NUMBER_WHOLE + NUMBER_FRACTION + 2);
    if (!decimal(text, NUMBER_WHOLE, NUMBER_FRACTION, &s)) {
        str_reset(&s);
        return err_set(e, ERR_INPUT, _("“%s” is not a number: type it like 12 or 12.5"), text);
    }
    out->normal = str_steal(&s);
    return true;
}

static bool check_money(const char *text, struct field_value *out, struct err *e)
{
    struct str s;
    str_init(&s, MONEY_WHOLE + MONEY_FRACTION + 2);
    if (*text == '-' || !decimal(text, MONEY_WHOLE, MONEY_FRACTION, &s)) {
        str_reset(&s);
        return err_set(e, ERR_INPUT, _("“%s” is not an amount: type yuan like 12 or 12.50"), text);
    }
    const char *point = strchr(s.p, '.');
    str_add(&s, !point ? ".00" : strlen(point) == 2 ? "0" : "");
    out->normal = str_steal(&s);
    return true;
}

static bool check_date(const char *text, struct date today, struct field_value *out, struct err *e)
{
    struct date d;
    char iso[16];
    if (!date_parse_typed(text, today, &d, &out->working, e))
        return false;
    out->normal = xstrdup(date_iso(d, iso, sizeof iso));
    return true;
}

static bool check_citizen(const char *text, struct field_value *out, struct err *e)
{
    struct citizen_info info;
    if (!idcheck_citizen(text, &info, e))
        return false;
    out->normal = xstrdup(info.number);
    return true;
}

static bool check_credit(const char *text, struct field_value *out, struct err *e)
{
    struct credit_info info;
    if (!idcheck_credit(text, &info, e))
        return false;
    out->normal = xstrdup(info.code);
    return true;
}

static bool check_phone(const char *text, struct field_value *out, struct err *e)
{
    char normal[PHONE_SIZE];
    if (!idcheck_phone(text, normal, sizeof normal, e))
        return false;
    out->normal = xstrdup(normal);
    return true;
}

static bool check_length(enum field_kind kind, const struct fielddef *d, const char *text,
                         struct field_value *out, struct err *e)
{
    size_t n = utf8_count(text), most = field_max_chars(kind, d);
    if (n < d->min_chars)
        return err_set(e, ERR_INPUT, _("%s: at least %zu characters, now %zu"), fielddef_label(d),
                       d->min_chars, n);
    if (n > most)
        return err_set(e, ERR_INPUT, _("%s: at most %zu characters, now %zu"), fielddef_label(d), most, n);
    out->normal = xstrdup(text);
    return true;
}

static bool check_kind(enum field_kind kind, const struct fielddef *d, const char *text, struct date today,
                       struct field_value *out, struct err *e)
{
    switch (kind) {
    case FIELD_NUMBER:
        return check_number(text, out, e);
    case FIELD_MONEY:
        return check_money(text, out, e);
    case FIELD_DATE:
        return check_date(text, today, out, e);
    case FIELD_CITIZEN:
        return check_citizen(text, out, e);
    case FIELD_CREDIT:
        return check_credit(text, out, e);
    case FIELD_PHONE:
        return check_phone(text, out, e);
    default:
        return check_length(kind, d, text, out, e);
    }
}

bool field_check(enum field_kind kind, const struct fielddef *d, const char *text, struct date today,
                 struct field_value *out, struct err *e)
{
    *out = (struct field_value){ 0 };
    char *bare = trimmed(text);
    struct str s;
    str_init(&s, FORMDEF_MAX_CHARS * UTF8_MAX);
    bool ok = false;
    if (!*bare && d->mandatory) {
        field_missing(d, e);
    } else if (!*bare) {
        out->normal = xstrdup("");
        ok = true;
    } else if (folded(kind, d, bare, &s, e)) {
        ok = check_kind(kind, d, s.p ? s.p : "", today, out, e);
    }
    if (!ok)
        err_field(e, d->id);
    str_reset(&s);
    free(bare);
    return ok;
}

static void citizen_readout(const char *value, struct str *out, bool *warn)
{
    struct citizen_info info;
    if (!idcheck_citizen(value, &info, NULL))
        return;
    str_addf(out, "%s %04d-%02d-%02d ", info.male ? _("male") : _("female"), info.year, info.month, info.day);
    if (info.division_name)
        str_add(out, info.division_name);
    else
        str_addf(out, _("division %s unknown"), info.division);
    *warn = !info.division_name;
}

static void credit_readout(const char *value, struct str *out, bool *warn)
{
    struct credit_info info;
    if (!idcheck_credit(value, &info, NULL))
        return;
    if (info.authority)
        str_addf(out, "%s ", info.authority);
    if (info.division_name)
        str_add(out, info.division_name);
    else
        str_addf(out, _("division %s unknown"), info.division);
    *warn = !info.division_name;
}

static void weekday_readout(const char *value, struct str *out)
{
    struct date d;
    if (date_parse_iso(value, &d))
        str_addf(out, _("weekday %s"), date_weekday_name(d));
}

void field_readout(const char *name, const char *value, struct str *out, bool *warn)
{
    *warn = false;
    if (strcmp(name, "citizen") == 0)
        citizen_readout(value, out, warn);
    else if (strcmp(name, "credit") == 0)
        credit_readout(value, out, warn);
    else if (strcmp(name, "weekday") == 0)
        weekday_readout(value, out);
}

const char *field_default_readout(enum field_kind kind)
{
    return kind == FIELD_CITIZEN  ? "citizen"
           : kind == FIELD_CREDIT ? "credit"
           : kind == FIELD_DATE   ? "weekday"
                                  : NULL;
}
