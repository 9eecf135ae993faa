/* SPDX-License-Identifier: MIT */
/*
 * reasons: several reasons in one text, as plans and records have them:
 * "the lesson's media is not there yet; cut at its frame 240".
 *
 * Pure functions; any thread.
 */
#ifndef PLAYOUT_REASONS_H
#define PLAYOUT_REASONS_H

#include <stddef.h>
#include <string.h>

/* Between two of them, in every language: what is joined here is parted elsewhere. */
#define REASONS_JOIN "; "

/* Bytes of the first one; *next is where the second begins, NULL: there is none. */
static inline size_t reasons_first(const char *reasons, const char **next)
{
    const char *end = strstr(reasons, REASONS_JOIN);
    *next = end != NULL ? end + strlen(REASONS_JOIN) : NULL;
    return end != NULL ? (size_t)(end - reasons) : strlen(reasons);
}

#endif
