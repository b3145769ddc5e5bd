/* Values going in and out: defaults, conditions, repeat, undo, parked forms, scripts, working days. */
#include "fixture.h"

static struct formdef *form;

static struct entry *start(const char *fields)
{
    form = form_with(fields);
    return entry_of(form);
}

static void done(struct entry *en)
{
    entry_free(&en);
    formdef_free(&form);
}

static void entry_default__fills__today_window_and_text(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'d','kind':'date','label':'日','default':'today'},"
                             "{'id':'w','kind':'text','label':'窗','default':'@station.window'},"
                             "{'id':'y','kind':'yesno','label':'是','default':'no'},"
                             "{'id':'t','kind':'text','label':'文','default':'徐州'}");
    assert_string_equal(value(en, "d"), "2026-11-23");
    assert_string_equal(value(en, "w"), "03");
    assert_string_equal(value(en, "y"), "no");
    assert_string_equal(value(en, "t"), "徐州");
    assert_false(entry_dirty(en));
    done(en);
}

static const char kinds[] =
    "{'id':'kind','kind':'choice','label':'类','mandatory':true,'choices':[{'code':'person',"
    "'zh':'自然人'},{'code':'org','zh':'法人'}]},{'id':'legal','kind':'text','label':'法定代表人',"
    "'mandatory':true,'show_when':{'field':'kind','is':['org']}},{'id':'age','kind':'number',"
    "'label':'年龄','show_when':{'field':'kind','not':['org']}},{'id':'z','kind':'text','label':'末'}";

static void entry_show_when__shows_and_hides__by_another_field(void **state)
{
    (void)state;
    struct entry *en = start(kinds);
    assert_false(shown(en, "legal"));
    assert_true(shown(en, "age"));
    type(en, "org");
    press(en, ENTRY_ENTER);
    assert_focus(en, "legal");
    assert_false(shown(en, "age"));
    type(en, "张䶮");
    press(en, ENTRY_PREVIOUS);
    type(en, "person");
    press(en, ENTRY_ENTER);
    assert_false(shown(en, "legal"));
    assert_null(arg(en, "legal")); /* what is hidden is not sent … */
    press(en, ENTRY_PREVIOUS);
    type(en, "org");
    press(en, ENTRY_ENTER);
    assert_string_equal(value(en, "legal"), "张䶮"); /* … but not forgotten */
    done(en);
}

static void entry_default_from__follows__until_the_clerk_types(void **state)
{
    (void)state;
    struct entry *en = start(
        "{'id':'a','kind':'choice','label':'甲','choices':[{'code':'x','zh':'一'},{'code':'y','zh':'二'}]},"
        "{'id':'b','kind':'text','label':'乙','default_from':{'field':'a','map':{'x':'one','*':'other'}}}");
    assert_string_equal(value(en, "b"), "other");
    type(en, "x");
    press(en, ENTRY_ENTER);
    assert_string_equal(value(en, "b"), "one");
    press(en, ENTRY_CLEAR);
    type(en, "mine");
    press(en, ENTRY_PREVIOUS);
    type(en, "y");
    press(en, ENTRY_ENTER);
    assert_string_equal(value(en, "b"), "mine");
    done(en);
}

static void entry_working_date__waits__for_the_calendar(void **state)
{
    (void)state;
    struct entry *en = start(
        "{'id':'d','kind':'date','label':'日','mandatory':true},{'id':'z','kind':'text','label':'末'}");
    type(en, "+5w");
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_CHANGED);
    struct entry_request r = asked(en, ENTRY_ASK_WORKING_DATE);
    assert_string_equal(r.function, "due");
    assert_string_equal(r.names[0], "from");
    assert_string_equal(r.values[0], "2026-11-23");
    assert_string_equal(r.values[1], "5");
    assert_focus(en, "d");
    struct json *doc = json_of("{'due':'2026-11-30','provisional':false}");
    assert_int_equal(entry_answer(en, r.id, json_root(doc), NULL), ENTRY_MOVED);
    json_free(&doc);
    assert_focus(en, "z");
    assert_string_equal(value(en, "d"), "2026-11-30");
    done(en);
}

static void entry_submit__goes_on__after_the_answer(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'d','kind':'date','label':'日','mandatory':true}");
    type(en, "+5w");
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_CHANGED);
    assert_int_equal(reply(en, ENTRY_ASK_WORKING_DATE, "{'due':'2026-11-30'}"), ENTRY_READY);
    assert_string_equal(arg(en, "d"), "2026-11-30");
    done(en);
}

