#include "../unit.h"

#include "../../../src/db/db_text.h"

#include "guitai/base/i18n.h"

#include <stdlib.h>
#include <string.h>

static void db_text__statement__names_its_arguments(void **state)
{
    (void)state;
    struct db_arg args[] = { { "request", "x" }, { "number", NULL } };
    struct err e;
    char *sql;
    assert_true(db_statement_text("api", "case__show", args, 2, &sql, &e));
    assert_string_equal(sql, "select * from api.case__show(p_request => $1, p_number => $2)");
    free(sql);
    assert_true(db_statement_text("api", "me", NULL, 0, &sql, &e));
    assert_string_equal(sql, "select * from api.me()");
    free(sql);
}

static void db_text__statement__refuses_what_is_no_identifier(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "a b", "a;b", "a'", "A", "1a", "a-b", "é", "a\"" };
    struct db_arg args[] = { { "x); drop table t; --", "1" } };
    struct err e;
    char *sql;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(db_statement_text("api", bad[i], NULL, 0, &sql, &e));
        assert_int_equal(e.kind, ERR_BUG);
    }
    assert_false(db_statement_text("api", "f", args, 1, &sql, &e));
    assert_int_equal(e.kind, ERR_BUG);
    char name[80];
    memset(name, 'a', 61);
    name[61] = '\0';
    assert_false(db_statement_name_ok(name));
    name[60] = '\0';
    assert_true(db_statement_name_ok(name));
}

static void db_text__statement__refuses_too_many_arguments(void **state)
{
    (void)state;
    struct db_arg args[DB_MAX_ARGS + 1];
    struct err e;
    char *sql;
    for (size_t i = 0; i <= DB_MAX_ARGS; i++)
        args[i] = (struct db_arg){ "a", "1" };
    assert_false(db_statement_text("api", "f", args, DB_MAX_ARGS + 1, &sql, &e));
    assert_true(db_statement_text("api", "f", args, DB_MAX_ARGS, &sql, &e));
    free(sql);
}

static void db_text__sqlstate__found_in_messages_of_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *message, *code;
    } cases[] = {
        { "connection to server on socket \"/x\" failed: FATAL:  28P01: password authentication failed\n"
          "LOCATION:  auth_failed, auth.c:334\n", "28P01" },
        { "连接到 \"/x\" 上的服务器失败: 致命错误:  3D000: 数据库 \"x\" 不存在\n", "3D000" },
        { "FATAL:  57P03\n", "57P03" },
        { "could not connect: No such file or directory\n\tIs the server running?\n", "" },
        { "FATAL:  no sqlstate here\n", "" },
        { "", "" },
    };
    char code[6];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        db_connect_sqlstate(cases[i].message, code);
        assert_string_equal(code, cases[i].code);
    }
}

static void db_text__sqlstate__has_a_kind(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum err_kind kind;
    } cases[] = {
        { "28P01", ERR_DENIED },   { "28000", ERR_DENIED },   { "42501", ERR_DENIED },
        { "08006", ERR_OFFLINE },  { "57P01", ERR_OFFLINE },  { "57P03", ERR_OFFLINE },
        { "53300", ERR_OFFLINE },  { "55P03", ERR_CONFLICT }, { "40001", ERR_CONFLICT },
        { "40P01", ERR_CONFLICT }, { "57014", ERR_CONFLICT }, { "3F000", ERR_VERSION },
        { "42883", ERR_VERSION },  { "22P02", ERR_INPUT },    { "25006", ERR_OFFLINE },
        { "XX000", ERR_BUG },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        assert_false(db_result_sqlstate(cases[i].code, "primary", &e));
        assert_int_equal(e.kind, cases[i].kind);
        assert_string_equal(e.code, cases[i].code);
        assert_true(e.message[0] != '\0');
    }
}

static struct json *parse(const char *text)
{
    struct err e;
    struct json *doc = json_parse(text, strlen(text), "answer", &e);
    assert_non_null(doc);
    return doc;
}

static void db_text__refusal__becomes_an_error_with_its_field(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = parse("{\"ok\":false,\"code\":\"GT030\",\"field\":\"id_number\",\"message\":\"错\","
                             "\"message_en\":\"wrong\",\"hint\":\"改\",\"hint_en\":\"mend\",\"law\":\"GB\"}");
    assert_true(db_result_refusal(json_root(doc), &e));
    assert_int_equal(e.kind, ERR_RULE);
    assert_string_equal(e.code, "GT030");
    assert_string_equal(e.field, "id_number");
    assert_string_equal(e.message, i18n_english() ? "wrong" : "错");
    assert_string_equal(e.hint, i18n_english() ? "mend" : "改");
    assert_string_equal(e.law, "GB");
    json_free(&doc);
}

static void db_text__refusal__with_nulls_is_still_a_refusal(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = parse("{\"ok\":false,\"code\":\"GT099\",\"field\":null,\"message\":null}");
    assert_true(db_result_refusal(json_root(doc), &e));
    assert_int_equal(e.kind, ERR_RULE);
    assert_string_equal(e.field, "");
    assert_true(e.message[0] != '\0');
    json_free(&doc);
}

static void db_text__refusal__no_other_answer_is_one(void **state)
{
    (void)state;
    static const char *const answers[] = { "{\"ok\":true}",    "{}",    "[]",
                                           "[{\"ok\":false}]", "false", "{\"ok\":null}" };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct err e = { 0 };
        struct json *doc = parse(answers[i]);
        assert_false(db_result_refusal(json_root(doc), &e));
        assert_int_equal(e.kind, ERR_NONE);
        json_free(&doc);
    }
}

static void db_text__backoff__grows_to_a_cap_and_is_spread(void **state)
{
    (void)state;
    int last = 0;
    for (unsigned attempt = 0; attempt < 40; attempt++) {
        int least = db_connect_backoff_ms(attempt, 0), most = 0;
        for (unsigned r = 0; r < 10000; r += 7) {
            int ms = db_connect_backoff_ms(attempt, r);
            assert_true(ms >= least && ms <= 5000);
            most = ms > most ? ms : most;
        }
        assert_true(least >= last && least >= 50 && most > least);
        last = least;
    }
    assert_int_equal(db_connect_backoff_ms(1000000, 0), 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(db_text__statement__names_its_arguments),
        cmocka_unit_test(db_text__statement__refuses_what_is_no_identifier),
        cmocka_unit_test(db_text__statement__refuses_too_many_arguments),
        cmocka_unit_test(db_text__sqlstate__found_in_messages_of_every_language),
        cmocka_unit_test(db_text__sqlstate__has_a_kind),
        cmocka_unit_test(db_text__refusal__becomes_an_error_with_its_field),
        cmocka_unit_test(db_text__refusal__with_nulls_is_still_a_refusal),
        cmocka_unit_test(db_text__refusal__no_other_answer_is_one),
        cmocka_unit_test(db_text__backoff__grows_to_a_cap_and_is_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
