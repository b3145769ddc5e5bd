/* The fast path: a command line on the message line of every screen. Words come from forms/menu.json. */
#include "app.h"
#include "draw.h"

#include "guitai/base/i18n.h"
#include "guitai/base/idcheck.h"
#include "guitai/base/utf8.h"
#include "guitai/entry/textedit.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void command_open(struct app *app, const char *text)
{
    if (!app->command)
        app->command = textedit_new(APP_COMMAND_MAX - 1, false);
    textedit_set(app->command, text);
    app->command_scroll = 0;
    app->command_done = NULL;
    snprintf(app->command_label, sizeof app->command_label, "%s", _("Command: "));
    app->commanding = app->message_dirty = true;
}

void command_ask(struct app *app, const char *label, const char *subject, command_done_fn *done)
{
    command_open(app, "");
    app->command_done = done;
    snprintf(app->command_label, sizeof app->command_label, "%s", label);
    snprintf(app->command_subject, sizeof app->command_subject, "%s", subject);
}

static void command_close(struct app *app)
{
    app->commanding = false;
    app->message_dirty = true;
    if (app->top)
        view_dirty(app->top, VIEW_PART);
}

void command_draw(struct app *app, int y, int *cursor_x)
{
    char text[APP_COMMAND_MAX * 4];
    const char *prompt = app->command_label;
    int x = 1 + draw_cells(prompt), width = draw_columns() - x - 1;
    struct textedit_row row = textedit_view_line(app->command, width, &app->command_scroll, cursor_x);
    draw_fill(y, 0, 1, STYLE_PLAIN);
    draw_text(y, 1, x - 1, STYLE_FOCUS, prompt);
    draw_edit(y, x, width + 1, STYLE_PLAIN,
              textedit_slice(app->command, row.from, row.to, text, sizeof text));
    *cursor_x += x;
}

static void edit(struct textedit *t, const struct input *in)
{
    switch (in->action) {
    case ACT_CHAR: textedit_insert(t, utf8_fold_width(in->cp)); break;
    case ACT_BACKSPACE: textedit_backspace(t); break;
    case ACT_DELETE: textedit_delete(t); break;
    case ACT_DELETE_WORD: textedit_delete_word(t); break;
    case ACT_CLEAR: textedit_clear(t); break;
    case ACT_CLEAR_TO_END: textedit_clear_to_end(t); break;
    case ACT_LEFT: textedit_move(t, TEXTEDIT_LEFT); break;
    case ACT_RIGHT: textedit_move(t, TEXTEDIT_RIGHT); break;
    case ACT_WORD_LEFT: textedit_move(t, TEXTEDIT_WORD_LEFT); break;
    case ACT_WORD_RIGHT: textedit_move(t, TEXTEDIT_WORD_RIGHT); break;
    case ACT_HOME: textedit_move(t, TEXTEDIT_HOME); break;
    case ACT_END: textedit_move(t, TEXTEDIT_END); break;
    default: break;
    }
}

static void command_run_typed(struct app *app)
{
    char line[APP_COMMAND_MAX * 4];
    snprintf(line, sizeof line, "%s", textedit_get(app->command));
    command_close(app);
    if (app->command_done)
        app->command_done(app, app->command_subject, line);
    else
        app_run_command(app, line);
}

static void command_help(struct app *app)
{
    command_close(app);
    app_open(app, "text:words", NULL);
}

void command_key(struct app *app, const struct input *in)
{
    switch (in->action) {
    case ACT_ENTER: command_run_typed(app); return;
    case ACT_ESCAPE:
    case ACT_CANCEL:
    case ACT_LEAVE:
    case ACT_COMMAND: command_close(app); return;
    case ACT_HELP: command_help(app); return;
    case ACT_CHAR:
        if (in->cp == '?' && textedit_length(app->command) == 0) {
            command_help(app);
            return;
        }
        break;
    default: break;
    }
    edit(app->command, in);
    app->message_dirty = true;
}

/* ---- running ---- */

static const struct jnode *entry_of_word(const struct app *app, const char *word)
{
    const struct jnode *n = app->menu ? jn_first(jn_get(json_root(app->menu), "entries")) : NULL;
    for (; n; n = jn_next(n))
        if (!strcmp(jn_str(n, "word", ""), word) && *word)
            return n;
    return NULL;
}

static bool run_one(struct app *app, char *text)
{
    char number[ID_CASE_MAX + 1];
    while (*text == ' ')
        text++;
    size_t len = strlen(text);
    while (len && text[len - 1] == ' ')
        text[--len] = '\0';
    if (!*text)
        return true;
    if (idcheck_case_number(text, number, NULL)) {
        app_open_case(app, number);
        return true;
    }
    char *arg = strchr(text, ' ');
    if (arg) {
        *arg++ = '\0';
        while (*arg == ' ')
            arg++;
    }
    for (char *p = text; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    const struct jnode *n = entry_of_word(app, text);
    if (n && !app_has_duty(app, jn_get(n, "duty"))) {
        app_say(app, MESSAGE_ERROR, _("\"%s\" needs a duty that you do not hold"),
                jn_label(jn_get(n, "label")));
        return false;
    }
    if (n)
        return app_open(app, jn_str(n, "open", ""), arg && *arg ? arg : jn_str(n, "arg", NULL));
    if (!strcmp(text, "c"))
        return app_open(app, "case", arg);
    if (!strcmp(text, "p"))
        return app_open(app, "print", arg);
    app_say(app, MESSAGE_ERROR, _("Unknown command \"%s\": ? lists the words"), text);
    return false;
}

void app_run_command(struct app *app, const char *line)
{
    char copy[APP_COMMAND_MAX * 4], *rest = copy, *one;
    if (!session_active(&app->clerk))
        return;
    snprintf(copy, sizeof copy, "%s", line);
    while ((one = strsep(&rest, ";")))
        if (!run_one(app, one)) {
            app_stop_keys(app);
            return;
        }
}
