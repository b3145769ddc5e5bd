/* An intake from the first key to the arguments of the call: what is asked, what fills itself, where the
 * cursor goes. */
#include "fixture.h"

static struct formdef *form;
static struct json *recent;

static struct entry *fresh(void)
{
    form = form_with(intake_fields);
    recent = json_of("{'item':['0301','0213']}");
    struct entry_env env = { .today = TODAY, .window = "03", .recent = json_root(recent) };
    struct entry *en = entry_new(form, &env);
    reply(en, ENTRY_ASK_CHOICES, items);
    return en;
}

static void done(struct entry *en)
{
    entry_free(&en);
    formdef_free(&form);
    json_free(&recent);
}

/* With item 0301 chosen and loaded. */
static struct entry *with_item(void)
{
    struct entry *en = fresh();
    assert_int_equal(type(en, "1"), ENTRY_CHANGED); /* waits for the item's detail */
    struct entry_request r = asked(en, ENTRY_ASK_LOAD);
    assert_string_equal(r.function, "item__show");
    assert_string_equal(r.names[0], "item");
    assert_string_equal(r.values[0], "0301");
    assert_true(r.hold_keys);
    struct json *doc = json_of(item_0301);
    assert_int_equal(entry_answer(en, r.id, json_root(doc), NULL), ENTRY_MOVED);
    json_free(&doc);
    return en;
}

static void intake__takes_few_keys__for_a_known_applicant(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "2"); /* recent item 0213 */
    reply(en, ENTRY_ASK_LOAD, item_0213);
    assert_focus(en, "id_number"); /* kinds of applicant and document have good defaults */
    assert_int_equal(type(en, CITIZEN), ENTRY_CHANGED);
    assert_int_equal(reply(en, ENTRY_ASK_LOOKUP, known_applicant), ENTRY_MOVED);
    assert_focus(en, "materials"); /* name, phone and address filled themselves */
    type(en, "*");
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_READY);
    assert_string_equal(arg(en, "item"), "0213");
    assert_string_equal(arg(en, "item_version"), "1");
    assert_string_equal(arg(en, "window"), "03");
    assert_string_equal(arg(en, "applicant_kind"), "person");
    assert_string_equal(arg(en, "id_kind"), "citizen");
    assert_string_equal(arg(en, "id_number"), CITIZEN);
    assert_string_equal(arg(en, "name"), "王小明");
    assert_string_equal(arg(en, "materials"), "[{\"no\":1,\"state\":\"original\",\"copies\":1}]");
    assert_string_equal(arg(en, "extra"), "{}");
    assert_null(arg(en, "agent"));
    assert_nothing_asked(en);
    done(en);
}

static void intake__shows__limits_and_last_visit(void **state)
{
    (void)state;
    struct entry *en = with_item();
    assert_non_null(strstr(entry_readout(en, at(en, "item"), NULL), "20"));
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, known_applicant);
    const char *text = entry_readout(en, at(en, "id_number"), NULL);
    assert_non_null(strstr(text, "1990-03-07"));
    assert_non_null(strstr(text, "2026-08-14 食品经营许可"));
    done(en);
}

static void intake__splices__the_items_own_fields_before_the_checklist(void **state)
{
    (void)state;
    struct entry *en = with_item();
    assert_int_equal(at(en, "shop"), at(en, "address") + 1);
    assert_true(at(en, "materials") > at(en, "chain"));
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, known_applicant);
    assert_focus(en, "shop");
    type(en, "老王面馆");
    press(en, ENTRY_ENTER);
    type(en, "45.5");
    press(en, ENTRY_ENTER);
    type(en, "n");
    press(en, ENTRY_ENTER);
    type(en, "*");
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_READY);
    assert_string_equal(arg(en, "extra"), "{\"shop\":\"老王面馆\",\"area\":\"45.5\",\"chain\":\"no\"}");
    done(en);
}

static void intake__replaces__the_fields_with_another_item(void **state)
{
    (void)state;
    struct entry *en = with_item();
    assert_true(shown(en, "shop"));
    entry_set_focus(en, at(en, "item"));
    type(en, "0213");
    press(en, ENTRY_ENTER);
    reply(en, ENTRY_ASK_LOAD, item_0213);
    assert_false(shown(en, "shop"));
    assert_focus(en, "id_number");
    done(en);
}

static void intake__stops__at_a_wrong_check_digit(void **state)
{
    (void)state;
    struct entry *en = with_item();
    assert_int_equal(type(en, CITIZEN_WRONG), ENTRY_REFUSED);
    assert_focus(en, "id_number");
    assert_string_equal(value(en, "id_number"), CITIZEN_WRONG);
    assert_message(en, "check digit");
    assert_nothing_asked(en);
    press(en, ENTRY_BACKSPACE);
    assert_string_equal(entry_message(en, NULL), "");
    type(en, "6");
    asked(en, ENTRY_ASK_LOOKUP);
    done(en);
}

