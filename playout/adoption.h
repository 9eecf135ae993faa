/* SPDX-License-Identifier: MIT */
/*
 * adoption: from which frame may one timeline of a service take over from
 * another?
 *
 * Where both have the elementary streams in the same state: the same windows
 * open, the same access units sent.  Before that frame the one tape is on
 * the wire, from it on the other, and nobody can tell.
 *
 * Pure: no clock, no files.
 */
#ifndef PLAYOUT_ADOPTION_H
#define PLAYOUT_ADOPTION_H

#include "playout/tape.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * True when `next` may take over from `old` at the first slot of `frame`.
 * `inputs` holds the opened assets of the windows in question; one that is
 * missing is the slate in both.
 */
bool adoption_may_be(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                     const struct timeline *old, const struct timeline *next, int64_t frame);

/*
 * The first such frame in [earliest, earliest + within], looked for on the
 * join grid counted from `earliest`, or -1.
 */
int64_t adoption_find(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                      const struct timeline *old, const struct timeline *next, int64_t earliest,
                      int64_t within);

/*
 * Says from when it could be, looking at the starts of pieces after
 * `earliest` (a day and a half at most): a frame, or -1.
 */
int64_t adoption_possible_from(const struct tape_format *format, size_t service,
                               const struct timeline *old, const struct timeline *next,
                               int64_t earliest);

/* Frame that begins at or after a time in nanoseconds since the epoch. */
int64_t frame_from_ns(int64_t utc_ns);

#endif
