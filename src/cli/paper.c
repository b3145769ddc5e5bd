#include "cli.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/print/page.h"
#include "guitai/print/print.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

bool paper_format_ok(const char *format, struct err *e)
{
    if (strcmp(format, "text") == 0 || strcmp(format, "pdf") == 0)
        return true;
    return err_set(e, ERR_INPUT, _("“%s” is no format; expected text or pdf"), format);
}

bool paper_ok(const struct cli_paper *paper, struct err *e)
{
    if (paper->to && strcmp(paper->to, "-") == 0)
        return err_set(e, ERR_INPUT, _("--print-to needs a file or a folder: standard output has the answer"));
    return paper_format_ok(paper->format, e);
}

/* Text for standard output needs no child process and no font. */
static bool write_text(const char *document, const struct jnode *data, struct err *e)
{
    struct page *page = page_build(document, data, e);
    char *text = page ? page_text(page, 0, e) : NULL;
    bool ok = text != NULL;
    if (ok && (fputs(text, stdout) < 0 || fflush(stdout) != 0)) /* not out is not printed */
        ok = err_set(e, ERR_IO, _("standard output: %s"), strerror(errno));
    free(text);
    page_free(&page);
    return ok;
}

static bool print_page(const char *document, const struct jnode *data, const struct cli_paper *paper,
                       struct print_outcome *out, struct err *e)
{
    memset(out, 0, sizeof *out);
    if (strcmp(paper->to, "-") != 0)
        return print_wait(document, data, paper->format, paper->to, out, e);
    if (strcmp(paper->format, "text") != 0)
        return err_set(e, ERR_INPUT, _("only text can be written to standard output"));
    snprintf(out->path, sizeof out->path, "-");
    return write_text(document, data, e);
}

/* The ledger hears of success and of failure; a failed print never counts as printed. */
static bool mark(struct db *db, long long id, bool printed, const struct cli_paper *paper, const char *digest,
                 struct err *e)
{
    char paper_id[24];
    snprintf(paper_id, sizeof paper_id, "%lld", id);
    struct db_arg args[] = { { "paper", paper_id },
                             { "state", printed ? "sent" : "failed" },
                             { "format", paper->format },
                             { "digest", *digest ? digest : NULL } };
    struct db_result *r = NULL;
    bool ok = cli_act(db, NULL, "paper__mark", args, 4, &r, e);
    db_result_free(&r);
    return ok;
}

bool paper_deliver(struct db *db, const struct jnode *answer, const struct cli_paper *paper, char *path,
                   size_t size, struct err *e)
{
    const struct jnode *row = jn_get(answer, "paper");
    struct print_outcome out;
    if (path)
        path[0] = '\0';
    if (jn_is_null(row))
        return true;
    bool printed = print_page(jn_str(row, "document", ""), jn_get(answer, "data"), paper, &out, e);
    struct err second;
    bool marked = mark(db, jn_int(row, "id", 0), printed, paper, out.digest, &second);
    if (printed && path)
        snprintf(path, size, "%s", out.path);
    if (printed && !marked && e)
        *e = second;
    return printed && marked;
}

/* ---- guitai print ---- */

/* The ledger knows whether a copy of this document still has to come out; a further one is made otherwise. */
static struct json *issue(struct db *db, const char *number, const char *document, struct err *e)
{
    struct db_arg args[] = { { "number", number }, { "document", document } };
    struct db_result *r = NULL;
    struct json *answer = NULL;
    if (cli_act(db, NULL, "paper__issue", args, 2, &r, e))
        answer = json_clone(json_root(db_json(r)));
    db_result_free(&r);
    return answer;
}

static bool run(const char *typed, const char *document, const struct cli_paper *paper, struct err *e)
{
    char number[ID_CASE_MAX + 1], path[1024];
    if (!paper_format_ok(paper->format, e) || !idcheck_case_number(typed, number, e))
        return false;
    struct db *db = cli_connect(e);
    struct json *answer = db ? issue(db, number, document, e) : NULL;
    bool ok = answer && paper_deliver(db, json_root(answer), paper, path, sizeof path, e);
    if (ok && strcmp(path, "-") != 0)
        puts(path);
    json_free(&answer);
    db_free(&db);
    return ok;
}

int print_verb(int argc, char **argv)
{
    static const struct option options[] = {
        { "document", required_argument, NULL, 'd' },
        { "format", required_argument, NULL, 'f' },
        { "to", required_argument, NULL, 't' },
        { 0 },
    };
    struct cli_paper paper = { .format = "text" };
    const char *document = "receipt";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'd': document = optarg; break;
        case 'f': paper.format = optarg; break;
        case 't': paper.to = optarg; break;
        default: return cli_usage();
        }
    }
    if (optind + 1 != argc || !paper.to)
        return cli_usage();
    struct err e;
    return run(argv[optind], document, &paper, &e) ? 0 : cli_fail(&e);
}
