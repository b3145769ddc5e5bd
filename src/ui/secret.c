#include "secret.h"

#include "guitai/base/utf8.h"
#include "guitai/base/xalloc.h"

#include <string.h>

void secret_wipe(struct secret *s)
{
    wipe(s, sizeof *s);
}

bool secret_key(struct secret *s, const struct input *in, bool *full)
{
    char bytes[UTF8_MAX];
    *full = false;
    switch (in->action) {
    case ACT_CHAR: {
        size_t n = in->cp == '\n' ? 0 : utf8_encode(in->cp, bytes);
        *full = s->len + n > SECRET_MAX;
        if (!*full) {
            memcpy(s->text + s->len, bytes, n);
            s->len += n;
            s->text[s->len] = '\0';
        }
        wipe(bytes, sizeof bytes);
        return true;
    }
    case ACT_BACKSPACE:
        while (s->len && (s->text[--s->len] & 0xC0) == 0x80)
            ;
        s->text[s->len] = '\0';
        return true;
    case ACT_CLEAR: secret_wipe(s); return true;
    default: return false;
    }
}
