/* A question to another hall on behalf of a view. The answer comes to the view that asked last in that place, or to nobody: a
 * view may go away meanwhile, and a newer question makes an older answer wrong. */
#ifndef GUITAI_UI_QUESTION_H
#define GUITAI_UI_QUESTION_H

struct app;
struct view;

/* `text` is the other hall's answer, or NULL with a sentence about the `problem`. */
typedef void question_answer_fn(struct view *asker, const char *text, const char *problem);

#define QUESTION_SENT 8 /* far more than can be under way: each is answered, or given up, within seconds */

/* A place for one question at a time. */
struct question {
    struct view *asker; /* NULL: nobody waits */
    question_answer_fn *done;
    unsigned no; /* of the question that counts */
    struct question_sent {
        struct question *place;
        unsigned no;
    } sent[QUESTION_SENT]; /* what goes with each, for the place may have another by the time it is answered */
};

/* Asks; what was asked in this place before is forgotten. Texts are copied. Needs app->options->side. */
void question_ask(struct app *app, struct question *q, struct view *asker, const char *url, const char *path, const char *body,
                  question_answer_fn *done);
/* The view goes away, or no longer wants to know. */
void question_end(struct question *q, const struct view *asker);

#endif
