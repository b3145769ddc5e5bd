/* Every shipped form passes; a mistake of each kind is found, with file, line and path. */
#include "../unit.h"

#include "../../../src/admin/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef void check_fn(struct check *c, const struct json *doc, const char *path);

/* Runs a check over `text` and collects what it says on standard error. */
static size_t errors_of(check_fn *check, const char *text, const char *path, char *said, size_t size)
{
    struct check c = { .dir = "forms" };
    struct err e;
    struct json *doc = json_parse(text, strlen(text), path, &e);
    assert_non_null(doc);
    FILE *file = tmpfile();
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    check(&c, doc, path);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    said[fread(said, 1, size - 1, file)] = '\0';
    fclose(file);
    json_free(&doc);
    return c.errors;
}

#define COLUMN "{\"name\": \"n\", \"label\": \"l\", \"width\": 3}"

static void check_list__right__says_nothing(void **state)
{
    (void)state;
    char said[2000];
    assert_int_equal(
        errors_of(check_list,
                  "{\"id\": \"l\", \"title\": {\"zh\": \"t\"}, \"source\": \"s\", \"columns\": [" COLUMN "],"
                  " \"marks\": {\"red\": \"!\"}, \"keys\": [{\"key\": \"enter\", \"label\": \"x\","
                  " \"open\": \"case\", \"arg\": \"n\"}]}",
                  "lists/l.json", said, sizeof said),
        0);
    assert_string_equal(said, "");
}

static void check_list__wrong__names_file_line_and_path(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        { "{\"id\": \"x\", \"title\": \"t\", \"source\": \"s\", \"columns\": [" COLUMN "]}",
          "lists/l.json:1: $.id: " },
        { "{\"id\": \"l\", \"source\": \"s\", \"columns\": [" COLUMN "]}", "title" },
        { "{\"id\": \"l\", \"title\": \"t\", \"source\": \"s\",\n\"columns\": []}",
          "lists/l.json:2: $.columns: " },
        { "{\"id\": \"l\", \"title\": \"t\", \"source\": \"s\", \"columns\": [" COLUMN
          "],\n\"colur\": \"c\"}",
          "lists/l.json:2: $.colur: " },
        { "{\"id\": \"l\", \"title\": \"t\", \"source\": \"s\", \"columns\": [" COLUMN "],\n"
          "\"keys\": [{\"key\": \"ab\", \"label\": \"x\", \"open\": \"case\"}]}",
          "$.keys[0].key: " },
        { "{\"id\": \"l\", \"title\": \"t\", \"source\": \"s\", \"columns\": [" COLUMN "],\n"
          "\"keys\": [{\"key\": \"a\", \"label\": \"x\", \"open\": \"nowhere\"}]}",
          "$.keys[0].open: " },
        { "{\"id\": \"l\", \"title\": \"t\", \"source\": \"s\", \"columns\": [" COLUMN
          "], \"marks\": {\"red\": \"\"}}",
          "$.marks.red: " },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char said[2000];
        assert_int_equal(errors_of(check_list, cases[i].text, "lists/l.json", said, sizeof said), 1);
        assert_non_null(strstr(said, cases[i].said));
    }
}

static void check_menu__doubled_word__is_found(void **state)
{
    (void)state;
    char said[2000];
    assert_int_equal(errors_of(check_menu,
                               "{\"title\": \"t\", \"entries\": [\n"
                               "{\"key\": \"1\", \"label\": \"a\", \"open\": \"case\", \"word\": \"w\"},\n"
                               "{\"key\": \"2\", \"label\": \"b\", \"open\": \"due\", \"word\": \"w\"}]}",
                               "menu.json", said, sizeof said), 1);
    assert_non_null(strstr(said, "menu.json:3: $.entries[1].word: "));
}

#define MATERIAL(no) \
    "{\"no\": " #no ", \"name\": \"m\", \"form\": \"copy\", \"copies\": 1, \"mandatory\": true}"

static void check_item__promise_over_statute__is_found(void **state)
{
    (void)state;
    static const char text[] =
        "{\"code\": \"1\", \"name\": \"n\", \"department\": \"D\", \"kind\": \"permit\", \"class\": \"spot\","
        " \"level\": \"city\", \"service_object\": \"both\", \"conditions\": \"c\", \"way\": \"w\","
        " \"authority\": \"a\", \"procedure\": \"p\", \"statute_days\": 3,\n\"promise_days\": 4,"
        " \"result_document\": \"r\", \"responsible\": \"r\", \"phone\": \"p\", \"place\": \"p\","
        " \"effective_from\": \"2026-01-01\", \"materials\": [], \"fees\": [],\n\"bases\": []}";
    char said[2000];
    assert_int_equal(errors_of(check_item, text, "items/1.json", said, sizeof said), 2);
    assert_non_null(strstr(said, "items/1.json:2: $.promise_days: "));
    assert_non_null(strstr(said, "items/1.json:3: $.bases: "));
}

/* A mistake is told once, and nothing that only follows from it. */
static void check__tells__one_mistake_once(void **state)
{
    (void)state;
    static const char item[] =
        "{\"code\": \"1\", \"name\": \"n\", \"department\": \"D\", \"kind\": \"permit\", \"class\": \"spot\","
        " \"level\": \"city\", \"service_object\": \"both\", \"conditions\": \"c\", \"way\": \"w\","
        " \"authority\": \"a\", \"procedure\": \"p\", \"statute_days\": 3, \"promise_days\": 2,"
        " \"result_document\": \"r\", \"responsible\": \"r\", \"phone\": \"p\", \"place\": \"p\","
        " \"effective_from\": \"2026-01-01\", \"materials\": [" MATERIAL(1) ", " MATERIAL(2) "], \"fees\": [],"
        " \"bases\": [{\"law\": \"l\", \"article\": \"a\"}], \"fields\": []}";
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        { "\"code\": \"1\"", "\"code\": 1", "$.code: " },
        { "\"code\": \"1\"", "\"code\": \"2\"", "$.code: " },
        { "\"code\": \"1\", ", "", "code" },
        { "\"authority\"", "\"autority\"", "“authority” is missing" },
        { "\"statute_days\": 3", "\"statute_days\": \"3\"", "$.statute_days: " },
        { "\"statute_days\": 3, ", "", "statute_days" },
        { "\"effective_from\": \"2026-01-01\"", "\"effective_from\": 5", "$.effective_from: " },
        { "\"effective_from\": \"2026-01-01\"", "\"effective_from\": \"2026-02-30\"", "$.effective_from: " },
        { MATERIAL(1) ", ", "", "$.materials[0]: " },
        { "{\"no\": 1", "{\"no\": \"1\"", "$.materials[0].no: " },
        { "\"fields\": []", "\"fields\": 5", "$.fields: " },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2000], said[2000];
        const char *at = strstr(item, cases[i].from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - item), item, cases[i].to, at + strlen(cases[i].from));
        assert_int_equal(errors_of(check_item, text, "items/1.json", said, sizeof said), 1);
        assert_non_null(strstr(said, cases[i].said));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_list__right__says_nothing),
        cmocka_unit_test(check_list__wrong__names_file_line_and_path),
        cmocka_unit_test(check_menu__doubled_word__is_found),
        cmocka_unit_test(check_item__promise_over_statute__is_found),
        cmocka_unit_test(check__tells__one_mistake_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
