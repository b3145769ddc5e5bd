#include "limits.h"

#include "guitai/base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BURST_SECONDS 2

struct division *limits_division(struct limits *l, const char *code)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->divisions[i]->code, code) == 0)
            return l->divisions[i];
    struct division *d = xcalloc(1, sizeof *d);
    snprintf(d->code, sizeof d->code, "%s", code);
    d->tokens = (double)l->rate * BURST_SECONDS;
    l->divisions = xrealloc(l->divisions, l->count + 1, sizeof *l->divisions);
    l->divisions[l->count++] = d;
    return d;
}

bool limits_connect(struct limits *l, struct division *d)
{
    if (d->connections >= l->connections)
        return false;
    d->connections++;
    return true;
}

void limits_leave(struct division *d)
{
    d->connections--;
}

bool limits_request(struct limits *l, struct division *d, long long now)
{
    double most = (double)l->rate * BURST_SECONDS;
    if (d->filled > 0)
        d->tokens += (double)(now - d->filled) * l->rate / 1000.0;
    d->filled = now;
    if (d->tokens > most)
        d->tokens = most;
    if (d->tokens < 1)
        return false;
    d->tokens -= 1;
    return true;
}

void limits_reset(struct limits *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->divisions[i]);
    free(l->divisions);
    *l = (struct limits){ 0 };
}
