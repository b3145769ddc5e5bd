/* Choosing: by code, by pinyin initials, by Chinese, by digit, from the list. */
#include "fixture.h"

static const char item_field[] =
    "{'id':'item','kind':'choice','label':'事项','mandatory':true,'source':'item__choose','recent':true},"
    "{'id':'z','kind':'text','label':'末'}";

struct stage {
    struct formdef *form;
    struct json *recent;
    struct entry *en;
};

static void set_up(struct stage *s, const char *fields, const char *recent)
{
    s->form = form_with(fields);
    s->recent = json_of(recent);
    struct entry_env env = { .today = TODAY, .recent = json_root(s->recent) };
    s->en = entry_new(s->form, &env);
}

static void tear_down(struct stage *s)
{
    entry_free(&s->en);
    formdef_free(&s->form);
    json_free(&s->recent);
}

static void stage_items(struct stage *s, const char *recent)
{
    set_up(s, item_field, recent);
    assert_int_equal(reply(s->en, ENTRY_ASK_CHOICES, items), ENTRY_MOVED);
}

static const struct choice *best(struct entry *en)
{
    const struct choice *const *m;
    size_t highlight;
    size_t n = entry_matches(en, &m, &highlight);
    return highlight < n ? m[highlight] : NULL;
}

static size_t match_count(struct entry *en)
{
    const struct choice *const *m;
    size_t highlight;
    return entry_matches(en, &m, &highlight);
}

/* Typing `search` and Enter chooses the item `code`; with code NULL it is refused. */
static void assert_finds(const char *search, const char *code)
{
    struct stage s;
    stage_items(&s, "{}");
    type(s.en, search);
    assert_true(entry_list_open(s.en));
    enum entry_effect effect = press(s.en, ENTRY_ENTER);
    if (code) {
        assert_int_equal(effect, ENTRY_MOVED);
        assert_string_equal(value(s.en, "item"), code);
        assert_focus(s.en, "z");
    } else {
        assert_int_equal(effect, ENTRY_REFUSED);
        assert_focus(s.en, "item");
        assert_string_equal(textedit_get(entry_editor(s.en, 0)), search);
    }
    tear_down(&s);
}

static void choice_search__finds__by_code_initials_and_chinese(void **state)
{
    (void)state;
    assert_finds("0301", "0301");
    assert_finds("02", "0213");
    assert_finds("spjy", "0301");
    assert_finds("SPJY", "0301");
    assert_finds("bgdj", "0214");
    assert_finds("食品", "0301");
    assert_finds("变更", "0214");
    assert_finds("０３０１", "0301");
    assert_finds("gtgsh bg", "0214");
    assert_finds("烟草", NULL);
}

static void choice_search__ranks__exact_code_before_other_matches(void **state)
{
    (void)state;
    struct stage s;
    set_up(
        &s,
        "{'id':'c','kind':'choice','label':'甲','choices':[{'code':'x12','zh':'一'},{'code':'x1','zh':'二'},"
        "{'code':'y','zh':'三','initials':'x1'}]}",
        "{}");
    type(s.en, "x1");
    assert_int_equal(match_count(s.en), 3);
    assert_string_equal(best(s.en)->code, "x1");
    tear_down(&s);
}

static void choice_digit__takes__a_recent_item_and_moves_on(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301','9999','0213','0301']}");
    assert_true(entry_list_open(s.en));
    assert_int_equal(entry_recent_count(s.en), 2); /* an ended item and a repetition are left out */
    assert_int_equal(type(s.en, "2"), ENTRY_MOVED);
    assert_string_equal(value(s.en, "item"), "0213");
    assert_focus(s.en, "z");
    tear_down(&s);
}

static void choice_digit__searches__when_nothing_recent_is_there(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301']}");
    assert_int_equal(type(s.en, "2"), ENTRY_CHANGED); /* no second recent one */
    assert_string_equal(textedit_get(entry_editor(s.en, 0)), "2");
    press(s.en, ENTRY_BACKSPACE);
    assert_int_equal(type(s.en, "0"), ENTRY_CHANGED);
    assert_int_equal(type(s.en, "3"), ENTRY_CHANGED); /* while searching a digit is a digit */
    press(s.en, ENTRY_ENTER);
    assert_string_equal(value(s.en, "item"), "0301");
    tear_down(&s);
}

