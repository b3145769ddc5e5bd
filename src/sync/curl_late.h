/* libcurl, loaded with the first hand-off and not when the program starts (as src/db/pq.h does with libpq).
 *
 * A workstation that never sends never loads it: some fifteen libraries and two megabytes. The only includer of
 * curl/. */
#ifndef GUITAI_SYNC_CURL_LATE_H
#define GUITAI_SYNC_CURL_LATE_H

#include "guitai/base/err.h"

#define CURL_DISABLE_TYPECHECK /* its macros would stand in the way of the table below */
#include <curl/curl.h>

#define CURL_FUNCTIONS(X) \
    X(easy_cleanup) \
    X(easy_getinfo) \
    X(easy_init) \
    X(easy_setopt) \
    X(easy_strerror) \
    X(global_init) \
    X(multi_add_handle) \
    X(multi_assign) \
    X(multi_cleanup) \
    X(multi_info_read) \
    X(multi_init) \
    X(multi_remove_handle) \
    X(multi_setopt) \
    X(multi_socket_action) \
    X(slist_append) \
    X(slist_free_all) \
    X(version_info)

#define CURL_MEMBER(name) __typeof__(curl_##name) *name;

/* Valid after curl_late_load(). */
extern struct curl_late {
    CURL_FUNCTIONS(CURL_MEMBER)
} curl;

#undef CURL_MEMBER

/* Loads and initialises libcurl once; later calls do nothing. ERR_IO naming what is missing. */
bool curl_late_load(struct err *e);

#endif