static void intake__recognises__a_credit_code_and_a_citizen_number(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, CREDIT);
    struct entry_request r = asked(en, ENTRY_ASK_LOOKUP);
    assert_string_equal(r.values[0], "credit");
    assert_string_equal(value(en, "applicant_kind"), "org");
    assert_string_equal(value(en, "id_kind"), "credit");
    assert_int_equal(entry_kind(en, at(en, "id_number")), FIELD_CREDIT);
    struct json *doc = json_of("{'found':false}");
    entry_answer(en, r.id, json_root(doc), NULL);
    json_free(&doc);
    assert_focus(en, "name");
    entry_set_focus(en, at(en, "id_number"));
    press(en, ENTRY_CLEAR);
    type(en, CITIZEN);
    assert_string_equal(value(en, "applicant_kind"), "person");
    assert_string_equal(value(en, "id_kind"), "citizen");
    done(en);
}

static void intake__follows__the_kind_of_document(void **state)
{
    (void)state;
    struct entry *en = with_item();
    press(en, ENTRY_PREVIOUS);
    assert_focus(en, "id_kind");
    type(en, "passport");
    press(en, ENTRY_ENTER);
    assert_int_equal(entry_kind(en, at(en, "id_number")), FIELD_TEXT);
    type(en, "e12345678");
    assert_string_equal(value(en, "id_number"), "E12345678");
    press(en, ENTRY_ENTER);
    struct entry_request r = asked(en, ENTRY_ASK_LOOKUP);
    assert_string_equal(r.values[0], "passport");
    assert_string_equal(r.values[1], "E12345678");
    done(en);
}

static void intake__takes_back__what_the_wrong_number_had_filled(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, known_applicant);
    entry_set_focus(en, at(en, "phone"));
    press(en, ENTRY_CLEAR);
    type(en, "13900000000");
    entry_set_focus(en, at(en, "id_number"));
    press(en, ENTRY_CLEAR);
    type(en, "320311199003071244");
    reply(en, ENTRY_ASK_LOOKUP, "{'found':false}");
    assert_string_equal(value(en, "name"), "");
    assert_string_equal(value(en, "address"), "");
    assert_string_equal(value(en, "phone"), "13900000000"); /* the clerk's own stays */
    assert_focus(en, "name");
    done(en);
}

static void intake__goes_on__when_the_lookup_fails(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, CITIZEN);
    assert_int_equal(reply_failed(en, ENTRY_ASK_LOOKUP, "connection lost"), ENTRY_REFUSED);
    assert_message(en, "connection lost");
    assert_focus(en, "name");
    assert_string_equal(value(en, "id_number"), CITIZEN);
    done(en);
}

static void intake__stays__when_the_items_detail_cannot_be_loaded(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "1");
    assert_int_equal(reply_failed(en, ENTRY_ASK_LOAD, "connection lost"), ENTRY_REFUSED);
    assert_focus(en, "item");
    assert_string_equal(value(en, "item"), "0301");
    press(en, ENTRY_ENTER); /* trying again is one key */
    assert_int_equal(reply(en, ENTRY_ASK_LOAD, item_0301), ENTRY_MOVED);
    assert_focus(en, "id_number");
    done(en);
}

static void intake__refuses__an_ended_item_with_its_document(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "0777"); /* not on the list any more */
    press(en, ENTRY_ENTER);
    assert_int_equal(reply(en, ENTRY_ASK_LOAD,
                           "{'code':'0777','stopped':{'on':'2026-06-01','document':'徐政发〔2026〕8号'}}"),
                     ENTRY_REFUSED);
    assert_message(en, "徐政发〔2026〕8号");
    assert_focus(en, "item");
    assert_string_equal(entry_shown(en, at(en, "item")), "0777");
    done(en);
}

static void intake__takes__an_item_whose_end_is_only_announced(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "1");
    assert_int_equal(reply(en, ENTRY_ASK_LOAD, "{'code':'0301','ended':{'on':'2027-06-01','document':'x'}}"),
                     ENTRY_MOVED);
    assert_focus(en, "id_number");
    done(en);
}

static void intake__shows__a_refusal_that_comes_as_an_answer(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "0888");
    press(en, ENTRY_ENTER);
    reply(en, ENTRY_ASK_LOAD, "{'ok':false,'message':'没有这个事项','hint':'查事项清单'}");
    assert_message(en, "没有这个事项");
    assert_message(en, "查事项清单");
    done(en);
}

