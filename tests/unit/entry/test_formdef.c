/* Form files: what is read, and how a mistake in one is told. */
#include "fixture.h"

#include <dirent.h>

static void formdef_parse__reads__a_field_with_its_defaults(void **state)
{
    (void)state;
    struct formdef *f = form_with(
        "{'id':'id_number','kind':'citizen','label':{'zh':'证件号','en':'Number'},'mandatory':true},"
        "{'id':'note','kind':'multiline','label':'备注','param':'','length':[0,300],'width':50}");
    assert_int_equal(f->count, 2);
    const struct fielddef *d = formdef_find(f, "id_number");
    assert_int_equal(d->kind, FIELD_CITIZEN);
    assert_true(d->mandatory && d->auto_advance && d->upper && d->repeat);
    assert_int_equal(d->max_chars, 18);
    assert_string_equal(d->param, "id_number");
    d = formdef_find(f, "note");
    assert_string_equal(d->param, "");
    assert_int_equal(d->max_chars, 300);
    assert_int_equal(d->width, 50);
    assert_false(d->auto_advance);
    assert_null(formdef_find(f, "nothing"));
    formdef_free(&f);
    assert_null(f);
}

/* The complaint about a form with this field names file, line, path and what was expected. */
static void assert_complaint(const char *fields, const char *path, const char *what)
{
    struct err e = { 0 };
    char *text = xasprintf("{'id':'t','title':'试','function':'f',\n'fields':[\n%s]}", fields);
    struct formdef *f = formdef_parse(json_of(text), &e);
    free(text);
    assert_null(f);
    assert_int_equal(e.kind, ERR_INPUT);
    if (strncmp(e.message, "test.json:", 10) != 0 || !strstr(e.message, path) || !strstr(e.message, what))
        fail_msg("the complaint is “%s”, expected %s and “%s”", e.message, path, what);
}

static void formdef_parse__names__the_place_of_a_mistake(void **state)
{
    (void)state;
    assert_complaint("{'id':'a','kind':'texte','label':'甲'}", "test.json:3: $.fields[0].kind",
                     "expected one of: text");
    assert_complaint("{'id':'a','kind':'text','label':'甲'},\n{'id':'a','kind':'text','label':'乙'}",
                     "test.json:4: $.fields[1].id", "twice");
    assert_complaint("{'id':'A','kind':'text','label':'甲'}", "$.fields[0].id", "expected a name");
    assert_complaint("{'id':'a','kind':'text'}", "$.fields[0]", "\"label\"");
    assert_complaint("{'id':'a','kind':'text','label':'甲','mandatry':true}", "$.fields[0].mandatry",
                     "unknown member");
    assert_complaint("{'id':'a','kind':'text','label':'甲','mandatory':'yes'}", "$.fields[0].mandatory",
                     "expected true or false");
    assert_complaint("{'id':'a','kind':'text','label':'甲','length':[9,3]}", "$.fields[0].length",
                     "expected [least, most]");
    assert_complaint("{'id':'a','kind':'text','label':'甲','length':[1,99999]}", "$.fields[0].length",
                     "4000");
    assert_complaint("{'id':'a','kind':'text','label':'甲','width':0}", "$.fields[0].width",
                     "expected a width");
    assert_complaint("{'id':'a','kind':'text','label':'甲','script':'greek'}", "$.fields[0].script",
                     "any, han");
    assert_complaint("{'id':'a','kind':'choice','label':'甲'}", "$.fields[0]", "\"choices\" or \"source\"");
    assert_complaint(
        "{'id':'a','kind':'choice','label':'甲','choices':[{'code':'x','zh':'一'},{'code':'x','zh':'二'}]}",
        "$.fields[0].choices[1]", "twice");
    assert_complaint("{'id':'a','kind':'text','label':{'cn':'甲'}}", "$.fields[0].label", "expected a label");
}

static void formdef_parse__refuses__references_to_fields_that_are_not_there(void **state)
{
    (void)state;
    const char *a = "$.fields[0]";
    assert_complaint("{'id':'a','kind':'text','label':'甲','show_when':{'field':'b','is':['x']}}", a,
                     "\"b\"");
    assert_complaint("{'id':'a','kind':'text','label':'甲','show_when':{'field':'a'}}", a,
                     "\"is\" or \"not\"");
    assert_complaint("{'id':'a','kind':'text','label':'甲','kind_from':{'field':'a','map':{'*':'choice'}}}",
                     a, "typed as text");
    assert_complaint("{'id':'a','kind':'yesno','label':'甲','kind_from':{'field':'a','map':{'*':'text'}}}",
                     a, "typed as text");
    assert_complaint("{'id':'a','kind':'text','label':'甲','lookup':{'function':'f','args':{'x':'b'}}}", a,
                     "\"b\"");
    assert_complaint(
        "{'id':'a','kind':'text','label':'甲','lookup':{'function':'f','args':{'x':'a'},'fill':{'c':'n'}}}",
        a, "\"c\"");
    assert_complaint("{'id':'a','kind':'text','label':'甲','default_from':{'field':'z'}}", a, "\"z\"");
    assert_complaint("{'id':'a','kind':'text','label':'甲','readout':'sex'}", a, "class_limits");
}

