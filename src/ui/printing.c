#include "printing.h"

#include "app.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/paths.h"
#include "guitai/print/print.h"

#include <stdio.h>
#include <string.h>

static void mark(struct app *app, const char *paper, const char *state, const char *format,
                 const char *digest)
{
    struct call_args a = {.n = 0};
    if (!*paper)
        return;
    call_add_request(&a);
    call_add(&a, "paper", paper);
    call_add(&a, "state", state);
    call_add(&a, "format", format);
    call_add(&a, "digest", digest && *digest ? digest : NULL);
    call_send(app, &app->clerk, app, "paper__mark", &a, 0, NULL, 0);
}

static const char *format_of(const struct app *app)
{
    return app->options->print_format ? app->options->print_format : "text";
}

static void failed(struct app *app, const char *paper, const struct err *e)
{
    app->prints.state = PRINTING_FAILED;
    app->footer_dirty = true;
    mark(app, paper, "failed", format_of(app), NULL);
    app_error_quiet(app, e);
}

void printing_answer(struct app *app, const struct jnode *answer)
{
    const struct jnode *paper = jn_get(answer, "paper");
    const struct jnode *data = jn_get(answer, "data");
    struct printing *p = &app->prints;
    char id[24];
    struct err e;
    size_t slot = 0;

    if (!jn_is_object(paper) || !jn_is_object(data))
        return;
    jn_scalar(jn_get(paper, "id"), id, sizeof id);
    if (!app->options->print_to) {
        app_say_also(app, MESSAGE_WARN, _("no printer is set for this station: the paper waits in the list"));
        return;
    }
    while (slot < PRINTING_MAX && p->job[slot].job)
        slot++;
    if (slot == PRINTING_MAX) {
        err_set(&e, ERR_IO, _("%d papers are being printed already: print this one again with F8"),
                PRINTING_MAX);
        failed(app, id, &e);
        return;
    }
    const char *document = jn_str(paper, "document", "receipt");
    err_reset(&e);
    p->job[slot].job = print_start(document, data, format_of(app), app->options->print_to, &e);
    if (!p->job[slot].job) {
        failed(app, id, &e);
        return;
    }
    snprintf(p->job[slot].paper, sizeof p->job[slot].paper, "%s", id);
    snprintf(p->job[slot].document, sizeof p->job[slot].document, "%s", document);
    snprintf(p->job[slot].number, sizeof p->job[slot].number, "%s", jn_str(answer, "number", ""));
    p->state = PRINTING_BUSY;
    app->footer_dirty = true;
}

size_t printing_poll(const struct printing *p, struct pollfd *fds, int *timeout_ms)
{
    size_t n = 0;
    for (size_t i = 0; i < PRINTING_MAX; i++) {
        if (!p->job[i].job)
            continue;
        fds[n++] = (struct pollfd){print_fd(p->job[i].job), print_events(p->job[i].job), 0};
        int ms = print_timeout_ms(p->job[i].job);
        if (ms >= 0 && (*timeout_ms < 0 || ms < *timeout_ms))
            *timeout_ms = ms;
    }
    return n;
}

const char *printing_title(const char *document, char *out, size_t size)
{
    char name[128], path[1024];
    struct err e;
    snprintf(name, sizeof name, "forms/documents/%s.json", document);
    snprintf(out, size, "%s", document);
    if (!paths_share(name, path, sizeof path, &e))
        return out;
    struct json *doc = json_load(path, &e);
    if (doc && *jn_label(jn_get(json_root(doc), "title")))
        snprintf(out, size, "%s", jn_label(jn_get(json_root(doc), "title")));
    json_free(&doc);
    return out;
}

bool printing_busy(const struct printing *p)
{
    for (size_t i = 0; i < PRINTING_MAX; i++)
        if (p->job[i].job)
            return true;
    return false;
}

void printing_step(struct app *app)
{
    struct printing *p = &app->prints;
    struct print_outcome out;
    for (size_t i = 0; i < PRINTING_MAX; i++) {
        if (!p->job[i].job || !print_step(p->job[i].job, &out))
            continue;
        print_free(&p->job[i].job);
        app->footer_dirty = true;
        if (!out.ok) {
            failed(app, p->job[i].paper, &out.err);
            continue;
        }
        mark(app, p->job[i].paper, "sent", format_of(app), out.digest);
        log_line("printed %s of %s", p->job[i].document, p->job[i].number);
        p->state = printing_busy(p) ? PRINTING_BUSY : PRINTING_READY;
    }
}

void printing_reset(struct printing *p)
{
    for (size_t i = 0; i < PRINTING_MAX; i++)
        print_free(&p->job[i].job);
    p->state = PRINTING_NONE;
}
