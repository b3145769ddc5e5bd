#include "guitai/sync/peer.h"

#include "curl_late.h"

#include "guitai/base/i18n.h"
#include "guitai/base/log.h"
#include "guitai/base/str.h"
#include "guitai/base/xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECT_LIMIT_MS 3000
#define CONNECTIONS_EACH 2
#define CONNECTIONS_ALL 16
#define IDLE_SECONDS 50 /* below a server's usual keep-alive of a minute */

struct request {
    struct request *next;
    struct peer_line *line;
    CURL *easy;
    char *body;
    struct str text;
    char error[CURL_ERROR_SIZE];
    peer_done_fn *done;
    void *ctx;
};

struct peer_line {
    struct tls_files tls;
    CURLM *multi;
    struct curl_slist *headers;
    struct request *requests;
    size_t pending;
    struct pollfd watched[PEER_MAX_FDS];
    size_t watched_count;
    long long timer_at; /* ms; -1: none */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- what libcurl tells us to watch ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
    struct peer_line *line = ctx;
    size_t i = 0;
    (void)easy;
    (void)unused;
    while (i < line->watched_count && line->watched[i].fd != fd)
        i++;
    if (what == CURL_POLL_REMOVE) {
        if (i < line->watched_count)
            line->watched[i] = line->watched[--line->watched_count];
        return 0;
    }
    if (i == PEER_MAX_FDS) {
        log_line("too many connections to other halls");
        return 0; /* its request ends with its time */
    }
    if (i == line->watched_count)
        line->watched_count++;
    short events = (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0));
    line->watched[i] = (struct pollfd){ .fd = fd, .events = events };
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *ctx)
{
    struct peer_line *line = ctx;
    (void)multi;
    line->timer_at = ms < 0 ? -1 : now_ms() + ms;
    return 0;
}

/* A printing child must not hold a connection open. */
static int on_opened(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    (void)ctx;
    (void)purpose;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

/* ---- opening and closing ---- */

struct peer_line *peer_open(const struct tls_files *tls, struct err *e)
{
    if (!curl_late_load(e))
        return NULL;
    struct peer_line *line = xcalloc(1, sizeof *line);
    line->tls = *tls;
    line->timer_at = -1;
    line->multi = curl.multi_init();
    curl.multi_setopt(line->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl.multi_setopt(line->multi, CURLMOPT_SOCKETDATA, line);
    curl.multi_setopt(line->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl.multi_setopt(line->multi, CURLMOPT_TIMERDATA, line);
    curl.multi_setopt(line->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_EACH);
    curl.multi_setopt(line->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_ALL);
    curl.multi_setopt(line->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_ALL);
    line->headers = curl.slist_append(NULL, "Content-Type: application/json");
    line->headers = curl.slist_append(line->headers, "Accept: application/json");
    line->headers = curl.slist_append(line->headers, "Expect:"); /* no round trip before the body */
    return line;
}

static void request_free(struct request *r)
{
    curl.multi_remove_handle(r->line->multi, r->easy);
    curl.easy_cleanup(r->easy);
    str_reset(&r->text);
    free(r->body);
    free(r);
}

void peer_close(struct peer_line **line)
{
    if (!*line)
        return;
    while ((*line)->requests) {
        struct request *r = (*line)->requests;
        (*line)->requests = r->next;
        request_free(r);
    }
    curl.multi_cleanup((*line)->multi);
    curl.slist_free_all((*line)->headers);
    free(*line);
    *line = NULL;
}

/* ---- one request ---- */

/* A chunked answer does not say its length beforehand, so that only counting holds it to the limit. */
static size_t on_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
    struct request *r = ctx;
    return str_add_n(&r->text, bytes, size * n) ? size * n : 0;
}

static void set_tls(CURL *easy, const struct tls_files *tls)
{
    curl.easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl.easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.easy_setopt(easy, CURLOPT_CAINFO, tls->authority);
    curl.easy_setopt(easy, CURLOPT_CAPATH, NULL); /* or every authority of the system would do as well */
    curl.easy_setopt(easy, CURLOPT_SSLCERT, tls->certificate);
    curl.easy_setopt(easy, CURLOPT_SSLKEY, tls->key);
    if (tls->revoked)
        curl.easy_setopt(easy, CURLOPT_CRLFILE, tls->revoked);
}

static void set_limits(CURL *easy)
{
    curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_opened);
    curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(easy, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl.easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl.easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_LIMIT_MS);
    curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)PEER_LIMIT_MS);
    curl.easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)PEER_MAX_ANSWER);
    curl.easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl.easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
    curl.easy_setopt(easy, CURLOPT_USERAGENT, "guitai/" GUITAI_VERSION);
}

