#include "../unit/unit.h"

#include "guitai/db/admin.h"
#include "guitai/db/db.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATABASE "guitai_connection"

static const char stand_ins[] =
    "create schema api;"
    "create sequence api.calls;"
    "create table api.acts (request uuid primary key);"
    "create function api.me() returns jsonb language sql as"
    " $$ select '{\"schema_version\": 1, \"windows\": []}'::jsonb $$;"
    "create function api.slow(p_seconds float) returns jsonb language plpgsql as"
    " $$ begin perform nextval('api.calls'); perform pg_sleep(p_seconds); return '{\"ok\": true}'; end $$;"
    "create function api.refuses() returns jsonb language sql as $$ select"
    " '{\"ok\": false, \"code\": \"GT030\", \"field\": \"id_number\", \"message\": \"错\", \"message_en\": \"w\"}'"
    "::jsonb $$;"
    "create function api.raises() returns jsonb language plpgsql as"
    " $$ begin raise '错' using errcode = 'GT040', detail = 'wrong', column = 'number'; end $$;"
    "create function api.rows(p_n integer) returns table (key text, n integer, yes boolean, doc jsonb, nil text)"
    " language sql as $$ select 'k' || i, i, i % 2 = 0, jsonb_build_object('i', i), null"
    " from generate_series(1, p_n) i $$;"
    "create function api.case__act(p_request uuid) returns jsonb language sql as"
    " $$ insert into api.acts values (p_request) on conflict do nothing;"
    " select '{\"ok\": true, \"number\": \"1\"}'::jsonb $$;"
    "create function api.case__refuses(p_request uuid) returns jsonb language sql as 'select api.refuses()';"
    "create function api.case__raises(p_request uuid) returns jsonb language sql as 'select api.raises()';";

/* What follows an act: as ever, or failing. */
static const char after_fails[] =
    "create or replace function api.case__after(p_request uuid) returns jsonb language plpgsql as"
    " $$ begin raise 'no paper'; end $$;";
static const char after_works[] =
    "create or replace function api.case__after(p_request uuid) returns jsonb language sql as"
    " $$ select pg_notify('guitai', r.request::text) from api.acts r where r.request = p_request;"
    " select '{\"next\": [\"a\"]}'::jsonb $$;";

static struct db_admin *boss; /* connected to DATABASE as superuser */

static void boss_runs(const char *sql)
{
    struct err e;
    if (!db_admin_run(boss, sql, &e))
        fail_msg("%s: %s", sql, e.message);
}

static int setup(void **state)
{
    (void)state;
    struct err e;
    struct db_admin *a = db_admin_open("postgres", &e);
    if (!a || !db_admin_run(a, "drop database if exists " DATABASE " with (force)", &e) ||
        !db_admin_run(a, "create database " DATABASE " template template0 encoding 'UTF8'", &e)) {
        fprintf(stderr, "%s\n", e.message);
        db_admin_close(&a);
        return -1;
    }
    db_admin_close(&a);
    setenv("PGDATABASE", DATABASE, 1);
    boss = db_admin_open(NULL, &e);
    bool ok = boss && db_admin_run(boss, stand_ins, &e) && db_admin_run(boss, after_works, &e);
    if (!ok)
        fprintf(stderr, "%s %s\n", e.message, e.hint);
    return ok ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    struct err e;
    db_admin_close(&boss);
    struct db_admin *a = db_admin_open("postgres", &e);
    if (a)
        db_admin_run(a, "drop database if exists " DATABASE " with (force)", &e);
    db_admin_close(&a);
    return 0;
}

/* ---- a loop as a screen has it ---- */

struct heard {
    int answers, errors, notifications, empty;
    struct err last;
    char payload[80];
};

static void answered(void *ctx, const struct db_result *r, const struct err *e)
{
    struct heard *h = ctx;
    assert_true((r == NULL) != (e == NULL));
    h->answers += r != NULL;
    h->errors += e != NULL;
    if (e)
        h->last = *e;
}

