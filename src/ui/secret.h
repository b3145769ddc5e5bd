/* A password being typed: never drawn, wiped as soon as it was handed over. */
#ifndef GUITAI_UI_SECRET_H
#define GUITAI_UI_SECRET_H

#include "view.h"

#define SECRET_MAX 128 /* bytes */

struct secret {
    char text[SECRET_MAX + 1];
    size_t len;
};

/* True when the key belonged to the password. A full buffer refuses further characters: *full. */
bool secret_key(struct secret *s, const struct input *in, bool *full);
void secret_wipe(struct secret *s);

#endif
