/* The stack of views: what is locked stays covered, whatever happens beneath. */
#include "../unit.h"

#include "../../../src/ui/app.h"

#include <stdlib.h>

static enum view_dirt no_key(struct view *v, const struct input *in)
{
    (void)v;
    (void)in;
    return VIEW_CLEAN;
}

static const struct view_ops plain = {.name = "plain", .size = sizeof(struct view), .key = no_key};

static void view__stays_locked__while_others_open_and_go(void **state)
{
    struct app *app = calloc(1, sizeof *app);
    (void)state;
    struct view *lowest = view_push(app, &plain, "sign-in");
    struct view *menu = view_push(app, &plain, "menu");
    struct view *form = view_push(app, &plain, "a form whose save is under way");
    struct view *lock = view_push(app, &plain, "locked");
    app->locked = true;

    struct view *next = view_push(app, &plain, "what follows the save");
    assert_ptr_equal(app->top, lock);
    assert_ptr_equal(lock->below, next);
    view_pop(form);
    assert_ptr_equal(next->below, menu);
    view_leave_to(app, menu); /* somebody had pressed F10 before: the chain goes on, and ends beneath the lock */
    assert_ptr_equal(app->top, lock);
    assert_ptr_equal(lock->below, menu);
    view_leave_to(app, view_lowest(app));
    assert_ptr_equal(app->top, lock);
    assert_ptr_equal(lock->below, lowest);

    app->locked = false; /* the password was right */
    view_pop(lock);
    assert_ptr_equal(app->top, lowest);
    view_pop(lowest);
    free(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(view__stays_locked__while_others_open_and_go)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
