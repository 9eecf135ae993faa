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
 * A running lesson is left to its end, unless an operator breaks in, or has
 * done so and nobody carried that on; fillers and slate make way at once.
 * What comes then is joined in progress; where that is not legal at the end of
 * what was on air, a piece of slate fills between.  All cuts are the first
 * legal ones (cutter.h); what is cut says where, and how long after the first
 * frame that was allowed.
 *
 * Operators' orders (amendments, order.h) lie over the compiled events, and
 * are laid over them again in every revision until they are over.  So what is
 * compiled must reach back to the oldest of them.
 *
 * Pure functions: frames are arguments.
 */
#ifndef SCHEDULER_REVISE_H
#define SCHEDULER_REVISE_H

#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/cutter.h"
#include "scheduler/library.h"

struct revise_input {
    const struct plan *base;                 /* what is in force; NULL: the slate, from ever */
    const struct plan *fresh;                /* compiled, from revise_reach() on at the latest */
    const struct plan_amendment *amendments; /* orders, the latest last */
    size_t amendment_count;
    int64_t effective; /* the frame from which the engine will read the revision */
    int64_t earliest;  /* no boundary before it may change */
    int64_t revision;
    int64_t next_seq; /* the first number never used */
    const struct cutter *cutter;
    const struct zone *zone;
    const struct library *library; /* NULL: assets have no house numbers */
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

/* From which frame on a plan must be compiled for a revision with these orders. */
int64_t revise_reach(const struct plan_amendment *amendments, size_t count, int64_t effective);

/* Makes the next revision.  0 or -ENOMEM. */
int revise(const struct revise_input *input, struct plan **plan, enum revise_verdict *verdict);

/* The first frame >= earliest at which what `plan` airs then may be cut. */
int64_t revise_cut_frame(const struct plan *plan, int64_t earliest, const struct cutter *cutter);

/*
 * The first frame at which the break-in `order` can be left, and what lies
 * below be joined in progress; the amendments of *input are the others.  0
 * and the frame, or -ENOMEM.
 */
int revise_return_frame(const struct revise_input *input, const struct plan_amendment *order,
                        int64_t *frame);

/* The same when what was interrupted comes again from its start. */
int64_t revise_restart_frame(const struct revise_input *input, const struct plan_amendment *order);

#endif
