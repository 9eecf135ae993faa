/* SPDX-License-Identifier: MIT */
/*
 * approve_airs: where a file whose approval was taken back airs all the same: what is on air ends
 * by itself, and orders air what was approved when they were given.
 */
#ifndef TOOLS_APPROVE_AIRS_H
#define TOOLS_APPROVE_AIRS_H

#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/planner.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Borrows its texts. */
struct approve_airs {
    FILE *out;
    const struct zone *zone;
    const struct station *station;
    const char *sha256; /* of the file */
    const char *run;    /* store_approval.h; of a repeat no more than itself is told, on the air */
    int64_t now_ms;
    bool is_told; /* something has been printed, under a line of what it is; false at first */
};

/* Prints where the file airs by the plan of a channel, each with the command that ends it. */
void approve_airs_tell_plan(struct approve_airs *airs, const struct plan *plan);

/* The same of all channels, by the latest plans. */
void approve_airs_tell(struct approve_airs *airs, const struct planner *planner);

#endif
