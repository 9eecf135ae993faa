/* SPDX-License-Identifier: MIT */
/*
 * cut: where a piece of an asset may begin or end, from its index alone.
 *
 * Whole assets are proven at ingest.  In-points, early ends, joins in
 * progress and amendments cut them elsewhere; these functions find the
 * nearest place at which the piece that is left is proven (proof.h) too.
 *
 *     cut_first_end    in_point ├─────────── least ···▶│ end
 *     cut_last_end     in_point ├──────────▶│··· most
 *     cut_first_entry              least ···▶├─────────┤ end
 *
 * DESIGN.  Proving every candidate anew would be quadratic.  When the end
 * moves, only the end of the window moves and, with the sum of the packets,
 * which of the last 15 access units take one packet more.  So the search
 * serves the access units once, from the in-point on, and at each candidate
 * serves the last 15 again.  A unit that is late without that packet is late
 * whatever the end: the search is over.
 *
 * When the in-point moves and the end stays, the same is done backwards: not
 * when a unit is finished is carried along, but when its service must have
 * begun at the latest so that it and all after it are in time.  What the last
 * 15 units ask for is computed for each of the 16 possible remainders.
 *
 * Pure; linear in the number of access units: milliseconds for two hours.
 */
#ifndef PLAYOUT_CUT_H
#define PLAYOUT_CUT_H

#include "playout/asset_index.h"
#include "playout/station.h"

#include <stdint.h>

/*
 * The least number of frames >= `least` for which the piece that begins at
 * `in_point` is proven, or -1.
 */
int64_t cut_first_end(const struct profile *profile, const struct asset_index *index,
                      int64_t in_point, int64_t least);

/* The greatest number of frames <= `most`, or -1. */
int64_t cut_last_end(const struct profile *profile, const struct asset_index *index,
                     int64_t in_point, int64_t most);

/*
 * The first in-point >= `least` from which the piece up to frame `end` of the
 * asset is proven, or -1.
 */
int64_t cut_first_entry(const struct profile *profile, const struct asset_index *index,
                        int64_t least, int64_t end);

#endif