static void set_body(struct request *r, size_t len)
{
    curl.easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->line->headers);
    curl.easy_setopt(r->easy, CURLOPT_POST, 1L);
    curl.easy_setopt(r->easy, CURLOPT_POSTFIELDS, r->body);
    curl.easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl.easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl.easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
    curl.easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->error);
    curl.easy_setopt(r->easy, CURLOPT_PRIVATE, r);
}

bool peer_post(struct peer_line *line, const char *base, const char *path, char *body, size_t len,
               peer_done_fn *done, void *ctx, struct err *e)
{
    struct request *r = xcalloc(1, sizeof *r);
    size_t base_len = strlen(base);
    while (base_len > 0 && base[base_len - 1] == '/')
        base_len--;
    char *url = xasprintf("%.*s%s", (int)base_len, base, path);
    *r = (struct request){ .line = line, .easy = curl.easy_init(), .body = body, .done = done, .ctx = ctx };
    str_init(&r->text, PEER_MAX_ANSWER);
    curl.easy_setopt(r->easy, CURLOPT_URL, url);
    free(url);
    set_tls(r->easy, &line->tls);
    set_limits(r->easy);
    set_body(r, len);
    CURLMcode code = curl.multi_add_handle(line->multi, r->easy);
    if (code != CURLM_OK) {
        request_free(r);
        return err_set(e, ERR_BUG, _("a request to another hall could not start (%d)"), (int)code);
    }
    r->next = line->requests;
    line->requests = r;
    line->pending++;
    return true;
}

size_t peer_pending(const struct peer_line *line)
{
    return line->pending;
}

/* ---- what became of it ---- */

static const char *words_of(const struct peer_line *line, CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return _("its address is not known");
    case CURLE_COULDNT_CONNECT: return _("it cannot be reached");
    case CURLE_OPERATION_TIMEDOUT: return _("it did not answer in time");
    case CURLE_PEER_FAILED_VERIFICATION:
        if (tls_list_overdue(&line->tls, (long long)time(NULL)))
            return _("our list of revoked certificates is overdue: nobody's certificate is believed until it is renewed");
        /* fall through */
    case CURLE_SSL_ISSUER_ERROR: return _("its certificate is not accepted here");
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE: return _("our own certificate files cannot be used");
    case CURLE_SSL_CONNECT_ERROR: return _("no secure connection came about");
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return _("the connection broke off");
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED: return _("its answer is too long");
    default: return curl.easy_strerror(code);
    }
}

