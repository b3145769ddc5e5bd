#include "guitai/sync/tls.h"

#include "certificate.h"

#include "guitai/base/file.h"
#include "guitai/base/i18n.h"
#include "guitai/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PEM_MAX (1u << 20)
#define DAY_SECONDS 86400

static const char *named(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value ? value : NULL;
}

bool tls_configured(void)
{
    return named("GUITAI_TLS_CERT") || named("GUITAI_TLS_KEY") || named("GUITAI_TLS_CA");
}

static bool take(const char *variable, const char **out, struct err *e)
{
    *out = named(variable);
    if (!*out) {
        err_set(e, ERR_INPUT, _("%s is not set: without certificates nothing is handed over"), variable);
        return err_hint(e, "%s", _("GUITAI_TLS_CERT, GUITAI_TLS_KEY and GUITAI_TLS_CA name PEM files"));
    }
    if (access(*out, R_OK) != 0)
        return err_set(e, ERR_IO, _("%s (%s) cannot be read"), *out, variable);
    return true;
}

bool tls_from_environment(struct tls_files *out, struct err *e)
{
    *out = (struct tls_files){ 0 };
    return take("GUITAI_TLS_CERT", &out->certificate, e) && take("GUITAI_TLS_KEY", &out->key, e) &&
           take("GUITAI_TLS_CA", &out->authority, e) &&
           (!named("GUITAI_TLS_CRL") || take("GUITAI_TLS_CRL", &out->revoked, e));
}

static bool until(const char *path, bool (*earliest)(const char *pem, long long *out), long long *out, struct err *e)
{
    char *text;
    size_t len;
    if (!file_read(path, PEM_MAX, &text, &len, e))
        return false;
    bool ok = earliest(text, out);
    free(text);
    return ok ? true : err_set(e, ERR_INPUT, _("%s holds no certificate that can be read (PEM is expected)"), path);
}

bool tls_expiry(const char *path, long long *out, struct err *e)
{
    return until(path, certificate_earliest, out, e);
}

bool tls_list_overdue(const struct tls_files *files, long long now)
{
    struct err e;
    long long next;
    return files->revoked && until(files->revoked, certificate_crl_earliest, &next, &e) && next < now;
}

static bool say(const char *path, long long until, long long now, char *out, size_t size)
{
    long long days = (until - now) / DAY_SECONDS;
    if (until >= now && days > TLS_WARN_DAYS)
        return false;
    if (until < now)
        snprintf(out, size, _("The certificate %s has expired: nothing can be handed over"), path);
    else
        snprintf(out, size, _("The certificate %s expires in %lld days"), path, days);
    return true;
}

const char *tls_warning(const struct tls_files *files, long long now, char *out, size_t size)
{
    const char *paths[] = { files->certificate, files->authority };
    *out = '\0';
    for (size_t i = 0; i < 2; i++) {
        struct err e;
        long long until;
        if (!tls_expiry(paths[i], &until, &e))
            log_line("certificate: %s", e.message);
        else if (say(paths[i], until, now, out, size))
            break;
    }
    if (!*out && tls_list_overdue(files, now))
        snprintf(out, size, _("The list of revoked certificates %s is overdue: nothing can be handed over until it is renewed"),
                 files->revoked);
    return out;
}