static void entry_submit__stops__when_the_answer_fails(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'d','kind':'date','label':'日','mandatory':true}");
    type(en, "+5w");
    press(en, ENTRY_SUBMIT);
    assert_int_equal(reply_failed(en, ENTRY_ASK_WORKING_DATE, "connection lost"), ENTRY_REFUSED);
    assert_string_equal(value(en, "d"), "+5w");
    assert_nothing_asked(en);
    done(en);
}

static void entry_lookup__refuses__when_the_form_says_so(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'n','kind':'text','label':'号','lookup':{'function':'f','args':{'n':'n'},"
                             "'refuse':[{'key':'open','message':{'zh':'已有 {open}','en':'open: {open}'}}]}},"
                             "{'id':'z','kind':'text','label':'末'}");
    type(en, "7");
    press(en, ENTRY_ENTER);
    assert_int_equal(reply(en, ENTRY_ASK_LOOKUP, "{'open':'3203000326112300071'}"), ENTRY_REFUSED);
    assert_message(en, "3203000326112300071");
    assert_focus(en, "n");
    press(en, ENTRY_ENTER); /* asked again: it may be closed by now */
    assert_int_equal(reply(en, ENTRY_ASK_LOOKUP, "{'open':null}"), ENTRY_MOVED);
    assert_focus(en, "z");
    done(en);
}

static void entry_repeat__takes__the_last_case(void **state)
{
    (void)state;
    struct json *last = json_of("{'name':'王小明','address':'徐州市','note':'旧'}");
    form = form_with(
        "{'id':'name','kind':'text','label':'名','repeat':false},{'id':'address','kind':'text','label':'址'},"
        "{'id':'phone','kind':'phone','label':'电话'},{'id':'z','kind':'text','label':'末'}");
    struct entry_env env = { .today = TODAY, .repeat_from = json_root(last) };
    struct entry *en = entry_new(form, &env);
    json_free(&last); /* the next case becomes the last one while this form lies open */
    assert_int_equal(press(en, ENTRY_REPEAT), ENTRY_REFUSED); /* never repeated */
    press(en, ENTRY_ENTER);
    assert_int_equal(press(en, ENTRY_REPEAT), ENTRY_MOVED);
    assert_string_equal(value(en, "address"), "徐州市");
    assert_focus(en, "phone");
    assert_int_equal(press(en, ENTRY_REPEAT), ENTRY_REFUSED); /* nothing there */
    done(en);
}

static void entry_repeat_all__takes__all_that_follow_and_is_empty(void **state)
{
    (void)state;
    struct json *last = json_of("{'a':'一','b':'二','c':'三'}");
    form = form_with(
        "{'id':'a','kind':'text','label':'甲'},{'id':'b','kind':'text','label':'乙'},"
        "{'id':'c','kind':'text','label':'丙'},{'id':'d','kind':'text','label':'丁','mandatory':true}");
    struct entry_env env = { .today = TODAY, .repeat_from = json_root(last) };
    struct entry *en = entry_new(form, &env);
    entry_set_focus(en, 1);
    type(en, "mine");
    entry_set_focus(en, 0);
    assert_int_equal(press(en, ENTRY_REPEAT_ALL), ENTRY_MOVED);
    assert_string_equal(value(en, "a"), "一");
    assert_string_equal(value(en, "b"), "mine");
    assert_string_equal(value(en, "c"), "三");
    assert_focus(en, "d");
    done(en);
    json_free(&last);
}

static void entry_undo__takes_back__the_last_change(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'a','kind':'text','label':'甲'},{'id':'b','kind':'text','label':'乙'}");
    type(en, "first");
    press(en, ENTRY_ENTER);
    type(en, "second");
    press(en, ENTRY_UNDO);
    assert_focus(en, "b");
    assert_string_equal(value(en, "b"), "");
    press(en, ENTRY_UNDO);
    assert_focus(en, "a");
    assert_string_equal(value(en, "a"), "");
    assert_int_equal(press(en, ENTRY_UNDO), ENTRY_REFUSED);
    done(en);
}

static void entry_multiline__keeps__newlines_and_edits_by_row(void **state)
{
    (void)state;
    struct entry *en = start(
        "{'id':'o','kind':'multiline','label':'意见','length':[2,100]},{'id':'z','kind':'text','label':'末'}");
    type(en, "第一行");
    type(en, "\n");
    type(en, "第二行");
    assert_int_equal(press(en, ENTRY_UP), ENTRY_CHANGED);
    press(en, ENTRY_HOME);
    type(en, "新");
    assert_string_equal(value(en, "o"), "新第一行\n第二行");
    press(en, ENTRY_ENTER);
    assert_focus(en, "z");
    feed(en, "a\tb\nc", true); /* a pasted tab does not jump */
    assert_string_equal(value(en, "z"), "a b c");
    done(en);
}

