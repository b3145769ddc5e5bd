#include "cli.h"

#include "guitai/base/date.h"
#include "guitai/base/i18n.h"

static const char *weekday_of(const char *iso)
{
    struct date d;
    return date_parse_iso(iso, &d) ? date_weekday_name(d) : "";
}

static const char *kind_of_day(const struct jnode *day)
{
    if (!jn_bool(day, "work", false))
        return _("day off");
    return jn_is_null(jn_get(day, "n")) ? _("start, not counted") : _("counted");
}

void explain_print(const struct jnode *due, FILE *out)
{
    for (const struct jnode *day = jn_first(jn_get(due, "explain")); day; day = jn_next(day)) {
        const char *date = jn_str(day, "date", ""), *note = jn_str(day, "note", "");
        char n[16] = "";
        if (jn_is_number(jn_get(day, "n")))
            snprintf(n, sizeof n, "%lld", jn_int(day, "n", 0));
        fprintf(out, "  %s %s  %4s  %s%s%s%s\n", date, weekday_of(date), n, kind_of_day(day),
                *note ? "  " : "", note,
                jn_bool(day, "provisional", false) ? _("  (no notice for this year yet)") : "");
    }
    fprintf(out, "  = %s %s%s\n", jn_str(due, "due", ""), weekday_of(jn_str(due, "due", "")),
            jn_bool(due, "provisional", false) ? _(" (provisional)") : "");
}
