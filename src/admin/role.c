#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* Which roles may never become a sign-in, the database has refused before (staff__add, endpoint__login). */
struct role {
    bool exists, member;
};

static bool find_role(struct db_admin *a, const char *login, const char *group, struct role *role, struct err *e)
{
    struct db_result *r;
    const char *params[] = { login, group };
    if (!db_admin_query(a,
                        "select not rolsuper and pg_has_role(oid, $2, 'member') as member"
                        " from pg_catalog.pg_roles where rolname = $1",
                        params, 2, &r, e))
        return false;
    role->exists = db_rows(r) > 0;
    role->member = role->exists && strcmp(db_value(r, 0, "member"), "t") == 0;
    db_result_free(&r);
    return true;
}

bool role_exists(struct db_admin *a, const char *login, bool *exists, struct err *e)
{
    struct role role = { 0 };
    bool ok = find_role(a, login, "guitai_staff", &role, e);
    *exists = role.exists;
    return ok;
}

/* `verb`: "create" or "alter". Only the SCRAM verifier goes to the server: the clear password is neither in
 * its log nor on the wire. */
static bool set_password(struct db_admin *a, const char *verb, const char *login, const char *password,
                         struct err *e)
{
    char *verifier = db_admin_encrypt_password(a, login, password, e);
    if (!verifier)
        return false;
    char *name = db_admin_identifier(a, login), *secret = db_admin_literal(a, verifier);
    char *sql = xasprintf("%s role %s login password %s", verb, name, secret);
    bool ok = db_admin_run(a, sql, e);
    wipe(sql, strlen(sql));
    wipe(verifier, strlen(verifier));
    free(sql);
    free(secret);
    free(name);
    free(verifier);
    return ok;
}

bool role_provide(struct db_admin *a, const char *login, const char *group, const char *password,
                  enum staff_role policy, struct err *e)
{
    struct role role;
    if (!find_role(a, login, group, &role, e))
        return false;
    if (!role.exists)
        return set_password(a, "create", login, password, e);
    if (policy == STAFF_ROLE_REUSE)
        return true;
    if (policy == STAFF_ROLE_RESET && role.member)
        return set_password(a, "alter", login, password, e);
    err_set(e, ERR_CONFLICT, _("the cluster has a role %s already"), login);
    return err_hint(e, "%s",
                    _("take another sign-in name; --reuse-role lets that role in with its own password"));
}

bool role_finish(struct db_admin *a, const struct db_result *answer, struct err *e)
{
    const struct jnode *after = db_json(answer) ? jn_get(json_root(db_json(answer)), "after") : NULL;
    for (const struct jnode *s = jn_first(after); s; s = jn_next(s))
        if (!db_admin_run(a, jn_text(s), e))
            return false;
    return true;
}