static void choice_digit__is_text__when_pasted(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301']}");
    feed(s.en, "1", true);
    assert_string_equal(value(s.en, "item"), "");
    assert_string_equal(textedit_get(entry_editor(s.en, 0)), "1");
    tear_down(&s);
}

static void choice_enter__does_not_take__what_was_not_chosen(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301']}");
    assert_int_equal(press(s.en, ENTRY_ENTER), ENTRY_REFUSED);
    assert_message(s.en, "事项");
    assert_string_equal(value(s.en, "item"), "");
    tear_down(&s);
}

static void choice_list__opens__and_is_walked_with_arrows(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{}");
    assert_false(entry_list_open(s.en));
    press(s.en, ENTRY_CHOOSE);
    assert_true(entry_list_open(s.en));
    assert_int_equal(match_count(s.en), 3);
    press(s.en, ENTRY_DOWN);
    press(s.en, ENTRY_DOWN);
    press(s.en, ENTRY_DOWN);
    assert_string_equal(best(s.en)->code, "0301");
    press(s.en, ENTRY_UP);
    press(s.en, ENTRY_ENTER);
    assert_string_equal(value(s.en, "item"), "0214");
    assert_non_null(strstr(entry_shown(s.en, 0), "变更"));
    tear_down(&s);
}

static void choice_list__is_not_taken__by_other_keys(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{}");
    press(s.en, ENTRY_CHOOSE);
    assert_int_equal(press(s.en, ENTRY_SUBMIT), ENTRY_REFUSED);
    assert_string_equal(value(s.en, "item"), "");
    tear_down(&s);
}

static void choice_backspace__clears__the_value(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301']}");
    type(s.en, "1");
    press(s.en, ENTRY_PREVIOUS);
    assert_focus(s.en, "item");
    press(s.en, ENTRY_BACKSPACE);
    assert_string_equal(value(s.en, "item"), "");
    assert_int_equal(press(s.en, ENTRY_UNDO), ENTRY_MOVED);
    assert_string_equal(value(s.en, "item"), "0301");
    tear_down(&s);
}

static void choice_shows__department_and_class_beside_it(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{}");
    type(s.en, "0301");
    assert_non_null(strstr(best(s.en)->extra, "市场监管局"));
    tear_down(&s);
}

static void choice_code__moves_on__when_the_form_says_so(void **state)
{
    (void)state;
    struct stage s;
    set_up(
        &s,
        "{'id':'action','kind':'choice','label':'动作','default':'agree','skip':true,"
        " 'choices':[{'code':'agree','zh':'同意'},{'code':'refuse','zh':'不同意'}]},"
        "{'id':'phrase','kind':'choice','label':'常用语','param':'','auto_advance':true,'fill':{'opinion':'zh'},"
        " 'choices':[{'code':'1','zh':'符合条件，同意。','when':{'field':'action','is':['agree']}},"
        "  {'code':'1','zh':'不符合条件。','when':{'field':'action','is':['refuse']}},"
        "  {'code':'2','zh':'同意办理。','when':{'field':'action','is':['agree']}}]},"
        "{'id':'opinion','kind':'multiline','label':'意见','mandatory':true,'length':[2,100]}",
        "{}");
    assert_focus(s.en, "phrase"); /* the action has a good default */
    assert_int_equal(match_count(s.en), 2);
    assert_int_equal(type(s.en, "1"), ENTRY_MOVED);
    assert_focus(s.en, "opinion");
    assert_string_equal(value(s.en, "opinion"), "符合条件，同意。");
    press(s.en, ENTRY_PREVIOUS);
    type(s.en, "2"); /* another phrase takes the place of the first */
    assert_string_equal(value(s.en, "opinion"), "同意办理。");
    type(s.en, "！");
    press(s.en, ENTRY_PREVIOUS);
    type(s.en, "1"); /* but not of what the clerk wrote */
    assert_string_equal(value(s.en, "opinion"), "同意办理。！");
    assert_int_equal(press(s.en, ENTRY_ENTER), ENTRY_READY);
    tear_down(&s);
}

