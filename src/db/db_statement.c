#include "db_private.h"

#include "guitai/base/i18n.h"
#include "guitai/base/str.h"

#include <string.h>

#define NAME_MAX_BYTES 60 /* NAMEDATALEN less the p_ and the end */
#define TEXT_MAX 4096

bool db_statement_name_ok(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= NAME_MAX_BYTES && strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == n &&
           strchr("0123456789", name[0]) == NULL;
}

bool db_statement_text(const char *schema, const char *function, const struct db_arg *args, size_t n,
                       char **sql, struct err *e)
{
    if (n > DB_MAX_ARGS)
        return err_set(e, ERR_BUG, _("%s: too many arguments"), function);
    if (!db_statement_name_ok(function))
        return err_set(e, ERR_BUG, _("“%s” is not the name of a function"), function);
    struct str s;
    str_init(&s, TEXT_MAX);
    str_addf(&s, "select * from %s.%s(", schema, function);
    for (size_t i = 0; i < n; i++) {
        if (!db_statement_name_ok(args[i].name)) {
            str_reset(&s);
            return err_set(e, ERR_BUG, _("%s: “%s” is not the name of an argument"), function, args[i].name);
        }
        str_addf(&s, "%sp_%s => $%zu", i ? ", " : "", args[i].name, i + 1);
    }
    str_add(&s, ")");
    *sql = str_steal(&s);
    return true;
}
