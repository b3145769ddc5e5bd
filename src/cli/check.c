#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"

int check_id_verb(int argc, char **argv)
{
    struct citizen_info info;
    struct err e;
    if (argc != 2)
        return cli_usage();
    if (!idcheck_citizen(argv[1], &info, &e))
        return cli_fail(&e);
    printf("%s  %s  %04d-%02d-%02d  %s%s%s\n", info.number, info.male ? _("male") : _("female"), info.year,
           info.month, info.day, info.division, info.division_name ? " " : "",
           info.division_name ? info.division_name : "");
    return 0;
}

int check_credit_verb(int argc, char **argv)
{
    struct credit_info info;
    struct err e;
    if (argc != 2)
        return cli_usage();
    if (!idcheck_credit(argv[1], &info, &e))
        return cli_fail(&e);
    printf("%s  %s  %s%s%s\n", info.code, info.authority ? info.authority : _("unknown registry"),
           info.division, info.division_name ? " " : "", info.division_name ? info.division_name : "");
    return 0;
}
