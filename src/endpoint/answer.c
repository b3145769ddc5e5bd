#include "answer.h"

#include "guitai/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result send_answer(struct MHD_Connection *connection, int status, const char *text, int retry_after,
                                   const char *allow, bool close)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (retry_after > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", retry_after);
        MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    if (allow)
        MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, allow);
    if (close)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result rc = MHD_queue_response(connection, (unsigned)status, r);
    MHD_destroy_response(r);
    return rc;
}

enum MHD_Result answer_text(struct MHD_Connection *connection, int status, const char *text, int retry_after, bool close)
{
    return send_answer(connection, status, text, retry_after, NULL, close);
}

enum MHD_Result answer_refusal(struct MHD_Connection *connection, enum reason why, const char *text, const char *allow,
                               bool close)
{
    struct json *doc = json_new_object();
    jn_set_int(json_edit(doc), "protocol", 1);
    jn_set_str(json_edit(doc), "error", reason_word(why));
    if (text && *text)
        jn_set_str(json_edit(doc), "text", text);
    char *body = json_text(doc, false);
    enum MHD_Result rc = send_answer(connection, reason_status(why), body, reason_retry_after(why), allow, close);
    free(body);
    json_free(&doc);
    return rc;
}
