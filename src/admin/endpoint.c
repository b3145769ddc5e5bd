/* endpoint-login: the sign-in of guitai-endpoint. */
#include "admin.h"

#include "guitai/base/i18n.h"
#include "guitai/base/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct endpoint {
    const char *login, *password_file;
    char password[PASSWORD_MAX_BYTES];
};

static bool login_work(struct db_admin *a, void *ctx, struct err *e)
{
    struct endpoint *p = ctx;
    struct db_arg args[] = { { "login", p->login } };
    struct db_result *answer = NULL;
    bool ok = db_admin_call(a, "endpoint__login", args, 1, &answer, e) &&
              role_provide(a, p->login, "guitai_endpoint", p->password, STAFF_ROLE_RESET, e) &&
              role_finish(a, answer, e);
    db_result_free(&answer);
    return ok;
}

int endpoint_login_verb(int argc, char **argv)
{
    static const struct option options[] = { { "password-file", required_argument, NULL, 'p' }, { 0 } };
    struct endpoint p = { 0 };
    struct err e;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'p')
            return admin_usage();
        p.password_file = optarg;
    }
    if (optind + 1 != argc)
        return admin_usage();
    p.login = argv[optind];
    if (!password_read(p.password_file, p.login, p.password, &e))
        return admin_fail(&e);
    int status = admin_run_work(login_work, &p);
    wipe(p.password, sizeof p.password);
    if (status == 0)
        printf(_("%s may receive for this database, and nothing else\n"), p.login);
    return status;
}
