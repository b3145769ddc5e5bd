#include "../unit.h"

#include "guitai/base/utf8.h"
#include "guitai/print/chart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 100
#define COLUMNS 200

/* Seven states, three of them side by side, and a way back: CAT-02. */
static const char seven[] =
    "{\"nodes\":[{\"id\":\"a\",\"zh\":\"窗口受理\",\"en\":\"intake\"},{\"id\":\"b\",\"zh\":\"消防审查\"},"
    "{\"id\":\"c\",\"zh\":\"规划\"},{\"id\":\"d\",\"zh\":\"生态环境审查\"},{\"id\":\"e\",\"zh\":\"联合会签\"},"
    "{\"id\":\"f\",\"zh\":\"领导签发\"},{\"id\":\"g\",\"zh\":\"办结\"}],"
    "\"edges\":[{\"from\":\"a\",\"to\":\"b\",\"zh\":\"转消防\",\"duty_zh\":\"窗口\"},"
    "{\"from\":\"a\",\"to\":\"c\",\"zh\":\"转规划\"},{\"from\":\"a\",\"to\":\"d\",\"zh\":\"转环保\"},"
    "{\"from\":\"b\",\"to\":\"e\",\"zh\":\"同意\"},{\"from\":\"c\",\"to\":\"e\",\"zh\":\"同意\"},"
    "{\"from\":\"d\",\"to\":\"e\",\"zh\":\"同意\"},{\"from\":\"e\",\"to\":\"f\",\"zh\":\"报批\"},"
    "{\"from\":\"f\",\"to\":\"g\",\"zh\":\"签发\"},{\"from\":\"e\",\"to\":\"a\",\"zh\":\"退回补正\"}]}";

#define STEP(from, to, from_zh, to_zh, zh, duty, result) \
    "{\"from\":\"" from "\",\"to\":\"" to "\",\"from_zh\":\"" from_zh "\",\"to_zh\":\"" to_zh "\"," \
    "\"zh\":\"" zh "\",\"duty_zh\":\"" duty "\",\"result\":\"" result "\"}"

/* The step table of a case that a leader decides. */
static const char steps[] =
    "["
    STEP("new", "accepted", "申请", "已受理", "受理", "受理", "") ","
    STEP("accepted", "reviewed", "已受理", "已审查", "同意", "审查", "") ","
    STEP("accepted", "reviewed", "已受理", "已审查", "不同意", "审查", "") ","
    STEP("reviewed", "accepted", "已审查", "已受理", "退回重审", "", "") ","
    STEP("reviewed", "granted", "已审查", "准予", "准予", "", "") ","
    STEP("reviewed", "refused", "已审查", "不予", "不予", "", "") ","
    STEP("granted", "made", "准予", "已制证", "制证", "", "") ","
    STEP("made", "closed", "已制证", "办结", "发证", "", "") ","
    STEP("refused", "closed", "不予", "办结", "送达", "", "") ","
    STEP("accepted", "ended", "已受理", "终止", "终止", "", "terminate")
    "]";

static uint32_t grid[ROWS][COLUMNS];

/* Reads the drawing into cells, as a terminal does. Returns the number of lines. */
static int read_grid(const char *text, int columns)
{
    int y = 0, x = 0;
    memset(grid, 0, sizeof grid);
    for (size_t i = 0, n = strlen(text); i < n;) {
        uint32_t cp;
        i += utf8_decode(text + i, n - i, &cp);
        if (cp == '\n') {
            y++;
            x = 0;
            assert_true(y < ROWS);
            continue;
        }
        assert_true(x + utf8_cell_width(cp) <= columns);
        grid[y][x] = cp;
        x += utf8_cell_width(cp);
    }
    return y;
}

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static int arms(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        int arms;
    } table[] = { { 0x2502, 3 }, { 0x2500, 12 }, { 0x250C, 10 }, { 0x2510, 6 }, { 0x2514, 9 }, { 0x2518, 5 },
                  { 0x251C, 11 }, { 0x2524, 7 }, { 0x252C, 14 }, { 0x2534, 13 }, { 0x253C, 15 } };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].cp == cp)
            return table[i].arms;
    return 0;
}

