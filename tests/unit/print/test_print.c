/* The child process, whole: guitai-print of the same build. */
#include "../unit.h"

#include "data.h"

#include "guitai/base/file.h"
#include "guitai/base/paths.h"
#include "guitai/print/print.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/guitai-print-XXXXXX";

static struct json *receipt(void)
{
    static const char text[] = "{" RECEIPT_KEYS "}";
    struct err e;
    struct json *doc = json_parse(text, sizeof text - 1, "test", &e);
    assert_non_null(doc);
    return doc;
}

static void to_path(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s/%s", folder, name);
}

/* The tests lie in tests/bin of the build, the programs in bin. */
static void find_programs(void)
{
    char self[1024], path[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(self, '/') = '\0';
    snprintf(path, sizeof path, "%s/bin:%s", self, getenv("PATH"));
    setenv("PATH", path, 1);
}

static int setup(void **state)
{
    (void)state;
    find_programs();
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void print__text__names_file_in_folder(void **state)
{
    (void)state;
    char to[256];
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    to_path(to, sizeof to, "out/");
    if (!print_wait("receipt", json_root(doc), "text", to, &out, &e))
        fail_msg("%s %s", e.message, e.hint);
    assert_non_null(strstr(out.path, "/out/3203000326112300076-receipt-1.txt"));
    assert_int_equal(strlen(out.digest), 64);
    char *text;
    size_t n;
    assert_true(file_read(out.path, 1u << 20, &text, &n, &e));
    assert_non_null(strstr(text, "受理通知书"));
    free(text);
    json_free(&doc);
}

static void print__pdf__is_written_privately(void **state)
{
    (void)state;
    char to[256];
    struct print_outcome out;
    struct err e;
    struct stat st;
    struct json *doc = receipt();
    to_path(to, sizeof to, "receipt.pdf");
    if (!print_wait("receipt", json_root(doc), "pdf", to, &out, &e))
        fail_msg("%s %s", e.message, e.hint);
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char *bytes;
    size_t n;
    assert_true(file_read(to, 8u << 20, &bytes, &n, &e));
    assert_memory_equal(bytes, "%PDF-", 5);
    assert_true(n < 200000);
    free(bytes);
    json_free(&doc);
}

static void print__unknown_glyph__stops_the_print(void **state)
{
    (void)state;
    char to[256];
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    jn_set_str(json_edit(doc), "applicant_masked", "\xF3\xB0\x80\x80"); /* private use: no font has it */
    to_path(to, sizeof to, "unknown.pdf");
    assert_false(print_wait("receipt", json_root(doc), "pdf", to, &out, &e));
    assert_non_null(strstr(e.message, "U+F0000"));
    assert_int_not_equal(access(to, F_OK), 0);
    json_free(&doc);
}

static void print__missing_part__reaches_the_caller(void **state)
{
    (void)state;
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    jn_remove(json_edit(doc), "promise_due");
    assert_false(print_wait("receipt", json_root(doc), "pdf", folder, &out, &e));
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(e.field, "promise_due");
    json_free(&doc);
}

static void print__bad_place__is_an_io_error(void **state)
{
    (void)state;
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    assert_false(print_wait("receipt", json_root(doc), "text", "/proc/none/x.txt", &out, &e));
    assert_int_equal(e.kind, ERR_IO);
    json_free(&doc);
}

static void print__large_job__is_fed_in_pieces(void **state)
{
    (void)state;
    char to[256];
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    char *ballast = malloc(2000001);
    memset(ballast, 'x', 2000000);
    ballast[2000000] = '\0';
    jn_set_str(json_edit(doc), "ballast", ballast);
    to_path(to, sizeof to, "large.txt");
    struct print_job *j = print_start("receipt", json_root(doc), "text", to, &e);
    assert_non_null(j);
    assert_true(print_events(j) & POLLOUT);
    assert_true(print_timeout_ms(j) > 0 && print_timeout_ms(j) <= PRINT_LIMIT_MS);
    while (!print_step(j, &out)) {
        struct pollfd p = { .fd = print_fd(j), .events = print_events(j) };
        poll(&p, 1, print_timeout_ms(j));
    }
    assert_true(out.ok);
    print_free(&j);
    assert_null(j);
    free(ballast);
    json_free(&doc);
}

static void print__given_up__leaves_no_child(void **state)
{
    (void)state;
    struct err e;
    struct json *doc = receipt();
    struct print_job *j = print_start("receipt", json_root(doc), "pdf", folder, &e);
    assert_non_null(j);
    print_free(&j);
    json_free(&doc);
}

/* A renderer that dies at once must not take the workstation along (SIGPIPE) nor hang it. */
static void print__dying_child__is_an_error(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\nexit 3\n";
    char path[256], old[4096], found[4200];
    struct print_outcome out;
    struct err e;
    struct json *doc = receipt();
    to_path(path, sizeof path, "fake");
    assert_int_equal(mkdir(path, 0700), 0);
    to_path(path, sizeof path, "fake/guitai-print");
    assert_true(file_write(path, script, sizeof script - 1, &e));
    assert_int_equal(chmod(path, 0700), 0);
    snprintf(old, sizeof old, "%s", getenv("PATH"));
    snprintf(found, sizeof found, "%s/fake:%s", folder, old);
    setenv("PATH", found, 1);
    char *ballast = calloc(1, 1000001);
    memset(ballast, 'x', 1000000);
    jn_set_str(json_edit(doc), "ballast", ballast);
    assert_false(print_wait("receipt", json_root(doc), "pdf", folder, &out, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_non_null(strstr(e.message, "3"));
    setenv("PATH", old, 1);
    free(ballast);
    json_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(print__text__names_file_in_folder),
        cmocka_unit_test(print__pdf__is_written_privately),
        cmocka_unit_test(print__unknown_glyph__stops_the_print),
        cmocka_unit_test(print__missing_part__reaches_the_caller),
        cmocka_unit_test(print__bad_place__is_an_io_error),
        cmocka_unit_test(print__large_job__is_fed_in_pieces),
        cmocka_unit_test(print__given_up__leaves_no_child),
        cmocka_unit_test(print__dying_child__is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
