/* SPDX-License-Identifier: MIT */
/*
 * plan_proof: may every piece of a plan go on air?
 *
 * Whole assets were proven at ingest.  A plan may also start one at a later
 * point, end it early or loop it; such pieces are proven here, from the
 * index, when the plan is loaded.  Assets that are not there yet are no
 * objection: what is missing when its time comes is replaced.
 *
 * Thread: the control thread; reads files.
 */
#ifndef PLAYOUT_PLAN_PROOF_H
#define PLAYOUT_PLAN_PROOF_H

#include "playout/problems.h"
#include "playout/station.h"
#include "playout/timeline.h"

#include <stdint.h>

enum { PLAN_PROOF_MEMO = 1024 };

/* What all pieces are held against, and which were found legal already. */
struct plan_proof {
    const char *media; /* folder; borrowed, as the others */
    const struct profile *profile;
    const struct asset_index_header *slate; /* whose parameter sets all must have */
    uint64_t legal[PLAN_PROOF_MEMO];        /* by their hash */
};

/* Nothing to finish. */
void plan_proof_init(struct plan_proof *proof, const char *media, const struct profile *profile,
                     const struct asset_index_header *slate);

/*
 * Checks one piece: 0, -ENOENT when its asset is not there, or -EDOM with the
 * reason as a translated sentence in `reason`.
 */
enum { PLAN_PROOF_REASON_SIZE = 256 };
int plan_proof_piece(struct plan_proof *proof, const struct piece *piece,
                     char reason[PLAN_PROOF_REASON_SIZE]);

/* Checks all pieces that begin in [from, until): 0, or -EDOM with the first reason. */
int plan_proof_stretch(struct plan_proof *proof, const struct timeline *timeline, int64_t from,
                       int64_t until, char reason[PLAN_PROOF_REASON_SIZE]);

/*
 * Checks all events of the timeline's plan that end after `from`, also that
 * they start and end on the join grid of the profile.  Problems
 * name the plan's file `path` and the event.  0 or -EDOM.
 */
int plan_proof_check(struct plan_proof *proof, const struct timeline *timeline, int64_t from,
                     const char *path, struct problems *problems);

#endif