static void notified(void *ctx, const char *payload)
{
    struct heard *h = ctx;
    h->notifications++;
    h->empty += *payload == '\0';
    snprintf(h->payload, sizeof h->payload, "%s", payload);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Runs the loop until `*count` reaches `want`; 15 s are a failure. */
static void pump(struct db *db, const int *count, int want)
{
    long end = now_ms() + 15000;
    while (*count < want) {
        struct pollfd p = { .fd = db_fd(db), .events = db_events(db) };
        int timeout = db_timeout_ms(db);
        poll(&p, 1, timeout < 0 || timeout > 100 ? 100 : timeout);
        db_step(db);
        if (now_ms() > end)
            fail_msg("waited too long for %d of %d", *count, want);
    }
}

static struct db *opened(void)
{
    struct db *db = db_new();
    struct err e;
    if (!db_open_wait(db, NULL, NULL, &e))
        fail_msg("%s", e.message);
    assert_int_equal(db_state(db), DB_READY);
    return db;
}

/* Waits until the server runs api.slow for somebody. */
static void wait_for_slow(struct db *db)
{
    long end = now_ms() + 15000;
    for (bool seen = false; !seen;) {
        struct db_result *r;
        struct err e;
        db_step(db);
        assert_true(
            db_admin_query(boss,
                           "select 1 from pg_stat_activity where state = 'active' and query like '%api.slow%'"
                           " and wait_event = 'PgSleep'",
                           NULL, 0, &r, &e));
        seen = db_rows(r) == 1;
        db_result_free(&r);
        assert_true(now_ms() < end);
    }
}

static const char others_sql[] = "select pg_terminate_backend(pid) from pg_stat_activity"
                                 " where datname = '" DATABASE "' and pid <> pg_backend_pid()";

/* ---- the tests ---- */

static void db__open__gives_the_answer_of_me(void **state)
{
    (void)state;
    struct db *db = opened();
    assert_non_null(db_me(db));
    assert_int_equal(jn_int(db_me(db), "schema_version", 0), DB_SCHEMA_VERSION);
    db_free(&db);
    assert_null(db);
}

static void db__open__other_version_is_refused(void **state)
{
    (void)state;
    struct db *db = db_new();
    struct err e;
    boss_runs("create or replace function api.me() returns jsonb language sql as"
              " $$ select '{\"schema_version\": 2}'::jsonb $$");
    assert_false(db_open_wait(db, NULL, NULL, &e));
    assert_int_equal(e.kind, ERR_VERSION);
    assert_int_equal(db_state(db), DB_CLOSED);
    boss_runs("create or replace function api.me() returns jsonb language sql as"
              " $$ select '{\"schema_version\": 1, \"windows\": []}'::jsonb $$");
    assert_true(db_open_wait(db, NULL, NULL, &e));
    db_free(&db);
}

static void db__open__missing_database_and_server_are_told_apart(void **state)
{
    (void)state;
    struct db *db = db_new();
    struct err e;
    char *port = strdup(getenv("PGPORT") ? getenv("PGPORT") : "5432");
    setenv("PGDATABASE", "guitai_nowhere", 1);
    assert_false(db_open_wait(db, NULL, NULL, &e));
    assert_int_equal(e.kind, ERR_VERSION);
    setenv("PGDATABASE", "postgres", 1);
    assert_false(db_open_wait(db, NULL, NULL, &e));
    assert_int_equal(e.kind, ERR_VERSION);
    setenv("PGPORT", "1", 1);
    assert_false(db_open_wait(db, NULL, NULL, &e));
    assert_int_equal(e.kind, ERR_OFFLINE);
    setenv("PGPORT", port, 1);
    setenv("PGDATABASE", DATABASE, 1);
    free(port);
    db_free(&db);
}

static void db__call__rows_by_name_and_as_json(void **state)
{
    (void)state;
    struct db *db = opened();
    struct db_arg args[] = { { "n", "2" } };
    struct db_result *r;
    struct err e;
    assert_true(db_call_wait(db, "rows", args, 1, &r, &e));
    assert_int_equal(db_rows(r), 2);
    assert_int_equal(db_columns(r), 5);
    assert_string_equal(db_value(r, 1, "key"), "k2");
    assert_null(db_value(r, 0, "nil"));
    assert_null(db_value(r, 0, "nowhere"));
    assert_null(db_value(r, 2, "key"));
    struct json *rows = db_rows_json(r);
    char *text = json_text(rows, false);
    assert_string_equal(text, "[{\"key\":\"k1\",\"n\":1,\"yes\":false,\"doc\":{\"i\":1},\"nil\":null},"
                              "{\"key\":\"k2\",\"n\":2,\"yes\":true,\"doc\":{\"i\":2},\"nil\":null}]");
    free(text);
    json_free(&rows);
    db_result_free(&r);
    db_free(&db);
}

static void db__call__refusals_answered_or_raised_are_rules(void **state)
{
    (void)state;
    struct db *db = opened();
    struct err e;
    assert_false(db_call_wait(db, "refuses", NULL, 0, NULL, &e));
    assert_int_equal(e.kind, ERR_RULE);
    assert_string_equal(e.field, "id_number");
    assert_false(db_call_wait(db, "raises", NULL, 0, NULL, &e));
    assert_int_equal(e.kind, ERR_RULE);
    assert_string_equal(e.code, "GT040");
    assert_string_equal(e.field, "number");
    struct db_arg args[] = { { "n", "many" } };
    assert_false(db_call_wait(db, "rows", args, 1, NULL, &e));
    assert_int_equal(e.kind, ERR_INPUT);
    assert_false(db_call_wait(db, "nothing", NULL, 0, NULL, &e));
    assert_int_equal(e.kind, ERR_VERSION);
    args[0].value = "1"; /* and none of it harmed the connection */
    assert_true(db_call_wait(db, "rows", args, 1, NULL, &e));
    db_free(&db);
}

static void db__call__reloaded_function_is_prepared_again(void **state)
{
    (void)state;
    struct db *db = opened();
    struct db_arg args[] = { { "n", "1" } };
    struct db_result *r;
    struct err e;
    boss_runs(
        "create function api.shape(p_n integer) returns table (a integer) language sql as 'select p_n'");
    assert_true(db_call_wait(db, "shape", args, 1, NULL, &e));
    boss_runs("drop function api.shape(integer);"
              "create function api.shape(p_n integer) returns table (a text, b text) language sql"
              " as $$ select 'x'::text, 'y'::text $$");
    assert_true(db_call_wait(db, "shape", args, 1, &r, &e));
    assert_string_equal(db_value(r, 0, "b"), "y");
    db_result_free(&r);
    db_free(&db);
}

static void db__call__broken_connection_is_opened_and_the_call_repeated(void **state)
{
    (void)state;
    struct db *db = opened();
    struct heard h = { 0 };
    struct err e;
    struct db_arg args[] = { { "seconds", "0.3" } };
    db_listen(db, notified, &h);
    assert_true(db_call(db, "slow", args, 1, answered, &h, &e));
    assert_true(db_call(db, "me", NULL, 0, answered, &h, &e));
    assert_int_equal(db_pending(db), 2);
    wait_for_slow(db);
    boss_runs(others_sql);
    pump(db, &h.answers, 2);
    assert_int_equal(h.errors, 0);
    assert_int_equal(h.empty, 1); /* the listener is told to read anew */
    assert_int_equal(db_pending(db), 0);
    assert_int_equal(db_state(db), DB_READY);
    db_free(&db);
}

static void db__idle__broken_connection_comes_back_by_itself(void **state)
{
    (void)state;
    struct db *db = opened();
    struct heard h = { 0 };
    db_listen(db, notified, &h);
    boss_runs(others_sql);
    pump(db, &h.empty, 1);
    assert_int_equal(db_state(db), DB_READY);
    db_free(&db);
}

static void db__cancel__ends_the_call_and_drops_the_queue(void **state)
{
    (void)state;
    struct db *db = opened();
    struct heard h = { 0 };
    struct err e;
    struct db_arg args[] = { { "seconds", "600" } };
    assert_true(db_call(db, "slow", args, 1, answered, &h, &e));
    assert_true(db_call(db, "me", NULL, 0, answered, &h, &e));
    wait_for_slow(db);
    long began = now_ms();
    db_cancel(db);
    pump(db, &h.errors, 2);
    assert_true(now_ms() - began < 3000);
    assert_int_equal(h.last.kind, ERR_CONFLICT);
    assert_true(db_call(db, "me", NULL, 0, answered, &h, &e)); /* not hit by a late cancel request */
    pump(db, &h.answers, 1);
    assert_int_equal(h.errors, 2);
    db_free(&db);
}

static void db__forget__the_call_runs_but_nobody_is_called(void **state)
{
    (void)state;
    struct db *db = opened();
    struct heard gone = { 0 }, here = { 0 };
    struct err e;
    assert_true(db_call(db, "me", NULL, 0, answered, &gone, &e));
    assert_true(db_call(db, "me", NULL, 0, answered, &here, &e));
    db_forget(db, &gone);
    pump(db, &here.answers, 1);
    assert_int_equal(gone.answers + gone.errors, 0);
    db_free(&db);
}

static void db__close__tells_every_waiting_call(void **state)
{
    (void)state;
    struct db *db = opened();
    struct heard h = { 0 };
    struct err e;
    assert_true(db_call(db, "me", NULL, 0, answered, &h, &e));
    assert_true(db_call(db, "me", NULL, 0, answered, &h, &e));
    db_close(db);
    assert_int_equal(h.errors, 2);
    assert_int_equal(db_state(db), DB_CLOSED);
    assert_false(db_call(db, "me", NULL, 0, answered, &h, &e));
    assert_int_equal(e.kind, ERR_OFFLINE);
    db_free(&db);
}

static void db__act__is_announced_to_other_desks(void **state)
{
    (void)state;
    static const char request[] = "0d3c2f3e-8f3c-4a2e-9d55-4f1f6c1b7a01";
    struct db *desk = opened(), *other = opened();
    struct heard h = { 0 };
    struct db_arg args[] = { { "request", request } };
    struct err e;
    db_listen(other, notified, &h);
    assert_true(db_call_wait(other, "me", NULL, 0, NULL, &e)); /* now it listens */
    assert_true(db_call_wait(desk, "case__act", args, 1, NULL, &e));
    assert_true(db_call_wait(desk, "case__act", args, 1, NULL, &e)); /* the announcement left no trace */
    pump(other, &h.notifications, 1);
    assert_string_equal(h.payload, request);
    db_free(&desk);
    db_free(&other);
}

static void db__act__is_announced_even_when_the_command_ends_at_once(void **state)
{
    (void)state;
    struct db *desk = opened(), *other = opened();
    struct heard h = { 0 };
    struct db_arg args[] = { { "request", "0d3c2f3e-8f3c-4a2e-9d55-4f1f6c1b7a02" } };
    struct err e;
    db_listen(other, notified, &h);
    assert_true(db_call_wait(other, "me", NULL, 0, NULL, &e));
    assert_true(db_call_wait(desk, "case__act", args, 1, NULL, &e));
    db_free(&desk);
    pump(other, &h.notifications, 1);
    db_free(&other);
}

/* The answer of an act on the case, as JSON text; the caller frees it. */
static char *acted(struct db *db, const char *function, const char *request)
{
    struct db_arg args[] = { { "request", request } };
    struct db_result *r;
    struct err e;
    if (!db_call_wait(db, function, args, 1, &r, &e))
        fail_msg("%s: %s", function, e.message);
    char *text = json_text(db_json(r), false);
    db_result_free(&r);
    return text;
}

static void db__act__answer_has_what_follows_it(void **state)
{
    (void)state;
    static const char request[] = "0d3c2f3e-8f3c-4a2e-9d55-4f1f6c1b7a03";
    struct db *db = opened();
    for (int i = 0; i < 2; i++) { /* a repetition too */
        char *text = acted(db, "case__act", request);
        assert_string_equal(text, "{\"ok\":true,\"number\":\"1\",\"next\":[\"a\"]}");
        free(text);
    }
    db_free(&db);
}

static void db__act__stands_whatever_becomes_of_what_follows_it(void **state)
{
    (void)state;
    static const char request[] = "0d3c2f3e-8f3c-4a2e-9d55-4f1f6c1b7a04";
    struct db *db = opened();
    boss_runs(after_fails);
    char *text = acted(db, "case__act", request);
    assert_string_equal(text, "{\"ok\":true,\"number\":\"1\"}");
    free(text);
    boss_runs(after_works);
    text = acted(db, "case__act", request); /* and the connection goes on */
    assert_string_equal(text, "{\"ok\":true,\"number\":\"1\",\"next\":[\"a\"]}");
    free(text);
    db_free(&db);
}

static void db__act__refusal_is_not_covered_up_by_what_follows_it(void **state)
{
    (void)state;
    struct db *db = opened();
    struct db_arg args[] = { { "request", "0d3c2f3e-8f3c-4a2e-9d55-4f1f6c1b7a05" } };
    struct err e;
    assert_false(db_call_wait(db, "case__refuses", args, 1, NULL, &e));
    assert_string_equal(e.code, "GT030");
    assert_false(db_call_wait(db, "case__raises", args, 1, NULL, &e));
    assert_string_equal(e.code, "GT040");
    char *text = acted(db, "case__act", args[0].value);
    assert_non_null(strstr(text, "next"));
    free(text);
    db_free(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(db__open__gives_the_answer_of_me),
        cmocka_unit_test(db__open__other_version_is_refused),
        cmocka_unit_test(db__open__missing_database_and_server_are_told_apart),
        cmocka_unit_test(db__call__rows_by_name_and_as_json),
        cmocka_unit_test(db__call__refusals_answered_or_raised_are_rules),
        cmocka_unit_test(db__call__reloaded_function_is_prepared_again),
        cmocka_unit_test(db__call__broken_connection_is_opened_and_the_call_repeated),
        cmocka_unit_test(db__idle__broken_connection_comes_back_by_itself),
        cmocka_unit_test(db__cancel__ends_the_call_and_drops_the_queue),
        cmocka_unit_test(db__forget__the_call_runs_but_nobody_is_called),
        cmocka_unit_test(db__close__tells_every_waiting_call),
        cmocka_unit_test(db__act__answer_has_what_follows_it),
        cmocka_unit_test(db__act__stands_whatever_becomes_of_what_follows_it),
        cmocka_unit_test(db__act__refusal_is_not_covered_up_by_what_follows_it),
        cmocka_unit_test(db__act__is_announced_to_other_desks),
        cmocka_unit_test(db__act__is_announced_even_when_the_command_ends_at_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
