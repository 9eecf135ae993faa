/* SPDX-License-Identifier: MIT */
/*
 * media_cuts: where assets may be cut (cut.h), asked for by name.
 *
 * Opens the indexes of a media folder as they are asked for and keeps the
 * last few mapped; remembers answers, which hold for ever: an asset is named
 * by its content.
 *
 * Every question is answered with 0, -EDOM when there is no such place, or
 * -ENOENT when the index is not there, cannot be read or is of another
 * profile, so that nothing is known.
 *
 * Thread: one at a time.
 */
#ifndef PLAYOUT_MEDIA_CUTS_H
#define PLAYOUT_MEDIA_CUTS_H

#include "playout/station.h"

#include <stdint.h>

struct media_cuts;

/* NULL when out of memory. */
struct media_cuts *media_cuts_create(const char *folder);
void media_cuts_destroy(struct media_cuts *cuts); /* accepts NULL */

/* The least number of frames >= `least` after which a piece may end, as cut_first_end(). */
int media_cuts_first_end(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                         int64_t in_point, int64_t least, int64_t *frames);

/* The greatest number of frames <= `most`, as cut_last_end(). */
int media_cuts_last_end(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                        int64_t in_point, int64_t most, int64_t *frames);

/* The first in-point >= `least` for a piece up to frame `end`, as cut_first_entry(). */
int media_cuts_first_entry(struct media_cuts *cuts, const struct profile *profile,
                           const char *sha256, int64_t least, int64_t end, int64_t *in_point);

/* 0 when exactly this piece is proven. */
int media_cuts_prove(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                     int64_t in_point, int64_t frames);

#endif