static void formdef_parse__refuses__a_form_that_is_no_form(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_null(formdef_parse(json_of("[]"), &e));
    assert_non_null(strstr(e.message, "expected an object"));
    assert_null(formdef_parse(json_of("{'id':'t','title':'试','fields':[]}"), &e));
    assert_non_null(strstr(e.message, "\"function\""));
    assert_null(formdef_parse(json_of("{'id':'t','title':'试','function':'f','fields':{}}"), &e));
    assert_non_null(strstr(e.message, "$.fields"));
    assert_null(
        formdef_parse(json_of("{'id':'t','title':'试','function':'f','next':'stay','fields':[]}"), &e));
    assert_non_null(strstr(e.message, "again, leave"));
}

static void formdef_load__refuses__names_that_leave_the_folder(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_null(formdef_load("../menu", &e));
    assert_int_equal(e.kind, ERR_INPUT);
    assert_null(formdef_load("no_such_form", &e));
    assert_int_not_equal(e.kind, ERR_NONE);
}

static void formdef_load__reads__the_shipped_forms(void **state)
{
    (void)state;
    static const char *const ids[] = { "accept", "act" };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct err e = { 0 };
        struct formdef *f = formdef_load(ids[i], &e);
        if (!f)
            fail_msg("%s", e.message);
        formdef_free(&f);
    }
}

static void formdef_parse_fields__marks__them_as_the_items_own(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct fielddef *fields;
    size_t n;
    struct json *doc = json_of(
        "[{'id':'shop','kind':'text','label':'字号'},{'id':'area','kind':'number','label':'面积'}]");
    assert_true(formdef_parse_fields(doc, json_root(doc), &fields, &n, &e));
    assert_int_equal(n, 2);
    assert_true(fields[1].from_item);
    formdef_free_fields(&fields, n);
    json_free(&doc);
    assert_true(formdef_parse_fields(NULL, NULL, &fields, &n, &e));
    assert_null(fields);
    assert_int_equal(n, 0);
}

static void formdef_parse_fields__reads__the_shipped_items(void **state)
{
    (void)state;
    char folder[512], path[1024];
    size_t seen = 0;
    snprintf(folder, sizeof folder, "%s/forms/items", getenv("GUITAI_SHARE"));
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *d = readdir(dir); d; d = readdir(dir)) {
        struct err e = { 0 };
        struct fielddef *fields;
        size_t n;
        if (!strstr(d->d_name, ".json"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        struct json *doc = json_load(path, &e);
        if (!doc || !formdef_parse_fields(doc, jn_get(json_root(doc), "fields"), &fields, &n, &e))
            fail_msg("%s", e.message);
        formdef_free_fields(&fields, n);
        json_free(&doc);
        seen++;
    }
    closedir(dir);
    assert_true(seen > 0);
}

static void formdef_parse_fields__refuses__kinds_that_an_item_cannot_have(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct fielddef *fields;
    size_t n;
    struct json *doc = json_of("[{'id':'p','kind':'checklist','label':'口令'}]");
    assert_false(formdef_parse_fields(doc, json_root(doc), &fields, &n, &e));
    assert_non_null(strstr(e.message, "[0].kind"));
    assert_null(fields);
    json_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formdef_parse__reads__a_field_with_its_defaults),
        cmocka_unit_test(formdef_parse__names__the_place_of_a_mistake),
        cmocka_unit_test(formdef_parse__refuses__references_to_fields_that_are_not_there),
        cmocka_unit_test(formdef_parse__refuses__a_form_that_is_no_form),
        cmocka_unit_test(formdef_load__refuses__names_that_leave_the_folder),
        cmocka_unit_test(formdef_load__reads__the_shipped_forms),
        cmocka_unit_test(formdef_parse_fields__marks__them_as_the_items_own),
        cmocka_unit_test(formdef_parse_fields__reads__the_shipped_items),
        cmocka_unit_test(formdef_parse_fields__refuses__kinds_that_an_item_cannot_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
