/* SPDX-License-Identifier: MIT */
/*
 * report_wrong: what an order says was wrong content (错播), by its reason.
 *
 *     slot    |---------------- KT-03 ----------------|
 *     aired   |-- KT-07 --|## notice ##|-- KT-07 --|-- KT-03 --|
 *     wrong   |###########|            |###########|^ replace … now, "错播"
 *
 * Meant is what was on air just before the order: all that this slot had of it, also before
 * another order broke in, and not what aired by that one.  A replacement is one of the slot: where
 * a notice lies over it at that moment, the lesson below was wrong.  The other orders mean what
 * was seen, be that a notice.
 *
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_WRONG_H
#define SCHEDULER_REPORT_REPORT_WRONG_H

#include "scheduler/report/report_compare.h"

/* A stretch that an order says was wrong content. */
struct wrong_stretch {
    struct frame_span span;
    const struct plan_amendment *order;
};

struct wrong_stretches {
    struct wrong_stretch *items;
    size_t count;
};

/* The list, and the programme of each of its spans; -1: none. */
struct report_slots {
    const struct report_layer *list;
    const ptrdiff_t *of_span;
};

/* 0 or -ENOMEM; finished by the caller, also when this fails. */
int wrong_find(const struct compare_input *input, const struct report_slots *slots,
               struct wrong_stretches *wrong);
void wrong_finish(struct wrong_stretches *wrong); /* accepts a zeroed one */

/* The order that says so of `frame`, or NULL; *until is lowered to where that changes. */
const struct plan_amendment *wrong_at(const struct wrong_stretches *wrong, int64_t frame,
                                      int64_t *until);

#endif
