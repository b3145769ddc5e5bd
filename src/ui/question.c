#include "question.h"

#include "app.h"

static void on_answer(void *ctx, const char *text, const char *problem)
{
    const struct question_sent *sent = ctx;
    struct question *q = sent->place;
    struct view *asker = q->asker;
    if (!asker || sent->no != q->no)
        return;
    q->asker = NULL;
    q->done(asker, text, problem);
}

void question_ask(struct app *app, struct question *q, struct view *asker, const char *url, const char *path, const char *body,
                  question_answer_fn *done)
{
    const struct ui_side *side = app->options->side;
    q->asker = asker;
    q->done = done;
    q->no++;
    struct question_sent *sent = &q->sent[q->no % QUESTION_SENT];
    *sent = (struct question_sent){q, q->no};
    side->ask(side->ctx, url, path, body, on_answer, sent);
}

void question_end(struct question *q, const struct view *asker)
{
    if (q->asker == asker)
        q->asker = NULL;
}
