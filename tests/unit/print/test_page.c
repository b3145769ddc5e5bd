#include "../unit.h"

#include "data.h"

#include "guitai/base/utf8.h"
#include "guitai/print/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
    struct err e;
    struct json *doc = json_parse(text, strlen(text), "test", &e);
    if (!doc)
        fail_msg("%s", e.message);
    return doc;
}

/* The text of `document` with `data`; NULL with *e set when it is refused. */
static char *print_text(const char *document, const char *data, struct err *e)
{
    struct json *doc = parse(data);
    struct page *page = page_build(document, json_root(doc), e);
    char *text = page ? page_text(page, 0, e) : NULL;
    page_free(&page);
    json_free(&doc);
    return text;
}

static void assert_says(const char *text, const char *wanted)
{
    if (!text || !strstr(text, wanted))
        fail_msg("\"%s\" is not in:\n%s", wanted, text ? text : "(nothing)");
}

static void assert_refused(const char *document, const char *data, const char *wanted)
{
    struct err e;
    err_reset(&e);
    char *text = print_text(document, data, &e);
    if (text)
        fail_msg("printed, though \"%s\" is wrong:\n%s", wanted, text);
    assert_says(e.message, wanted);
}

static void page__receipt__has_every_part(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "受理通知书", "3203000326112300076", "查询码 482913", "个体工商户设立登记", "申请人：陈*",
        "320311********1236", "138****2071", "经营场所使用证明", "2026-11-23 09:41", "03号窗口", "张敏",
        "0516-00000013", "2026年11月24日 周二", "2026年12月14日 周一", "行政许可专用章", "第三十二条",
    };
    struct err e;
    char *text = print_text("receipt", "{" RECEIPT_KEYS "}", &e);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_says(text, wanted[i]);
    assert_null(strstr(text, "陈𠮷祥"));
    assert_null(strstr(text, "补打"));
    assert_null(strstr(text, "暂定"));
    free(text);
}

static void page__receipt__marks_reprint_and_provisional_date(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = parse("{" RECEIPT_KEYS "}");
    jn_set_str(json_edit(doc), "mark", "补打第2次");
    jn_set_bool(json_edit(doc), "due_provisional", true);
    char *data = json_text(doc, false), *text = print_text("receipt", data, &e);
    assert_says(text, "补打第2次");
    assert_says(text, "暂定");
    free(data);
    free(text);
    json_free(&doc);
}

static void page__receipt__refuses_missing_clerk(void **state)
{
    (void)state;
    struct json *doc = parse("{" RECEIPT_KEYS "}");
    jn_remove(json_edit(doc), "clerk");
    char *data = json_text(doc, false);
    assert_refused("receipt", data, "clerk");
    free(data);
    json_free(&doc);
}

static void page__receipt__no_line_is_too_wide(void **state)
{
    (void)state;
    static const int widths[] = { 32, 48, 80 };
    struct err e;
    struct json *doc = parse("{" RECEIPT_KEYS "}");
    struct page *page = page_build("receipt", json_root(doc), &e);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        char *text = page_text(page, widths[i], &e), *rest = text;
        assert_non_null(text);
        for (char *line; (line = strsep(&rest, "\n"));)
            assert_true(utf8_cells(line) <= widths[i]);
        free(text);
    }
    page_free(&page);
    json_free(&doc);
}

static void page__refusal__prints_reason_and_remedies(void **state)
{
    (void)state;
    struct err e;
    static const char data[] = "{" RECEIPT_KEYS DECISION_KEYS ",\"review_opinion\":\"场所不符\"}";
    char *text = print_text("decision_refuse", data, &e);
    assert_says(text, "不予行政许可决定书");
    assert_says(text, "场所不符");
    assert_says(text, "60日");
    assert_says(text, "6个月");
    assert_says(text, "行政复议法");
    assert_says(text, "行政诉讼法");
    free(text);
}

static void page__refusal__refuses_without_reason(void **state)
{
    (void)state;
    assert_refused("decision_refuse", "{" RECEIPT_KEYS DECISION_KEYS ",\"review_opinion\":\"\"}", "理由");
}

static void page__refusal__refuses_form_without_remedy(void **state)
{
    (void)state;
    struct err e;
    struct json *data = parse("{\"a\":\"x\"}");
    struct json *form = parse(
        "{\"id\":\"f\",\"title\":{\"zh\":\"书\"},\"parts\":[{\"id\":\"remedies\",\"says\":[\"60日\",\"6个月\"]}],"
        "\"blocks\":[{\"kind\":\"text\",\"part\":\"remedies\",\"text\":\"60日内{a}\"}]}");
    assert_null(page_build_from(form, json_root(data), &e));
    assert_says(e.message, "6个月");
    json_free(&form);
    json_free(&data);
}

static void page__grant__follows_kind_of_item(void **state)
{
    (void)state;
    struct err e;
    char *text = print_text("decision_grant", "{" RECEIPT_KEYS DECISION_KEYS "}", &e);
    assert_says(text, "准予行政许可决定书");
    assert_says(text, "第四十四条");
    assert_says(text, "第四十条");
    free(text);
    struct json *doc = parse("{" RECEIPT_KEYS DECISION_KEYS "}");
    jn_set_str(json_edit(doc), "kind", "filing");
    char *data = json_text(doc, false);
    text = print_text("decision_grant", data, &e);
    assert_says(text, "准予备案决定书");
    assert_says(text, "送达《营业执照》");
    assert_null(strstr(text, "行政许可法"));
    free(text);
    free(data);
    json_free(&doc);
}

