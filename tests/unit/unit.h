/* What every unit test includes: cmocka with the headers that it wants before it. */
#ifndef GUITAI_TESTS_UNIT_H
#define GUITAI_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
