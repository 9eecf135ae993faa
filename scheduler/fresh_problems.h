/* SPDX-License-Identifier: MIT */
/* fresh_problems: what of the problems that hold now has not been told before. */
#ifndef SCHEDULER_FRESH_PROBLEMS_H
#define SCHEDULER_FRESH_PROBLEMS_H

#include "playout/problems.h"

/*
 * Adds to *fresh those of `now` that are not among `before` (NULL: none was),
 * by file, line and text: at most `most` of them, in their order.  Returns how
 * many more there were; n log n.  Out of memory none is added.
 */
size_t fresh_problems(const struct problems *now, const struct problems *before, size_t most,
                      struct problems *fresh);

#endif
