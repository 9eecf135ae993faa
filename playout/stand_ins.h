/* SPDX-License-Identifier: MIT */
/*
 * stand_ins: what a plan airs instead of something else in a stretch of time.
 *
 * A lesson without media may be stood in for by fillers, one after the other,
 * and slate: that is one stand-in, however many events it has.  What an
 * operator ordered in place of a lesson is none.
 *
 * A pure function; any thread.
 */
#ifndef PLAYOUT_STAND_INS_H
#define PLAYOUT_STAND_INS_H

#include "playout/plan.h"

#include <stdint.h>

struct stand_ins {
    int count;                      /* programmes that something stands in for */
    const struct plan_event *first; /* of the plan; NULL: there is none */
};

/* Those that are on air in [from, to), in frames. */
struct stand_ins stand_ins_find(const struct plan *plan, int64_t from, int64_t to);

#endif
