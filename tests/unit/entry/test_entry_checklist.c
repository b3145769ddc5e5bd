/* The checklist of materials: one key a sheet. */
#include "fixture.h"

static const char list_form[] =
    "{'id':'item','kind':'choice','label':'事项','choices':[{'code':'a','zh':'甲'},{'code':'b',"
    "'zh':'乙'}], 'load':{'function':'item__show','args':{'item':'item'}}},{'id':'materials',"
    "'kind':'checklist','label':'材料','mandatory':true}";

static const char four_rows[] =
    "{'no':1,'name':'申请书','form':'original','copies':1,'mandatory':true},{'no':2,'name':'身份证明',"
    "'form':'check','copies':1,'mandatory':true},{'no':3,'name':'租赁合同','form':'copy','copies':2,"
    "'mandatory':false},{'no':4,'name':'证照','form':'electronic','copies':1,'mandatory':false}";

static struct formdef *form;

static void reply_rows(struct entry *en, const char *list)
{
    char *answer = xasprintf("{'materials':[%s]}", list);
    reply(en, ENTRY_ASK_LOAD, answer);
    free(answer);
}

static struct entry *with_rows(const char *list)
{
    form = form_with(list_form);
    struct entry *en = entry_of(form);
    type(en, "a");
    press(en, ENTRY_ENTER);
    reply_rows(en, list);
    assert_focus(en, "materials");
    return en;
}

static void done(struct entry *en)
{
    entry_free(&en);
    formdef_free(&form);
}

static const struct check_row *rows_of(const struct entry *en, size_t *cursor)
{
    const struct check_row *rows;
    size_t place;
    entry_rows(en, at(en, "materials"), &rows, &place);
    if (cursor)
        *cursor = place;
    return rows;
}

static void checklist_star__marks__all_as_wanted(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    type(en, "*");
    const struct check_row *r = rows_of(en, NULL);
    assert_string_equal(r[0].state, "original");
    assert_string_equal(r[1].state, "checked");
    assert_string_equal(r[2].state, "copy");
    assert_string_equal(r[3].state, "electronic");
    assert_string_equal(entry_shown(en, at(en, "materials")), "4 / 4");
    done(en);
}

/* A material that has not come yet has no copies: the one that comes is counted. */
static void checklist_mark__counts__what_was_missing_as_one(void **state)
{
    (void)state;
    struct entry *en = with_rows("{'no':6,'name':'学历证明','form':'copy','state':'missing','copies':0}");
    type(en, " ");
    assert_string_equal(rows_of(en, NULL)[0].state, "copy");
    assert_int_equal(rows_of(en, NULL)[0].copies, 1);
    done(en);
}

static void checklist_star__keeps__what_was_marked_otherwise(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    type(en, "c*");
    assert_string_equal(rows_of(en, NULL)[0].state, "copy");
    done(en);
}

static void checklist_space__toggles__the_row(void **state)
{
    (void)state;
    size_t cursor;
    struct entry *en = with_rows(four_rows);
    type(en, " ");
    assert_string_equal(rows_of(en, &cursor)[0].state, "original");
    assert_int_equal(cursor, 0);
    type(en, " ");
    assert_string_equal(rows_of(en, NULL)[0].state, "");
    done(en);
}

static void checklist_letters__set__and_go_down(void **state)
{
    (void)state;
    size_t cursor;
    struct entry *en = with_rows(four_rows);
    type(en, "ovcE");
    const struct check_row *r = rows_of(en, &cursor);
    assert_string_equal(r[0].state, "original");
    assert_string_equal(r[1].state, "checked");
    assert_string_equal(r[2].state, "copy");
    assert_string_equal(r[3].state, "electronic");
    assert_int_equal(cursor, 3);
    type(en, "1x");
    assert_string_equal(rows_of(en, NULL)[0].state, "");
    done(en);
}

static void checklist_digits__jump__also_to_two_digit_rows(void **state)
{
    (void)state;
    size_t cursor;
    struct entry *en = with_rows(
        "{'no':1,'name':'a'},{'no':2,'name':'b'},{'no':3,'name':'c'},{'no':4,'name':'d'},{'no':5,'name':'e'},"
        "{'no':6,'name':'f'},{'no':7,'name':'g'},"
        "{'no':8,'name':'h'},{'no':9,'name':'i'},{'no':10,'name':'j'},"
        "{'no':11,'name':'k'},{'no':12,'name':'l'}");
    type(en, "1");
    rows_of(en, &cursor);
    assert_int_equal(cursor, 0);
    type(en, "2");
    rows_of(en, &cursor);
    assert_int_equal(cursor, 11);
    type(en, "3");
    rows_of(en, &cursor);
    assert_int_equal(cursor, 2);
    assert_int_equal(type(en, "0"), ENTRY_REFUSED);
    done(en);
}

static void checklist_enter__names__everything_that_is_missing(void **state)
{
    (void)state;
    size_t cursor;
    struct entry *en = with_rows(four_rows);
    press(en, ENTRY_DOWN);
    press(en, ENTRY_DOWN);
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_REFUSED);
    assert_message(en, "1 申请书, 2 身份证明");
    rows_of(en, &cursor);
    assert_int_equal(cursor, 0);
    type(en, " ");
    press(en, ENTRY_SUBMIT);
    assert_message(en, "2 身份证明");
    rows_of(en, &cursor);
    assert_int_equal(cursor, 1);
    type(en, " ");
    assert_int_equal(press(en, ENTRY_ENTER), ENTRY_READY);
    assert_string_equal(
        arg(en, "materials"),
        "[{\"no\":1,\"state\":\"original\",\"copies\":1},{\"no\":2,\"state\":\"checked\",\"copies\":1}]");
    done(en);
}

static void checklist_plus__counts__copies(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    type(en, "3+");
    assert_int_equal(rows_of(en, NULL)[2].copies, 3);
    type(en, "---");
    assert_int_equal(rows_of(en, NULL)[2].copies, 1);
    done(en);
}

static void checklist_paste__marks__nothing(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    feed(en, "oo*1", true);
    assert_string_equal(rows_of(en, NULL)[0].state, "");
    done(en);
}

static void checklist_arrows__leave__at_the_edges(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    press(en, ENTRY_UP);
    assert_focus(en, "item");
    done(en);
}

static void checklist__starts_anew__with_another_item(void **state)
{
    (void)state;
    struct entry *en = with_rows(four_rows);
    type(en, "*");
    press(en, ENTRY_PREVIOUS);
    type(en, "b");
    press(en, ENTRY_ENTER);
    reply_rows(en, four_rows);
    assert_string_equal(rows_of(en, NULL)[0].state, "");
    done(en);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checklist_star__marks__all_as_wanted),
        cmocka_unit_test(checklist_mark__counts__what_was_missing_as_one),
        cmocka_unit_test(checklist_star__keeps__what_was_marked_otherwise),
        cmocka_unit_test(checklist_space__toggles__the_row),
        cmocka_unit_test(checklist_letters__set__and_go_down),
        cmocka_unit_test(checklist_digits__jump__also_to_two_digit_rows),
        cmocka_unit_test(checklist_enter__names__everything_that_is_missing),
        cmocka_unit_test(checklist_plus__counts__copies),
        cmocka_unit_test(checklist_paste__marks__nothing),
        cmocka_unit_test(checklist_arrows__leave__at_the_edges),
        cmocka_unit_test(checklist__starts_anew__with_another_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
