#include "admin.h"

#include "guitai/base/i18n.h"

#include <stdio.h>
#include <stdlib.h>

static bool load(struct db_admin *a, void *ctx, struct err *e)
{
    struct db_arg args[] = { { "org", ctx } };
    return admin_call(a, "organisation__load", args, 1, NULL, e);
}

int organisation_load_verb(int argc, char **argv)
{
    if (argc != 2 || argv[1][0] == '-')
        return admin_usage();
    int status = 0;
    struct err e;
    struct json *doc = json_load(argv[1], &e);
    if (!doc)
        return admin_fail(&e);
    char *text = json_text(doc, false);
    struct db_admin *a = admin_connect(&status);
    if (a && !admin_transaction(a, load, text, &e))
        status = admin_fail(&e);
    else if (a)
        printf(_("%s loaded\n"), argv[1]);
    db_admin_close(&a);
    free(text);
    json_free(&doc);
    return status;
}
