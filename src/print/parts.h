/* Mandatory parts of a document. Base only. */
#ifndef GUITAI_PRINT_PARTS_H
#define GUITAI_PRINT_PARTS_H

#include "guitai/base/json.h"
#include "guitai/print/block.h"

/* Every part of the form's "parts" is in `blocks` and not empty, and says what its "says" asks for. A
 * refusal without reason or remedy is no refusal (行政许可法 38). Errors name the part. */
bool parts_check(const struct json *form, const struct block *blocks, size_t count, struct err *e);

#endif