static void page__steps__prints_six_dated_steps(void **state)
{
    (void)state;
    static const char *const stages[] = { "接件", "审查", "签批", "制证", "盖章", "发证" };
    struct err e;
    char *text = print_text("steps", "{" RECEIPT_KEYS DECISION_KEYS STEPS_KEYS "}", &e);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        assert_says(text, stages[i]);
    int dated = 0;
    for (const char *p = text; (p = strstr(p, "2026-11-23 09:41 03")); p++)
        dated++;
    assert_int_equal(dated, 6);
    free(text);
}

static void page__build__drops_printer_commands(void **state)
{
    (void)state;
    struct err e;
    struct json *form = parse("{\"id\":\"f\",\"blocks\":[{\"kind\":\"text\",\"text\":\"{a}\"}]}");
    struct json *data = parse("{\"a\":\"张\\u001b@\\u0010三\\u202e\\u007f\"}");
    struct page *page = page_build_from(form, json_root(data), &e);
    char *text = page_text(page, 40, &e);
    assert_string_equal(text, "张@三\n");
    free(text);
    page_free(&page);
    json_free(&data);
    json_free(&form);
}

static void page__build__refuses_chinese_in_code(void **state)
{
    (void)state;
    struct err e;
    struct json *form = parse("{\"id\":\"f\",\"blocks\":[{\"kind\":\"qr\",\"value\":\"{a}\"}]}");
    struct json *data = parse("{\"a\":\"受理\"}");
    assert_null(page_build_from(form, json_root(data), &e));
    assert_int_equal(e.kind, ERR_INPUT);
    json_free(&data);
    json_free(&form);
}

static void page__build__refuses_path_as_document(void **state)
{
    (void)state;
    struct err e;
    assert_null(page_build("../menu", NULL, &e));
    assert_null(page_build("", NULL, &e));
    assert_int_equal(e.kind, ERR_INPUT);
}

static void page__text__breaks_by_rule_of_punctuation(void **state)
{
    (void)state;
    struct err e;
    struct json *form = parse("{\"id\":\"f\",\"blocks\":[{\"kind\":\"text\",\"text\":\"{a}\"}]}");
    struct json *data = parse("{\"a\":\"一二三四五六七八九十甲乙，丙《丁》 word12345 x\"}");
    struct page *page = page_build_from(form, json_root(data), &e);
    char *text = page_text(page, 24, &e);
    assert_string_equal(text, "一二三四五六七八九十甲\n乙，丙《丁》 word12345 x\n");
    free(text);
    page_free(&page);
    json_free(&data);
    json_free(&form);
}

static void check__shipped_forms__are_right(void **state)
{
    (void)state;
    static const char *const names[] = { "receipt", "decision_grant", "decision_refuse",
                                         "steps",   "chart",          "guide" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        struct err e;
        snprintf(path, sizeof path, "%s/forms/documents/%s.json", getenv("GUITAI_SHARE"), names[i]);
        struct json *form = json_load(path, &e);
        if (!form || !page_check_form(form, &e))
            fail_msg("%s", e.message);
        assert_string_equal(jn_str(json_root(form), "id", ""), names[i]);
        json_free(&form);
    }
}

#define HEAD "{\"id\":\"f\",\"title\":{\"zh\":\"书\"},"

static void check__bad_forms__name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *form, *says;
    } cases[] = {
        { HEAD "\"blocks\":[{\"kind\":\"picture\"}]}", "$.blocks[0]" },
        { HEAD "\"blocks\":[{\"kind\":\"text\",\"text\":\"{shout:a}\"}]}", "shout" },
        { HEAD "\"blocks\":[{\"kind\":\"text\",\"text\":\"{a\"}]}", "{a" },
        { HEAD "\"blocks\":[{\"kind\":\"table\",\"rows\":\"r\"}]}", "columns" },
        { HEAD "\"blocks\":[{\"kind\":\"rule\"}],\"parts\":[{\"id\":\"seal\"}]}",
          "seal" },
        { HEAD "\"paper\":\"a3\",\"blocks\":[{\"kind\":\"rule\"}]}", "a4" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        struct json *form = parse(cases[i].form);
        assert_false(page_check_form(form, &e));
        assert_says(e.message, cases[i].says);
        json_free(&form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page__receipt__has_every_part),
        cmocka_unit_test(page__receipt__marks_reprint_and_provisional_date),
        cmocka_unit_test(page__receipt__refuses_missing_clerk),
        cmocka_unit_test(page__receipt__no_line_is_too_wide),
        cmocka_unit_test(page__refusal__prints_reason_and_remedies),
        cmocka_unit_test(page__refusal__refuses_without_reason),
        cmocka_unit_test(page__refusal__refuses_form_without_remedy),
        cmocka_unit_test(page__grant__follows_kind_of_item),
        cmocka_unit_test(page__steps__prints_six_dated_steps),
        cmocka_unit_test(page__build__drops_printer_commands),
        cmocka_unit_test(page__build__refuses_chinese_in_code),
        cmocka_unit_test(page__build__refuses_path_as_document),
        cmocka_unit_test(page__text__breaks_by_rule_of_punctuation),
        cmocka_unit_test(check__shipped_forms__are_right),
        cmocka_unit_test(check__bad_forms__name_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
