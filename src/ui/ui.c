#include "guitai/ui/ui.h"

#include "app.h"
#include "draw.h"
#include "term.h"
#include "views.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/paths.h"
#include "guitai/db/db.h"
#include "guitai/entry/textedit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void app_init(struct app *app, const struct ui_options *options)
{
    memset(app, 0, sizeof *app);
    app->options = options;
    app->waiting = -1;
    app->clerk.app = app->guest.app = app->check.app = app;
    app->guest.guest = app->check.guest = true;
    decode_init(&app->keys);
    if (options->escape_ms > 0)
        app->keys.escape_ms = options->escape_ms;
    app->all_dirty = true;
}

static void app_reset(struct app *app)
{
    struct session *all[] = {&app->guest, &app->check, &app->clerk};
    while (app->top)
        view_pop(app->top);
    printing_reset(&app->prints);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        session_end(all[i]);
        session_reap(all[i]);
    }
    textedit_free(&app->command);
    decode_reset(&app->keys);
    json_free(&app->menu);
    json_free(&app->station);
    json_free(&app->repeat);
}

static bool load_menu(struct app *app, struct err *e)
{
    char path[1024];
    if (!paths_share("forms/menu.json", path, sizeof path, e))
        return false;
    app->menu = json_load(path, e);
    return app->menu != NULL;
}

int ui_main(const struct ui_options *options)
{
    struct app app;
    struct err e;

    err_reset(&e);
    if (!term_start(&e)) {
        fprintf(stderr, "guitai: %s\n", e.message);
        return err_exit_status(&e);
    }
    draw_init(term_has_colours() && !options->monochrome && !getenv("NO_COLOR"), options->ascii);
    app_init(&app, options);
    term_describe_keys(&app.keys);
    view_signin_open(&app);
    screen_draw(&app); /* the first screen stands before anything heavy begins */
    term_probe_width();
    if (!load_menu(&app, &e)) {
        app_reset(&app);
        term_stop();
        fprintf(stderr, "guitai: %s\n", e.message);
        return err_exit_status(&e);
    }
    db_preload(); /* while the name is being typed; keys wait in the terminal */
    loop_run(&app);
    app_reset(&app);
    term_stop();
    return 0;
}
