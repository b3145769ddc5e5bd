/* Request ids: made at the keyboard, so that a repeated call is recognised. */
#ifndef GUITAI_BASE_UUID_H
#define GUITAI_BASE_UUID_H

/* A random UUID (version 4, RFC 9562) as 36 characters and NUL, from the kernel's random source. */
void uuid_new(char out[37]);

#endif