static void entry_tab__walks__round_the_form(void **state)
{
    (void)state;
    struct entry *en = start(
        "{'id':'a','kind':'text','label':'甲','mandatory':true},{'id':'r','kind':'readonly','label':'读'},"
        "{'id':'b','kind':'text','label':'乙'}");
    press(en, ENTRY_NEXT);
    assert_focus(en, "b");
    press(en, ENTRY_NEXT);
    assert_focus(en, "a");
    assert_int_equal(press(en, ENTRY_PREVIOUS), ENTRY_NOTHING);
    assert_false(entry_focusable(en, at(en, "r")));
    done(en);
}

static void entry_save__and_load__bring_a_parked_form_back(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start(intake_fields);
    reply(en, ENTRY_ASK_CHOICES, items);
    type(en, "0301");
    press(en, ENTRY_ENTER);
    reply(en, ENTRY_ASK_LOAD, item_0301);
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, known_applicant);
    type(en, "老王面馆");
    entry_set_focus(en, at(en, "materials"));
    type(en, "o3+");
    assert_true(entry_dirty(en));
    struct json *saved = entry_save_values(en);
    entry_free(&en);

    en = entry_of(form);
    assert_true(entry_load_values(en, json_root(saved), &e));
    assert_true(entry_dirty(en));
    reply(en, ENTRY_ASK_CHOICES, items);
    reply(en, ENTRY_ASK_LOAD, item_0301);
    assert_true(entry_values_placed(en, &e));
    assert_string_equal(value(en, "shop"), "老王面馆");
    assert_string_equal(value(en, "name"), "王小明");
    assert_non_null(strstr(value(en, "materials"), "original"));
    assert_string_equal(value(en, "window"), "03");
    assert_focus(en, "area"); /* goes on where something is still to be done */
    json_free(&saved);
    done(en);
}

static void entry_load__waits_in_the_saved_values__until_the_item_is_there(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start(intake_fields);
    struct json *values = json_of("{'item':'0301','shop':'老王面馆','materials':[{'no':1,'state':'copy'}]}");
    assert_true(entry_load_values(en, json_root(values), &e));
    struct json *again = entry_save_values(en); /* parked again before anything was answered */
    assert_string_equal(jn_str(json_root(again), "shop", ""), "老王面馆");
    assert_int_equal(jn_count(jn_get(json_root(again), "materials")), 1);
    json_free(&again);
    json_free(&values);
    done(en);
}

static void entry_load__lets__one_field_decide_the_kind_of_another(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start("{'id':'number','kind':'citizen','label':'号','length':[3,30],"
                             "'kind_from':{'field':'papers','map':{'citizen':'citizen','*':'text'}}},"
                             "{'id':'papers','kind':'choice','label':'证','choices':[{'code':'citizen','zh':'身份证'},{'code':'other','zh':'其他'}]}");
    struct json *values = json_of("{'number':'(2026)-AB-1234567890-7','papers':'other'}"); /* longer than any citizen's */
    assert_true(entry_load_values(en, json_root(values), &e));
    assert_string_equal(value(en, "number"), "(2026)-AB-1234567890-7");
    json_free(&values);
    done(en);
}

static void entry_load__names__fields_that_do_not_exist(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start("{'id':'a','kind':'text','label':'甲'}");
    struct json *values = json_of("{'a':'1','b':'2','c':'3'}");
    assert_false(entry_load_values(en, json_root(values), &e));
    assert_non_null(strstr(e.message, "b, c"));
    assert_string_equal(value(en, "a"), "1");
    json_free(&values);
    done(en);

    en = start(intake_fields);
    values = json_of("{'item':'0213','shpo':'老王面馆'}");
    assert_true(entry_load_values(en, json_root(values), &e)); /* it may be the item's own */
    reply(en, ENTRY_ASK_CHOICES, items);
    reply(en, ENTRY_ASK_LOAD, item_0213);
    assert_false(entry_values_placed(en, &e));
    assert_non_null(strstr(e.message, "shpo"));
    json_free(&values);
    done(en);
}

