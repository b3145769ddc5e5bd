/* guitai-endpoint: takes what other halls hand over, and gives it to one division's database. */
#include "server.h"

#include "guitai/base/i18n.h"

#include <getopt.h>
#include <stdio.h>

#define PROGRAM "guitai-endpoint"

static void print_help(FILE *out)
{
    fprintf(out, "%s\n\n", _("usage: guitai-endpoint [--check] --config FILE"));
    fprintf(out, "%s\n", _("  --config FILE  settings, one “name = value” a line; guitai-endpoint(8) explains them\n"
                           "  --check        read the settings and certificates, say what is wrong with them, and end\n"
                           "  --version, --help"));
    fprintf(out, "\n%s\n",
            _("The database is named by the libpq environment (PGHOST, PGDATABASE, PGUSER, PGSERVICE, …)."));
}

static int complain(const struct err *e)
{
    fprintf(stderr, "%s: %s\n", PROGRAM, e->message);
    return err_exit_status(e);
}

static int check(const char *path)
{
    struct err e;
    struct config c;
    struct keys *k;
    if (!config_load(path, &c, &e) || !(k = keys_load(&c, &e)))
        return complain(&e);
    int days = keys_days(k);
    if (days >= 0)
        printf(_("our certificate ends in %d days\n"), days);
    if (keys_list_is_old(k))
        puts(_("a new revocation list is overdue; the old one goes on counting"));
    puts(_("the settings are in order"));
    keys_free(&k);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                             { "check", no_argument, NULL, 'k' },
                                             { "version", no_argument, NULL, 'v' },
                                             { "help", no_argument, NULL, 'h' },
                                             { NULL, 0, NULL, 0 } };
    const char *path = NULL;
    bool only_check = false;
    i18n_init(NULL);
    for (int o; (o = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (o) {
        case 'c': path = optarg; break;
        case 'k': only_check = true; break;
        case 'v': puts(PROGRAM " " GUITAI_VERSION); return 0;
        case 'h': print_help(stdout); return 0;
        default: print_help(stderr); return 2;
        }
    }
    if (!path || optind < argc) {
        print_help(stderr);
        return 2;
    }
    struct err e;
    if (only_check)
        return check(path);
    return server_run(path, &e) ? 0 : complain(&e);
}
