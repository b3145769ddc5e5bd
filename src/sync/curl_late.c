#include "curl_late.h"

#include "guitai/base/i18n.h"

#include <dlfcn.h>

#define CURL_LIBRARY "libcurl.so.4"

struct curl_late curl;

static bool resolve(void *library, const char *name, void *slot, struct err *e)
{
    void *symbol = dlsym(library, name);
    if (!symbol)
        return err_set(e, ERR_IO, _("%s has no %s: another version than this program needs"), CURL_LIBRARY, name);
    *(void **)slot = symbol; /* POSIX: a function's address from dlsym() fits */
    return true;
}

bool curl_late_load(struct err *e)
{
    static bool loaded;
    if (loaded)
        return true;
    void *library = dlopen(CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        err_set(e, ERR_IO, _("the library for HTTPS cannot be loaded: %s"), dlerror());
        return err_hint(e, "%s", _("install libcurl4"));
    }
    bool ok = true;
#define CURL_RESOLVE(name) ok = ok && resolve(library, "curl_" #name, &curl.name, e);
    CURL_FUNCTIONS(CURL_RESOLVE)
#undef CURL_RESOLVE
    if (ok && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(e, ERR_IO, _("the library for HTTPS cannot be loaded: %s"), "curl_global_init");
    loaded = ok;
    return ok;
}