static void entry_load__fills_a_form_as_a_script_does(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start(intake_fields);
    struct json *values = json_of(
        "{'item':'0301','id_number':'" CITIZEN
        "','name':'阿依古丽•艾山','phone':13800000000,'shop':'面馆','area':45,'chain':true,"
        " 'materials':[{'no':1,'state':'original'},{'no':2,'state':'checked','copies':1}]}");
    assert_true(entry_load_values(en, json_root(values), &e));
    reply(en, ENTRY_ASK_CHOICES, items);
    reply(en, ENTRY_ASK_LOAD, item_0301);
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_CHANGED);
    assert_int_equal(reply(en, ENTRY_ASK_LOOKUP, known_applicant), ENTRY_READY);
    assert_string_equal(arg(en, "name"), "阿依古丽·艾山");
    assert_string_equal(arg(en, "phone"), "13800000000");
    assert_string_equal(arg(en, "address"), "徐州市泉山区");
    assert_string_equal(arg(en, "extra"), "{\"shop\":\"面馆\",\"area\":\"45\",\"chain\":\"yes\"}");
    json_free(&values);
    done(en);
}

static void entry_load__refuses__values_of_the_wrong_kind(void **state)
{
    (void)state;
    static const char *const bad[] = { "{'y':'perhaps'}", "{'t':{'x':1}}", "{'t':'一二三四'}", "[]" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = { 0 };
        struct entry *en = start(
            "{'id':'y','kind':'yesno','label':'是'},{'id':'t','kind':'text','label':'文','length':[0,3]}");
        struct json *values = json_of(bad[i]);
        assert_false(entry_load_values(en, json_root(values), &e));
        assert_true(*e.message);
        json_free(&values);
        done(en);
    }
}

/* Typed or pasted, what nobody sees is left out and told; out of a script it is an error with its place. */
static void entry__lets_in__no_invisible_character(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start("{'id':'name','kind':'text','label':'名','script':'han'},"
                             "{'id':'note','kind':'multiline','label':'注'}");
    type(en, "王");
    assert_int_equal(type(en, "\xE2\x80\xAE"), ENTRY_CHANGED); /* U+202E */
    assert_message(en, "U+202E");
    feed(en, "小\xE2\x80\x8B明", true); /* U+200B */
    assert_string_equal(value(en, "name"), "王小明");
    assert_message(en, "U+200B");
    done(en);

    en = start("{'id':'name','kind':'text','label':'名'},{'id':'note','kind':'multiline','label':'注'}");
    struct json *values = json_of("{'note':'一\\n二\\t三','name':'王\xE2\x80\xAE小明'}");
    assert_false(entry_load_values(en, json_root(values), &e));
    assert_string_equal(e.field, "name");
    assert_non_null(strstr(e.message, "U+202E"));
    assert_string_equal(value(en, "note"), "一\n二 三");
    json_free(&values);
    done(en);
}

static void entry_preset__is_not__something_typed(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct entry *en = start("{'id':'number','kind':'readonly','label':'件号'},"
                             "{'id':'summary','kind':'readonly','label':'概要','param':'',"
                             "'text':{'zh':'件 {number}','en':'case {number}'}},"
                             "{'id':'opinion','kind':'multiline','label':'意见','mandatory':true}");
    struct json *values = json_of("{'number':'3203000326112300071'}");
    assert_true(entry_preset(en, json_root(values), &e));
    assert_false(entry_dirty(en));
    assert_string_equal(value(en, "summary"), "件 3203000326112300071");
    assert_string_equal(arg(en, "number"), "3203000326112300071");
    type(en, "同意");
    assert_true(entry_dirty(en));
    const struct entry_arg *args;
    assert_int_equal(entry_args(en, &args), 2); /* the summary is not sent */
    json_free(&values);
    done(en);
}

static void entry_restore__takes_out__a_scan_meant_for_another_screen(void **state)
{
    (void)state;
    struct entry *en = start(
        "{'id':'a','kind':'text','label':'甲'},{'id':'b','kind':'text','label':'乙','default':'旧'}");
    type(en, "王");
    struct json *before = entry_save_values(en);
    press(en, ENTRY_ENTER);
    press(en, ENTRY_CLEAR);
    feed(en, "3203000326112300071", true);
    press(en, ENTRY_PREVIOUS);
    feed(en, "3203", true);
    entry_restore(en, json_root(before));
    assert_string_equal(value(en, "a"), "王");
    assert_string_equal(value(en, "b"), "旧");
    assert_focus(en, "a");
    json_free(&before);
    before = json_of("{}");
    entry_restore(en, json_root(before));
    assert_string_equal(value(en, "a"), "");
    assert_false(entry_dirty(en));
    json_free(&before);
    done(en);
}