static void assert_joins(int x, int y, int dx, int dy, int back, const char *text)
{
    uint32_t other = y + dy < ROWS && x + dx < COLUMNS ? grid[y + dy][x + dx] : 0;
    bool arrow = dy == 1 && other == 0x25BC;
    if (!(arms(other) & back) && !arrow)
        fail_msg("the line at row %d, column %d leads nowhere:\n%s", y + 1, x + 1, text);
}

/* Every line goes on in the next cell: a column shifted by a wide character would break that. */
static void assert_joined(const char *text, int columns)
{
    int rows = read_grid(text, columns);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++) {
            int a = arms(grid[y][x]);
            if (a & DOWN)
                assert_joins(x, y, 0, 1, UP, text);
            if (a & RIGHT)
                assert_joins(x, y, 1, 0, LEFT, text);
            if (grid[y][x] == 0x25BC && grid[y + 1][x] != 0x2500 && grid[y + 1][x] == ' ')
                fail_msg("the arrow at row %d, column %d points at nothing:\n%s", y + 1, x + 1, text);
        }
}

static char *draw(const char *graph, struct chart_size size)
{
    struct err e;
    struct json *doc = json_parse(graph, strlen(graph), "test", &e);
    assert_non_null(doc);
    char *text = chart_draw_sized(json_root(doc), size, &e);
    if (!text)
        fail_msg("%s", e.message);
    json_free(&doc);
    return text;
}

static int column_of(const char *text, const char *word)
{
    const char *at = strstr(text, word), *line = at;
    assert_non_null(at);
    while (line > text && line[-1] != '\n')
        line--;
    char *before = strndup(line, (size_t)(at - line));
    int cells = utf8_cells(before);
    free(before);
    return cells;
}

static int row_of(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    int row = 0;
    assert_non_null(at);
    for (const char *p = text; p < at; p++)
        row += *p == '\n';
    return row;
}

static void chart__seven_states__fit_the_screen(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = json_parse(seven, strlen(seven), "test", &e);
    char *text = chart_draw(json_root(doc), 80, false, &e);
    assert_non_null(text);
    assert_joined(text, 80);
    assert_true(read_grid(text, 80) <= 24);
    assert_int_equal(row_of(text, "消防审查"), row_of(text, "生态环境审查"));
    assert_int_equal(row_of(text, "消防审查"), row_of(text, "│ 规划 │"));
    assert_true(column_of(text, "消防审查") < column_of(text, "生态环境审查"));
    assert_true(row_of(text, "退回补正") > row_of(text, "办结"));
    free(text);
    json_free(&doc);
}

static void chart__every_width__keeps_columns(void **state)
{
    (void)state;
    for (int columns = 48; columns <= 160; columns++)
        for (int rows = 0; rows <= 30; rows += 10) {
            char *text = draw(seven, (struct chart_size){ .columns = columns, .rows = rows });
            assert_joined(text, columns);
            free(text);
        }
}

static void chart__ascii__has_no_box_characters(void **state)
{
    (void)state;
    char *text = draw(seven, (struct chart_size){ .columns = 80, .rows = 24, .ascii = true });
    assert_null(strstr(text, "│"));
    assert_null(strstr(text, "─"));
    assert_null(strstr(text, "▼"));
    assert_non_null(strstr(text, "+----"));
    free(text);
}

static void chart__too_narrow__is_an_error(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = json_parse(seven, strlen(seven), "test", &e);
    assert_null(chart_draw(json_root(doc), 24, false, &e));
    assert_int_equal(e.kind, ERR_INPUT);
    json_free(&doc);
}

