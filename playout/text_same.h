/* SPDX-License-Identifier: MIT */
/* text_same: whether two texts are alike; NULL is like NULL alone.  Any thread. */
#ifndef PLAYOUT_TEXT_SAME_H
#define PLAYOUT_TEXT_SAME_H

#include <stdbool.h>
#include <string.h>

static inline bool text_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

#endif
