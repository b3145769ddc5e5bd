#include "journal.h"

#include "guitai/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TOLD_IN_A_SECOND 20 /* refusals of one reason */

static struct {
    long long refused[REASON_COUNT], requests, messages;
    long long told_at[REASON_COUNT];
    int told[REASON_COUNT];
    bool changed;
} counts;

static struct json *line_new(const char *event)
{
    struct timespec now;
    struct tm tm;
    char day[32], at[64], zone[8];
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &tm);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    strftime(zone, sizeof zone, "%z", &tm);
    snprintf(at, sizeof at, "%s.%03ld%s", day, now.tv_nsec / 1000000, zone);
    struct json *line = json_new_object();
    jn_set_str(json_edit(line), "time", at);
    jn_set_str(json_edit(line), "event", event);
    return line;
}

static void line_write(struct json *line)
{
    char *text = json_text(line, false);
    fprintf(stderr, "%s\n", text);
    free(text);
    json_free(&line);
}

/* Counts, and says whether this one is told. */
static bool count(enum reason r, long long now)
{
    counts.refused[r]++;
    if (now - counts.told_at[r] >= 1000) {
        counts.told_at[r] = now;
        counts.told[r] = 0;
    }
    return ++counts.told[r] <= TOLD_IN_A_SECOND;
}

void journal_request(const struct journal_entry *entry, long long now)
{
    counts.changed = true;
    counts.requests++;
    counts.messages += entry->reason == REASON_NONE ? entry->messages : 0;
    if (entry->reason != REASON_NONE && !count(entry->reason, now))
        return;
    struct json *line = line_new(entry->reason == REASON_NONE ? "request" : "refused");
    struct jnode *n = json_edit(line);
    if (entry->address)
        jn_set_str(n, "address", entry->address);
    jn_set_str(n, "division", *entry->division ? entry->division : NULL);
    jn_set_int(n, "status", entry->status);
    if (entry->reason != REASON_NONE) {
        jn_set_str(n, "reason", reason_word(entry->reason));
        jn_set_int(n, "count", counts.refused[entry->reason]);
    }
    if (*entry->code)
        jn_set_str(n, "sqlstate", entry->code);
    jn_set_int(n, "messages", entry->messages);
    jn_set_int(n, "bytes", (long long)entry->bytes);
    jn_set_int(n, "ms", entry->ms);
    line_write(line);
}

void journal_event(const char *event, const char *text, long long number)
{
    struct json *line = line_new(event);
    if (text)
        jn_set_str(json_edit(line), "text", text);
    if (number >= 0)
        jn_set_int(json_edit(line), "number", number);
    line_write(line);
}

void journal_totals(void)
{
    if (!counts.changed)
        return;
    counts.changed = false;
    struct json *line = line_new("totals");
    jn_set_int(json_edit(line), "requests", counts.requests);
    jn_set_int(json_edit(line), "messages", counts.messages);
    struct jnode *refused = jn_set_object(json_edit(line), "refused");
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
        if (counts.refused[r] > 0)
            jn_set_int(refused, reason_word((enum reason)r), counts.refused[r]);
    line_write(line);
}
