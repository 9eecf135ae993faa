/* SPDX-License-Identifier: MIT */
/*
 * revise: the next revision of a plan, legal while the channel is on air.
 *
 * Boundaries between events that are nearer than `earliest` have been
 * decided by packets already made: they stay.  So a revision is what is in
 * force up to a cut c >= earliest, and from there what was freshly compiled:
 *
 *     base    |-- lesson A --|-- lesson B --|-- lesson C --|
 *     fresh   |-- lesson A --|-- lesson D ------|- lesson E -|
 *                        now ^   earliest ^
 *     result  |-- lesson A --|-- lesson B --|-D-|- lesson E -|
 *
 * A running lesson is left to its end, unless an operator orders the slate;
 * fillers and slate make way at once.  What comes then is joined in
 * progress; where that is not legal at the end of what was on air, a piece of
 * slate fills between.  All cuts are the first legal ones (cutter.h); what is
 * cut says where, and how long after the first frame that was allowed.
 *
 * Operators' orders (amendments) lie over the compiled events, and are
 * carried from revision to revision until they are over.
 *
 * Pure functions: frames are arguments.
 */
#ifndef SCHEDULER_REVISE_H
#define SCHEDULER_REVISE_H

#include "playout/plan.h"
#include "playout/station.h"
#include "scheduler/cutter.h"

struct revise_input {
    const struct plan *base;                 /* what is in force; NULL: the slate, from ever */
    const struct plan *fresh;                /* compiled, from `effective` on at the latest */
    const struct plan_amendment *amendments; /* standing orders */
    size_t amendment_count;
    int64_t effective; /* the frame from which the engine will read the revision */
    int64_t earliest;  /* no boundary before it may change */
    int64_t revision;
    int64_t next_seq; /* the first number never used */
    const struct cutter *cutter;
};

enum revise_verdict {
    REVISE_SAME,      /* nothing differs from the base */
    REVISE_LONGER,    /* nothing differs, but the fresh plan reaches further */
    REVISE_DIFFERENT, /* the engine must have this revision */
};

/*
 * The first frame at which a boundary may be moved, added or removed by a
 * revision that takes effect at `effective`.
 */
int64_t revise_earliest(int64_t effective, const struct profile *profile);

/* Makes the next revision.  0 or -ENOMEM. */
int revise(const struct revise_input *input, struct plan **plan, enum revise_verdict *verdict);

/* The first frame >= earliest at which `plan`, as revised, may be cut to the slate. */
int64_t revise_slate_frame(const struct plan *plan, int64_t earliest, const struct cutter *cutter);

/*
 * The first frame at which the channel may return from the slate that
 * `order` has put on air; the amendments of *input are the others.  0 and
 * the frame, or -ENOMEM.
 */
int revise_return_frame(const struct revise_input *input, const struct plan_amendment *order,
                        int64_t *frame);

#endif