static void chart__steps__become_a_graph(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = json_parse(steps, strlen(steps), "test", &e);
    struct json *graph = chart_of_steps(json_root(doc));
    assert_int_equal(jn_count(jn_get(json_root(graph), "nodes")), 7);
    char *text = chart_draw(json_root(graph), 80, false, &e);
    assert_non_null(text);
    assert_joined(text, 80);
    assert_non_null(strstr(text, "同意/不同意 (审查)"));
    assert_non_null(strstr(text, "已审查 → 已受理: 退回重审"));
    assert_null(strstr(text, "终止"));
    free(text);
    json_free(&graph);
    json_free(&doc);
}

static void chart__bad_graphs__are_errors(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{}",
        "{\"nodes\":[],\"edges\":[]}",
        "{\"nodes\":[{\"id\":\"a\",\"zh\":\"甲\"}],\"edges\":[{\"from\":\"a\",\"to\":\"z\",\"zh\":\"x\"}]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e;
        struct json *doc = json_parse(bad[i], strlen(bad[i]), "test", &e);
        assert_null(chart_draw(json_root(doc), 80, false, &e));
        json_free(&doc);
    }
}

static void chart__ring__is_drawn_from_first_state(void **state)
{
    (void)state;
    char *text = draw("{\"nodes\":[{\"id\":\"a\",\"zh\":\"甲\"},{\"id\":\"b\",\"zh\":\"乙\"}],\"edges\":["
                      "{\"from\":\"a\",\"to\":\"b\",\"zh\":\"去\"},{\"from\":\"b\",\"to\":\"a\",\"zh\":\"回\"},"
                      "{\"from\":\"b\",\"to\":\"b\",\"zh\":\"原地\"}]}",
                      (struct chart_size){ .columns = 40 });
    assert_joined(text, 40);
    assert_non_null(strstr(text, "乙 → 甲: 回"));
    assert_non_null(strstr(text, "乙 → 乙: 原地"));
    free(text);
}

/* Any small graph is either drawn with whole lines or refused. */
static void chart__random_graphs__are_whole_or_refused(void **state)
{
    (void)state;
    unsigned seed = 20261123;
    for (int round = 0; round < 300; round++) {
        struct json *doc = json_new_object();
        struct jnode *nodes = jn_set_array(json_edit(doc), "nodes");
        struct jnode *edges = jn_set_array(json_edit(doc), "edges");
        int n = 2 + (int)(rand_r(&seed) % 9);
        char id[8], to[8];
        for (int i = 0; i < n; i++) {
            struct jnode *node = jn_push_object(nodes);
            snprintf(id, sizeof id, "%d", i);
            jn_set_str(node, "id", id);
            jn_set_str(node, "zh", i % 3 ? "审查" : "a环节b");
        }
        for (int i = 0; i < n + 2; i++) {
            struct jnode *edge = jn_push_object(edges);
            snprintf(id, sizeof id, "%d", (int)(rand_r(&seed) % (unsigned)n));
            snprintf(to, sizeof to, "%d", (int)(rand_r(&seed) % (unsigned)n));
            jn_set_str(edge, "from", id);
            jn_set_str(edge, "to", to);
            jn_set_str(edge, "zh", "转");
        }
        struct err e;
        char *text = chart_draw_sized(json_root(doc), (struct chart_size){ .columns = 120 }, &e);
        if (text)
            read_grid(text, 120);
        free(text);
        json_free(&doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart__seven_states__fit_the_screen),
        cmocka_unit_test(chart__every_width__keeps_columns),
        cmocka_unit_test(chart__ascii__has_no_box_characters),
        cmocka_unit_test(chart__too_narrow__is_an_error),
        cmocka_unit_test(chart__steps__become_a_graph),
        cmocka_unit_test(chart__bad_graphs__are_errors),
        cmocka_unit_test(chart__ring__is_drawn_from_first_state),
        cmocka_unit_test(chart__random_graphs__are_whole_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
