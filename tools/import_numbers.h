/* SPDX-License-Identifier: MIT */
/* import_numbers: tells which lessons keep their house numbers, and which have new ones. */
#ifndef TOOLS_IMPORT_NUMBERS_H
#define TOOLS_IMPORT_NUMBERS_H

#include "scheduler/import/import_write.h"

/* On the standard error: whose files air on, and whose are still to come. */
void import_numbers_tell(const struct import *import, const struct import_output *output);

#endif
