/* SPDX-License-Identifier: MIT */
/*
 * proof: air-readiness of a piece of an asset, from access-unit sizes alone.
 *
 * A piece is proven when, served by any lattice that keeps the profile's
 * rate and latency (struct es_profile), every access unit is complete before
 * its DTS, nothing is sent earlier than the maximum lead, the end of the
 * window finds everything sent, and the packets of the window can be brought
 * to a multiple of 16.  Then it may follow and precede any other proven
 * piece of its profile.  The argument is in playout/README.md.
 */
#ifndef PLAYOUT_PROOF_H
#define PLAYOUT_PROOF_H

#include "playout/asset_index.h"
#include "playout/station.h"

#include <stdint.h>

enum proof_verdict {
    PROOF_HOLDS,
    PROOF_LATE,      /* head: an access unit would not be complete at its DTS */
    PROOF_TAIL,      /* tail: the window ends before the last byte is sent */
    PROOF_BUFFER,    /* an elementary buffer would overflow */
    PROOF_BAD_POINT, /* in-point is no IDR, or the end cuts the reordering of pictures */
    PROOF_TOO_SHORT, /* less than EVENT_MIN_FRAMES, or beyond the asset */
};

struct proof_result {
    enum proof_verdict verdict;
    bool is_video;     /* of which stream the verdict speaks */
    int64_t au;        /* the first access unit that fails, from the piece's start */
    int64_t margin_us; /* smallest time to spare before a DTS or the window's end */
};

/*
 * Proves frames [in_point, in_point + frames) of an asset as one item.
 * Always fills *result; returns 0 when it holds, -EDOM when not.
 * Pure; linear in the number of access units.
 */
int proof_check(const struct profile *profile, const struct asset_index *index, int64_t in_point,
                int64_t frames, struct proof_result *result);

/* A sentence for people, translated. */
const char *proof_verdict_text(enum proof_verdict verdict);

#endif
