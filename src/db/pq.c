#include "pq.h"

#include "guitai/base/i18n.h"
#include "guitai/db/db.h"

#include <dlfcn.h>

#define PQ_LIBRARY "libpq.so.5"

struct pq pq;

static bool resolve(void *library, const char *name, void *slot, struct err *e)
{
    void *symbol = dlsym(library, name);
    if (!symbol)
        return err_set(e, ERR_IO, _("%s has no %s: another version than this program needs"), PQ_LIBRARY, name);
    *(void **)slot = symbol; /* POSIX: a function's address from dlsym() fits */
    return true;
}

void db_preload(void)
{
    pq_load(NULL);
}

bool pq_load(struct err *e)
{
    static bool loaded;
    if (loaded)
        return true;
    void *library = dlopen(PQ_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        err_set(e, ERR_IO, _("the PostgreSQL client library cannot be loaded: %s"), dlerror());
        return err_hint(e, "%s", _("install libpq5"));
    }
    bool ok = true;
#define PQ_RESOLVE(name) ok = ok && resolve(library, #name, &pq.name, e);
    PQ_FUNCTIONS(PQ_RESOLVE)
#undef PQ_RESOLVE
    loaded = ok;
    return ok;
}
