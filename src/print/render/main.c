/* guitai-print: one print job from standard input to a file; the outcome as JSON on standard output.
 *
 * in:  {"document":"receipt","data":{…},"format":"text"|"pdf","to":"PATH or FOLDER/"}
 * out: {"ok":true,"path":"…","digest":"…"} or {"ok":false,"error":{"kind":n,"message":"…","hint":"…"}}
 * Exit status as guitai's (err_exit_status). */
#include "pdf.h"
#include "sink.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/json.h"
#include "guitai/print/page.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OUTPUT (32u << 20)

#if defined(__SANITIZE_ADDRESS__)
/* cairo's PDF writer keeps 1.5 kB until exit. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo.so\n";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

struct outcome {
    char path[1024];
    char digest[65];
};

static bool render(const struct page *p, const char *format, struct str *bytes, struct err *e)
{
    if (strcmp(format, "pdf") == 0)
        return pdf_render(p, bytes, e);
    char *text = page_text(p, 0, e);
    bool ok = text && (str_add(bytes, text) || err_set(e, ERR_INPUT, _("the page is too long")));
    free(text);
    return ok;
}

static bool run_job(const struct jnode *job, struct outcome *out, struct err *e)
{
    const char *format = jn_str(job, "format", ""), *to = jn_str(job, "to", "");
    bool pdf = strcmp(format, "pdf") == 0;
    if (!pdf && strcmp(format, "text") != 0)
        return err_set(e, ERR_INPUT, _("\"%s\": the format is text or pdf"), format);
    struct page *p = page_build(jn_str(job, "document", ""), jn_get(job, "data"), e);
    if (!p)
        return false;
    struct str bytes;
    str_init(&bytes, MAX_OUTPUT);
    bool ok = render(p, format, &bytes, e)
              && sink_path(p, to, pdf ? "pdf" : "txt", out->path, sizeof out->path, e)
              && sink_write(out->path, bytes.p ? bytes.p : "", bytes.len, out->digest, e);
    str_reset(&bytes);
    page_free(&p);
    return ok;
}

static bool read_job(struct outcome *out, struct err *e)
{
    char *text = NULL;
    size_t n = 0;
    if (!file_read("-", JSON_MAX_BYTES, &text, &n, e))
        return false;
    struct json *job = json_parse(text, n, "job", e);
    free(text);
    bool ok = job && run_job(json_root(job), out, e);
    json_free(&job);
    return ok;
}

static void write_outcome(bool ok, const struct outcome *out, const struct err *e)
{
    struct json *doc = json_new_object();
    struct jnode *n = json_edit(doc);
    jn_set_bool(n, "ok", ok);
    if (ok) {
        jn_set_str(n, "path", out->path);
        jn_set_str(n, "digest", out->digest);
    } else {
        struct jnode *error = jn_set_object(n, "error");
        jn_set_int(error, "kind", e->kind);
        jn_set_str(error, "field", e->field);
        jn_set_str(error, "message", e->message);
        jn_set_str(error, "hint", e->hint);
    }
    char *text = json_text(doc, false);
    puts(text);
    fflush(stdout);
    free(text);
    json_free(&doc);
}

int main(int argc, char **argv)
{
    struct outcome out = { 0 };
    struct err e;
    i18n_init(NULL);
    signal(SIGPIPE, SIG_IGN);
    err_reset(&e);
    if (argc > 1) {
        bool version = strcmp(argv[1], "--version") == 0;
        fputs(version ? "guitai-print " GUITAI_VERSION "\n" : _("guitai-print is started by guitai\n"),
              version ? stdout : stderr);
        return version ? 0 : 2;
    }
    bool ok = read_job(&out, &e);
    write_outcome(ok, &out, &e);
    pdf_shutdown();
    return ok ? 0 : err_exit_status(&e);
}