void peer_words(char out[PEER_WORDS], const char *text)
{
    size_t n = strlen(text);
    if (n >= PEER_WORDS) {
        n = PEER_WORDS - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(out, text, n);
    out[n] = '\0';
}

/* Takes `r` off the list and tells its owner. */
static void finish(struct request *r, CURLcode code)
{
    struct peer_line *line = r->line;
    struct peer_answer a = { .text = r->text.p ? r->text.p : "", .len = r->text.len };
    struct request **at = &line->requests;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    line->pending--;
    curl_off_t took = 0, later = 0;
    long status = 0;
    curl.easy_getinfo(r->easy, CURLINFO_TOTAL_TIME_T, &took);
    a.ms = (long)(took / 1000);
    if (code == CURLE_OK) {
        curl.easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
        curl.easy_getinfo(r->easy, CURLINFO_RETRY_AFTER, &later);
        a.status = (int)status;
        a.retry_after = later > 86400 ? 86400 : (int)later;
    } else {
        peer_words(a.problem, words_of(line, code));
        log_line("request to another hall: %d %s", (int)code, r->error);
    }
    r->done(r->ctx, &a);
    request_free(r);
}

static void take_finished(struct peer_line *line)
{
    CURLMsg *m;
    int left;
    while ((m = curl.multi_info_read(line->multi, &left)) != NULL) {
        char *owner = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        curl.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &owner);
        finish((struct request *)(void *)owner, code);
    }
}

size_t peer_poll(const struct peer_line *line, struct pollfd *fds, int *timeout_ms)
{
    memcpy(fds, line->watched, line->watched_count * sizeof *fds);
    if (line->timer_at >= 0) {
        long long left = line->timer_at - now_ms();
        int ms = left < 0 ? 0 : left > PEER_LIMIT_MS ? PEER_LIMIT_MS : (int)left;
        if (*timeout_ms < 0 || ms < *timeout_ms)
            *timeout_ms = ms;
    }
    return line->watched_count;
}

static bool watched(const struct peer_line *line, int fd)
{
    for (size_t i = 0; i < line->watched_count; i++)
        if (line->watched[i].fd == fd)
            return true;
    return false;
}

void peer_step(struct peer_line *line, const struct pollfd *fds, size_t n)
{
    int running;
    for (size_t i = 0; i < n; i++) {
        int what = (fds[i].revents & POLLIN ? CURL_CSELECT_IN : 0) | (fds[i].revents & POLLOUT ? CURL_CSELECT_OUT : 0) |
                   (fds[i].revents & (POLLERR | POLLHUP) ? CURL_CSELECT_ERR : 0);
        if (what && watched(line, fds[i].fd))
            curl.multi_socket_action(line->multi, fds[i].fd, what, &running);
    }
    if (line->timer_at >= 0 && now_ms() >= line->timer_at) {
        line->timer_at = -1;
        curl.multi_socket_action(line->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    take_finished(line);
}

/* ---- waiting for one answer ---- */

struct waiting {
    bool done;
    struct peer_answer a;
    char *text;
};

static void keep(void *ctx, const struct peer_answer *a)
{
    struct waiting *w = ctx;
    w->done = true;
    w->a = *a;
    w->text = xstrndup(a->text, a->len);
}

bool peer_refused(const struct peer_answer *a, struct err *e)
{
    if (a->status == 0)
        return err_set(e, ERR_OFFLINE, _("the other hall: %s"), a->problem);
    if (a->status == 403)
        return err_set(e, ERR_DENIED, _("the other hall does not accept our certificate"));
    if (a->status == 503 || a->status == 429)
        return err_set(e, ERR_OFFLINE, _("the other hall says: later"));
    return err_set(e, ERR_RULE, _("the other hall refuses the request (HTTP %d)"), a->status);
}

bool peer_ask(struct peer_line *line, const char *base, const char *path, const char *body, char **text, size_t *len,
              struct err *e)
{
    struct waiting w = { 0 };
    if (!peer_post(line, base, path, xstrdup(body), strlen(body), keep, &w, e))
        return false;
    while (!w.done) {
        struct pollfd fds[PEER_MAX_FDS];
        int timeout = -1;
        size_t n = peer_poll(line, fds, &timeout);
        poll(fds, n, timeout < 0 ? PEER_LIMIT_MS : timeout);
        peer_step(line, fds, n);
    }
    *text = w.text;
    *len = w.a.len;
    if (w.a.status == 200)
        return true;
    free(*text);
    *text = NULL;
    return peer_refused(&w.a, e);
}