static void intake__ignores__the_answer_to_an_older_question(void **state)
{
    (void)state;
    struct entry *en = fresh();
    type(en, "1");
    struct entry_request old = asked(en, ENTRY_ASK_LOAD);
    type(en, "0213");
    press(en, ENTRY_ENTER);
    struct json *doc = json_of(item_0301);
    assert_int_equal(entry_answer(en, old.id, json_root(doc), NULL), ENTRY_NOTHING);
    json_free(&doc);
    reply(en, ENTRY_ASK_LOAD, item_0213);
    assert_string_equal(value(en, "item"), "0213");
    assert_false(shown(en, "shop"));
    done(en);
}

static void intake__swallows__the_scanners_return(void **state)
{
    (void)state;
    struct entry *en = with_item();
    feed(en, CITIZEN, true);
    reply(en, ENTRY_ASK_LOOKUP, known_applicant);
    assert_focus(en, "shop");
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_NOTHING);
    assert_focus(en, "shop");
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_REFUSED); /* a second one is the clerk's */
    done(en);
}

static void intake__swallows__enter_out_of_habit_after_a_full_field(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, "{'found':false}");
    assert_focus(en, "name");
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_NOTHING);
    assert_string_equal(entry_message(en, NULL), "");
    done(en);
}

static void intake__jumps__to_the_first_wrong_field_at_submit(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, CITIZEN);
    reply(en, ENTRY_ASK_LOOKUP, "{'found':false}");
    type(en, "王小明");
    entry_set_focus(en, at(en, "agent"));
    assert_int_equal(press(en, ENTRY_SUBMIT), ENTRY_REFUSED);
    assert_focus(en, "phone");
    assert_message(en, "电话");
    type(en, "13800000000");
    press(en, ENTRY_SUBMIT);
    assert_focus(en, "shop");
    assert_string_equal(value(en, "name"), "王小明");
    done(en);
}

static void intake__puts_the_cursor__where_the_database_refused(void **state)
{
    (void)state;
    struct entry *en = with_item();
    struct err e = { 0 };
    err_set(&e, ERR_RULE, "该申请人同一事项已有在办件 %s", "3203000326112300071");
    err_field(&e, "id_number");
    entry_refuse(en, &e);
    assert_focus(en, "id_number");
    assert_message(en, "3203000326112300071");
    err_field(&e, "item_version"); /* a parameter's name; the field cannot take the cursor */
    entry_refuse(en, &e);
    assert_focus(en, "id_number");
    done(en);
}

static void intake__is_not_blocked__going_back(void **state)
{
    (void)state;
    struct entry *en = with_item();
    type(en, "123");
    assert_int_equal(press(en, ENTRY_PREVIOUS), ENTRY_MOVED);
    assert_focus(en, "id_kind");
    assert_true(*entry_message(en, NULL));
    assert_string_equal(value(en, "id_number"), "123");
    assert_int_equal(press(en, ENTRY_NEXT), ENTRY_MOVED);
    assert_int_equal(press(en, ENTRY_NEXT), ENTRY_REFUSED); /* forward a wrong number does block */
    done(en);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intake__takes_few_keys__for_a_known_applicant),
        cmocka_unit_test(intake__shows__limits_and_last_visit),
        cmocka_unit_test(intake__splices__the_items_own_fields_before_the_checklist),
        cmocka_unit_test(intake__replaces__the_fields_with_another_item),
        cmocka_unit_test(intake__stops__at_a_wrong_check_digit),
        cmocka_unit_test(intake__recognises__a_credit_code_and_a_citizen_number),
        cmocka_unit_test(intake__follows__the_kind_of_document),
        cmocka_unit_test(intake__takes_back__what_the_wrong_number_had_filled),
        cmocka_unit_test(intake__goes_on__when_the_lookup_fails),
        cmocka_unit_test(intake__stays__when_the_items_detail_cannot_be_loaded),
        cmocka_unit_test(intake__refuses__an_ended_item_with_its_document),
        cmocka_unit_test(intake__takes__an_item_whose_end_is_only_announced),
        cmocka_unit_test(intake__shows__a_refusal_that_comes_as_an_answer),
        cmocka_unit_test(intake__ignores__the_answer_to_an_older_question),
        cmocka_unit_test(intake__swallows__the_scanners_return),
        cmocka_unit_test(intake__swallows__enter_out_of_habit_after_a_full_field),
        cmocka_unit_test(intake__jumps__to_the_first_wrong_field_at_submit),
        cmocka_unit_test(intake__puts_the_cursor__where_the_database_refused),
        cmocka_unit_test(intake__is_not_blocked__going_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