static void choice_failed_list__can_be_asked_again(void **state)
{
    (void)state;
    struct stage s;
    set_up(&s, item_field, "{}");
    assert_int_equal(reply_failed(s.en, ENTRY_ASK_CHOICES, "connection lost"), ENTRY_REFUSED);
    assert_message(s.en, "connection lost");
    type(s.en, "sp");
    assert_int_equal(reply(s.en, ENTRY_ASK_CHOICES, items), ENTRY_MOVED);
    press(s.en, ENTRY_ENTER);
    assert_string_equal(value(s.en, "item"), "0301");
    tear_down(&s);
}

static void choice_typed_ahead__waits__for_the_list(void **state)
{
    (void)state;
    struct stage s;
    set_up(&s, item_field, "{}"); /* `sl spjy` from the command line: the list is not there yet */
    feed(s.en, "spjy", true);
    assert_int_equal(entry_key(s.en, ENTRY_ENTER, 0, true), ENTRY_CHANGED);
    assert_int_equal(reply(s.en, ENTRY_ASK_CHOICES, items), ENTRY_MOVED);
    assert_string_equal(value(s.en, "item"), "0301");
    assert_focus(s.en, "z");
    tear_down(&s);
}

static void choice_escape__closes__the_list_and_drops_the_search(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{'item':['0301']}");
    assert_int_equal(press(s.en, ENTRY_CLOSE), ENTRY_CHANGED);
    assert_false(entry_list_open(s.en));
    type(s.en, "02");
    assert_int_equal(press(s.en, ENTRY_CLOSE), ENTRY_CHANGED);
    assert_string_equal(textedit_get(entry_editor(s.en, 0)), "");
    assert_int_equal(press(s.en, ENTRY_CLOSE), ENTRY_NOTHING);
    assert_int_equal(type(s.en, "1"), ENTRY_MOVED); /* the digits still choose */
    assert_string_equal(value(s.en, "item"), "0301");
    tear_down(&s);
}

static void choice_search_left_open__is_settled_or_refused_at_submit(void **state)
{
    (void)state;
    struct stage s;
    stage_items(&s, "{}");
    type(s.en, "gtgsh");
    entry_set_focus(s.en, 1);
    assert_string_equal(entry_shown(s.en, 0), "gtgsh");
    assert_int_equal(press(s.en, ENTRY_SUBMIT), ENTRY_REFUSED); /* two items begin so */
    assert_focus(s.en, "item");
    type(s.en, "bg");
    entry_set_focus(s.en, 1);
    assert_int_equal(press(s.en, ENTRY_SUBMIT), ENTRY_READY);
    assert_string_equal(value(s.en, "item"), "0214");
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_search__finds__by_code_initials_and_chinese),
        cmocka_unit_test(choice_search__ranks__exact_code_before_other_matches),
        cmocka_unit_test(choice_digit__takes__a_recent_item_and_moves_on),
        cmocka_unit_test(choice_digit__searches__when_nothing_recent_is_there),
        cmocka_unit_test(choice_digit__is_text__when_pasted),
        cmocka_unit_test(choice_enter__does_not_take__what_was_not_chosen),
        cmocka_unit_test(choice_list__opens__and_is_walked_with_arrows),
        cmocka_unit_test(choice_list__is_not_taken__by_other_keys),
        cmocka_unit_test(choice_backspace__clears__the_value),
        cmocka_unit_test(choice_shows__department_and_class_beside_it),
        cmocka_unit_test(choice_code__moves_on__when_the_form_says_so),
        cmocka_unit_test(choice_failed_list__can_be_asked_again),
        cmocka_unit_test(choice_typed_ahead__waits__for_the_list),
        cmocka_unit_test(choice_escape__closes__the_list_and_drops_the_search),
        cmocka_unit_test(choice_search_left_open__is_settled_or_refused_at_submit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
