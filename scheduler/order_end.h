/* SPDX-License-Identifier: MIT */
/* order_end: where a programme ends, for the orders that end it, or wait for that.  Pure. */
#ifndef SCHEDULER_ORDER_END_H
#define SCHEDULER_ORDER_END_H

#include "playout/plan.h"
#include "scheduler/revise.h"

/* Where the event ends; of a lesson that is repeated, the last round before something else. */
int64_t order_round_end(const struct plan *plan, const struct plan_event *event);

/*
 * Where the programme of `present` ends, which is on air when the plan, the revision made of the
 * input, may change: insertions that are to come interrupt it, and are no end.  One that takes its
 * end goes before what is to follow it.  0 or -ENOMEM.
 */
int order_find_end(const struct revise_input *input, const struct plan *plan,
                   const struct plan_event *present, int64_t *end);

#endif
