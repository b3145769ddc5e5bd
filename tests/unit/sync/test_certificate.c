#include "../unit.h"

#include "../../../src/sync/certificate.h"

#include "guitai/base/file.h"
#include "guitai/sync/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Made by openssl(1); what it says of notAfter stands beneath. */
static const char county[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeDCCAR2gAwIBAgIUCJ+clJUC6SEMaLNJn3r0FCvPCcswCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGMzIwMzIxMB4XDTI2MTEyNjEwNTMyNFoXDTI3MTIzMTEwNTMy\n"
    "NFowETEPMA0GA1UEAwwGMzIwMzIxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "HHr4jKzYExpbtplTWTLQntBzpI1GOS16cEA74B/h+plQCzK7LNcEWDMF3O3a4sxp\n"
    "xILF14SConGoG4agJBXxzqNTMFEwHQYDVR0OBBYEFMRNAcHIgNLkd+bPEImQ9HC2\n"
    "157FMB8GA1UdIwQYMBaAFMRNAcHIgNLkd+bPEImQ9HC2157FMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAJNHn12BtOcXxXeBL3e3UPwY3vVHQEfl\n"
    "lFWKT4SadKDAAiEA4MzGFLcpGbGyslGtLHzA75oWvgtrCQt565ey9Gvz27M=\n"
    "-----END CERTIFICATE-----\n"
    ;
#define COUNTY_UNTIL 1830250404LL

/* Ends in 2081: the other form of writing a time. */
static const char long_lived[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBbzCCARWgAwIBAgIUEhkyDQC6F1PLclbe7jAmVi5sUY4wCgYIKoZIzj0EAwIw\n"
    "DDEKMAgGA1UEAwwBeDAgFw0yNjExMjYxMDUzMjRaGA8yMDgxMDgyOTEwNTMyNFow\n"
    "DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMMTtgf4uVYc\n"
    "hteiz6PqfACFLuRIMVWpc99EYFdN8bG2nXyv0EsXnxk4P8mSojJpAqC75DcxjNuq\n"
    "C2KtdepOd4SjUzBRMB0GA1UdDgQWBBRHm6nRcTmZGhcFc7szmlyZMFMmFzAfBgNV\n"
    "HSMEGDAWgBRHm6nRcTmZGhcFc7szmlyZMFMmFzAPBgNVHRMBAf8EBTADAQH/MAoG\n"
    "CCqGSM49BAMCA0gAMEUCIBClXq6uSgEe6bPEpiH6/GDjjiCU7WxeXPMSE2+iYrKX\n"
    "AiEA8BWCMxFg+yl9Pn5A3Jl+ukCjKEICyDYcicL4xecraP0=\n"
    "-----END CERTIFICATE-----\n"
    ;
#define LONG_LIVED_UNTIL 3523690404LL

/* A list of revoked certificates. */
static const char list[] =
    "-----BEGIN X509 CRL-----\n"
    "MIGmME4CAQEwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEZGVtbxcNMjYxMTMwMjMx\n"
    "ODUzWhcNMjYxMjIwMjMxODUzWqAOMAwwCgYDVR0UBAMCAQEwCgYIKoZIzj0EAwID\n"
    "SAAwRQIhAJEH3BRMvlOXEsB5SftM7attc8LKssKok4E9+bpj8T27AiBfSzIZSpZB\n"
    "EvqIgSzLQgNe5xCprjdI2rkX6YO7xSizyg==\n"
    "-----END X509 CRL-----\n"
    ;
#define LIST_UNTIL 1797808733LL

#define DAY 86400LL

static void certificate__earliest__reads_both_forms_of_time(void **state)
{
    (void)state;
    long long until = 0;
    assert_true(certificate_earliest(county, &until));
    assert_int_equal(until, COUNTY_UNTIL);
    assert_true(certificate_earliest(long_lived, &until));
    assert_int_equal(until, LONG_LIVED_UNTIL);
}

static void certificate__crl__says_when_it_must_be_renewed(void **state)
{
    (void)state;
    char path[] = "/tmp/guitai-crl-XXXXXX";
    struct err e;
    long long until = 0;
    assert_true(certificate_crl_earliest(list, &until));
    assert_int_equal(until, LIST_UNTIL);
    assert_false(certificate_crl_earliest(county, &until));
    assert_false(certificate_earliest(list, &until));
    close(mkstemp(path));
    assert_true(file_write(path, list, strlen(list), &e));
    struct tls_files files = { .revoked = path };
    assert_false(tls_list_overdue(&files, LIST_UNTIL - 1));
    assert_true(tls_list_overdue(&files, LIST_UNTIL + 1));
    assert_false(tls_list_overdue(&(struct tls_files){ 0 }, LIST_UNTIL + 1));
    unlink(path);
}

static void certificate__earliest__is_the_first_of_a_chain_to_end(void **state)
{
    (void)state;
    char chain[sizeof county + sizeof long_lived];
    long long until = 0;
    snprintf(chain, sizeof chain, "%s%s", long_lived, county);
    assert_true(certificate_earliest(chain, &until));
    assert_int_equal(until, COUNTY_UNTIL);
}

/* Cut anywhere it is no certificate, and nothing is read past its end (the sanitizer watches). */
static void certificate__earliest__refuses_what_is_cut(void **state)
{
    (void)state;
    long long until;
    assert_false(certificate_earliest("", &until));
    assert_false(certificate_earliest("-----BEGIN CERTIFICATE-----\nMIIB", &until));
    for (size_t n = 1; n < sizeof county - 1; n += 7) {
        char *cut = malloc(n + 1);
        memcpy(cut, county, n);
        cut[n] = '\0';
        assert_false(certificate_earliest(cut, &until));
        free(cut);
    }
}

static void certificate__not_after__survives_any_length_byte(void **state)
{
    (void)state;
    long long until;
    for (int tag = 0; tag < 256; tag++)
        for (int len = 0; len < 256; len++) {
            unsigned char *der = malloc(5);
            memcpy(der, (unsigned char[]){ 0x30, (unsigned char)len, (unsigned char)tag, (unsigned char)len, 0x02 }, 5);
            assert_false(certificate_not_after(der, 5, &until));
            free(der);
        }
}

static void tls__warning__begins_thirty_days_ahead(void **state)
{
    (void)state;
    char path[] = "/tmp/guitai-certificate-XXXXXX", out[256];
    struct err e;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(file_write(path, county, strlen(county), &e));
    struct tls_files files = { .certificate = path, .key = path, .authority = path };
    assert_string_equal(tls_warning(&files, COUNTY_UNTIL - 40 * DAY, out, sizeof out), "");
    assert_non_null(strstr(tls_warning(&files, COUNTY_UNTIL - 30 * DAY, out, sizeof out), "30"));
    assert_non_null(strstr(tls_warning(&files, COUNTY_UNTIL - DAY / 2, out, sizeof out), " 0 "));
    assert_non_null(strstr(tls_warning(&files, COUNTY_UNTIL + 1, out, sizeof out), "expired"));
    unlink(path);
    assert_string_equal(tls_warning(&files, COUNTY_UNTIL, out, sizeof out), "");
}

static void tls__environment__names_what_is_missing(void **state)
{
    (void)state;
    struct tls_files files;
    struct err e;
    unsetenv("GUITAI_TLS_CERT");
    unsetenv("GUITAI_TLS_KEY");
    unsetenv("GUITAI_TLS_CA");
    unsetenv("GUITAI_TLS_CRL");
    assert_false(tls_configured());
    assert_false(tls_from_environment(&files, &e));
    assert_non_null(strstr(e.message, "GUITAI_TLS_CERT"));
    setenv("GUITAI_TLS_CERT", "/dev/null", 1);
    setenv("GUITAI_TLS_CA", "/dev/null", 1);
    assert_true(tls_configured());
    assert_false(tls_from_environment(&files, &e));
    assert_non_null(strstr(e.message, "GUITAI_TLS_KEY"));
    setenv("GUITAI_TLS_KEY", "/nowhere/key.pem", 1);
    assert_false(tls_from_environment(&files, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_non_null(strstr(e.message, "/nowhere/key.pem"));
    setenv("GUITAI_TLS_KEY", "/dev/null", 1);
    assert_true(tls_from_environment(&files, &e));
    assert_null(files.revoked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate__earliest__reads_both_forms_of_time),
        cmocka_unit_test(certificate__crl__says_when_it_must_be_renewed),
        cmocka_unit_test(certificate__earliest__is_the_first_of_a_chain_to_end),
        cmocka_unit_test(certificate__earliest__refuses_what_is_cut),
        cmocka_unit_test(certificate__not_after__survives_any_length_byte),
        cmocka_unit_test(tls__warning__begins_thirty_days_ahead),
        cmocka_unit_test(tls__environment__names_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