static void entry_args__sends__the_shown_one_of_two_fields(void **state)
{
    (void)state;
    struct entry *en = start("{'id':'k','kind':'yesno','label':'是','default':'no','param':''},"
                             "{'id':'a','kind':'text','label':'甲','param':'x',"
                             "'default':'1','show_when':{'field':'k','is':['yes']}},"
                             "{'id':'b','kind':'text','label':'乙','param':'x',"
                             "'default':'2','show_when':{'field':'k','is':['no']}}");
    assert_string_equal(arg(en, "x"), "2");
    type(en, "y");
    assert_string_equal(arg(en, "x"), "1");
    done(en);
}

static void entry__without_fields__is_ready_at_once(void **state)
{
    (void)state;
    form = form_of("{'id':'t','title':'试','function':'f','fields':[]}");
    struct entry *en = entry_of(form);
    assert_int_equal(entry_count(en), 0);
    assert_int_equal(type(en, "x"), ENTRY_NOTHING);
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_READY);
    done(en);
}

/* Any keys in any order, pasted or not, with answers that come, fail or come late: nothing breaks (the
 * sanitizers watch), and the cursor is always on a field that takes keys. */
static void entry__survives__any_keys(void **state)
{
    (void)state;
    static const uint32_t chars[] = { '0',    '1',    '2',    '3',  'x',    'o',    'v',     '*',
                                      ' ',    '+',    'w',    't',  0x738B, 0x4DAE, 0x2CB6D, 0x301,
                                      0x3002, 0xFF11, 0x30FB, '\n', '\t',   0x202E };
    static const char *const answers[] = { item_0301,
                                           item_0213,
                                           known_applicant,
                                           "{'found':false}",
                                           items,
                                           "{'ok':false,'message':'不行'}",
                                           "{'due':'2026-11-30'}",
                                           "{}" };
    unsigned seed = 20261123;
    struct entry *en = start(intake_fields);
    for (int i = 0; i < 20000; i++) {
        struct entry_request r;
        seed = seed * 1103515245u + 12345u;
        unsigned dice = seed >> 16;
        if (dice % 3)
            entry_key(en, ENTRY_CHAR, chars[dice / 8 % (sizeof chars / sizeof *chars)], dice % 16 == 1);
        else
            entry_key(en, (enum entry_key)(ENTRY_ENTER + dice / 8 % ENTRY_SUBMIT), 0, false);
        while (dice % 5 && entry_next_request(en, &r)) {
            struct json *doc = json_of(r.kind == ENTRY_ASK_CHOICES ? items : answers[dice / 64 % 8]);
            entry_answer(en, r.id, json_root(doc), NULL);
            json_free(&doc);
        }
        assert_true(entry_focus(en) < entry_count(en));
        assert_true(entry_focusable(en, entry_focus(en)));
        if (i % 100 == 0)
            for (size_t f = 0; f < entry_count(en); f++)
                assert_non_null(entry_shown(en, f));
    }
    done(en);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_default__fills__today_window_and_text),
        cmocka_unit_test(entry_show_when__shows_and_hides__by_another_field),
        cmocka_unit_test(entry_default_from__follows__until_the_clerk_types),
        cmocka_unit_test(entry_working_date__waits__for_the_calendar),
        cmocka_unit_test(entry_submit__goes_on__after_the_answer),
        cmocka_unit_test(entry_submit__stops__when_the_answer_fails),
        cmocka_unit_test(entry_lookup__refuses__when_the_form_says_so),
        cmocka_unit_test(entry_repeat__takes__the_last_case),
        cmocka_unit_test(entry_repeat_all__takes__all_that_follow_and_is_empty),
        cmocka_unit_test(entry_undo__takes_back__the_last_change),
        cmocka_unit_test(entry_multiline__keeps__newlines_and_edits_by_row),
        cmocka_unit_test(entry_tab__walks__round_the_form),
        cmocka_unit_test(entry_save__and_load__bring_a_parked_form_back),
        cmocka_unit_test(entry_load__waits_in_the_saved_values__until_the_item_is_there),
        cmocka_unit_test(entry_load__lets__one_field_decide_the_kind_of_another),
        cmocka_unit_test(entry_load__names__fields_that_do_not_exist),
        cmocka_unit_test(entry_load__fills_a_form_as_a_script_does),
        cmocka_unit_test(entry_load__refuses__values_of_the_wrong_kind),
        cmocka_unit_test(entry__lets_in__no_invisible_character),
        cmocka_unit_test(entry_preset__is_not__something_typed),
        cmocka_unit_test(entry_restore__takes_out__a_scan_meant_for_another_screen),
        cmocka_unit_test(entry_args__sends__the_shown_one_of_two_fields),
        cmocka_unit_test(entry__without_fields__is_ready_at_once),
        cmocka_unit_test(entry__survives__any_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
