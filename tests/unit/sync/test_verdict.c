#include "../unit.h"

#include "../../../src/sync/verdict.h"

#include <string.h>

static struct verdict verdict(int status, int retry_after, const char *text, size_t messages)
{
    struct peer_answer a = { .status = status, .retry_after = retry_after, .text = text, .len = strlen(text) };
    struct verdict v;
    if (status == 0)
        peer_words(a.problem, "away");
    verdict_of(&a, messages, &v);
    return v;
}

static void verdict__answers__are_counted_by_kind(void **state)
{
    (void)state;
    struct verdict v = verdict(200, 0,
                               "{\"protocol\":1,\"answers\":[{\"answer\":\"taken\"},{\"answer\":\"taken\"},"
                               "{\"answer\":\"refused\"},{\"answer\":\"later\"},{\"answer\":\"conflict\"}]}",
                               5);
    assert_int_equal(v.kind, VERDICT_ANSWERS);
    assert_int_equal(v.tally.taken, 2);
    assert_int_equal(v.tally.refused, 1);
    assert_int_equal(v.tally.later, 1);
    assert_int_equal(v.tally.other, 1);
    assert_string_equal(v.words, "");
}

static void verdict__answers__fewer_than_messages_are_complained_of(void **state)
{
    (void)state;
    struct verdict v = verdict(200, 0, "{\"protocol\":1,\"answers\":[]}", 1);
    assert_int_equal(v.kind, VERDICT_ANSWERS);
    assert_string_not_equal(v.words, "");
    v = verdict(200, 0, "{\"protocol\":1,\"answers\":[]}", 0); /* a sign of life */
    assert_string_equal(v.words, "");
}

static void verdict__nonsense__waits(void **state)
{
    (void)state;
    static const char *const nonsense[] = { "", "<html>", "[]", "{\"protocol\":1}", "{\"protocol\":1,\"answers\":{}}",
                                            "{\"protocol\":1,\"answers\":[", "\xff\xfe" };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        struct verdict v = verdict(200, 0, nonsense[i], 1);
        assert_true(v.kind == VERDICT_LATER || v.kind == VERDICT_REFUSED);
        assert_string_not_equal(v.words, "");
    }
}

static void verdict__another_version__is_for_a_person(void **state)
{
    (void)state;
    struct verdict v = verdict(200, 0, "{\"protocol\":2,\"answers\":[]}", 1);
    assert_int_equal(v.kind, VERDICT_REFUSED);
    assert_int_equal(v.retry_after, VERDICT_HOUR);
}

static void verdict__status__means_what_the_protocol_says(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum verdict_kind kind;
        int retry_after;
    } table[] = {
        { 0, VERDICT_LATER, 0 },
        { 400, VERDICT_REFUSED, VERDICT_HOUR },
        { 403, VERDICT_REFUSED, VERDICT_HOUR },
        { 404, VERDICT_REFUSED, VERDICT_HOUR },
        { 405, VERDICT_REFUSED, VERDICT_HOUR },
        { 411, VERDICT_REFUSED, VERDICT_HOUR },
        { 408, VERDICT_SMALLER, 7 },
        { 413, VERDICT_SMALLER, 7 },
        { 429, VERDICT_SMALLER, 7 },
        { 503, VERDICT_LATER, 7 },
        { 500, VERDICT_LATER, 7 },
        { 302, VERDICT_LATER, 7 },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct verdict v = verdict(table[i].status, 7, "", 10);
        assert_int_equal(v.kind, table[i].kind);
        if (table[i].status)
            assert_int_equal(v.retry_after, table[i].retry_after);
        assert_string_not_equal(v.words, "");
    }
    /* One message alone cannot be made smaller. */
    assert_int_equal(verdict(413, 0, "", 1).kind, VERDICT_REFUSED);
    assert_int_equal(verdict(429, 0, "", 1).kind, VERDICT_SMALLER);
}

static void verdict__ids__are_counted_in_an_array_of_the_database(void **state)
{
    (void)state;
    assert_int_equal(verdict_count_ids("{}"), 0);
    assert_int_equal(verdict_count_ids("{a}"), 1);
    assert_int_equal(verdict_count_ids("{a,b,c}"), 3);
    assert_int_equal(verdict_count_ids(""), 0);
    assert_int_equal(verdict_count_ids(NULL), 0);
}

static void verdict__limit__halves_and_grows_back(void **state)
{
    (void)state;
    assert_int_equal(verdict_next_limit(100, 100, VERDICT_SMALLER), 50);
    assert_int_equal(verdict_next_limit(1, 100, VERDICT_SMALLER), 1);
    assert_int_equal(verdict_next_limit(50, 100, VERDICT_ANSWERS), 100);
    assert_int_equal(verdict_next_limit(51, 100, VERDICT_ANSWERS), 100);
    assert_int_equal(verdict_next_limit(3, 100, VERDICT_ANSWERS), 6);
    assert_int_equal(verdict_next_limit(25, 100, VERDICT_LATER), 25);
}

static void peer__words__are_cut_between_characters(void **state)
{
    (void)state;
    char out[PEER_WORDS], text[PEER_WORDS * 2] = "";
    while (strlen(text) < PEER_WORDS + 30)
        strcat(text, "柜");
    peer_words(out, text);
    assert_true(strlen(out) < PEER_WORDS);
    assert_int_equal(strlen(out) % 3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__answers__are_counted_by_kind),
        cmocka_unit_test(verdict__answers__fewer_than_messages_are_complained_of),
        cmocka_unit_test(verdict__nonsense__waits),
        cmocka_unit_test(verdict__another_version__is_for_a_person),
        cmocka_unit_test(verdict__status__means_what_the_protocol_says),
        cmocka_unit_test(verdict__ids__are_counted_in_an_array_of_the_database),
        cmocka_unit_test(verdict__limit__halves_and_grows_back),
        cmocka_unit_test(peer__words__are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
