#include "view.h"

#include "app.h"
#include "draw.h"

#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

int view_bottom(void)
{
    return draw_rows() - 3;
}

int view_height(void)
{
    return view_bottom() - VIEW_TOP;
}

struct view *view_push(struct app *app, const struct view_ops *ops, const char *title)
{
    struct view *v = xcalloc(1, ops->size);
    struct view **at = app->locked && app->top ? &app->top->below : &app->top;
    v->ops = ops;
    v->app = app;
    v->below = *at;
    v->session = &app->clerk;
    snprintf(v->title, sizeof v->title, "%s", title);
    *at = v;
    app->all_dirty = true;
    return v;
}

static void unlink_view(struct view *v)
{
    struct view **at = &v->app->top;
    while (*at && *at != v)
        at = &(*at)->below;
    if (*at)
        *at = v->below;
}

/* The second person is there for one act: when no view of his is left, he is signed out. */
static void end_idle_guest(struct app *app)
{
    const struct view *v = app->top;
    while (v && v->session != &app->guest)
        v = v->below;
    if (!v && app->guest.db)
        session_end(&app->guest);
}

void view_pop(struct view *v)
{
    struct app *app = v->app;
    bool was_top = app->top == v;
    screen_settle(app); /* it draws out of the view that goes away */
    unlink_view(v);
    if (app->leave_keep == v)
        app->leave_keep = v->below;
    call_forget(app, v);
    session_forget(&app->clerk, v);
    session_forget(&app->guest, v);
    session_forget(&app->check, v);
    if (v->ops->destroy)
        v->ops->destroy(v);
    free(v);
    app->all_dirty = true;
    end_idle_guest(app);
    if (was_top && app->top && app->top->ops->resume)
        app->top->ops->resume(app->top);
    if (app->leave_chain)
        view_leave_to(app, app->leave_keep);
}

void view_dirty(struct view *v, enum view_dirt dirt)
{
    if (dirt > v->dirt)
        v->dirt = dirt;
}

struct view *view_lowest(struct app *app)
{
    struct view *v = app->top;
    while (v && v->below)
        v = v->below;
    return v;
}

void view_leave_to(struct app *app, struct view *keep)
{
    struct view *v = app->locked && app->top ? app->top->below : app->top;
    app->leave_chain = v && v != keep && v->below;
    app->leave_keep = keep;
    if (!app->leave_chain)
        return;
    if (v->ops->leave && !v->ops->leave(v)) {
        if (!v->leaving)
            app->leave_chain = false; /* it refused: something needs the clerk */
        return;
    }
    view_pop(v);
}
