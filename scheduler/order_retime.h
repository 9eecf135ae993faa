/* SPDX-License-Identifier: MIT */
/*
 * order_retime: what becomes of orders whose revision the engine refused.
 *
 * They did not take effect at their time: they get a new one, as early as
 * may be.  A skip or an extension whose programme has ended is undone; what
 * replaces the rest of a slot ends with the slot all the same.
 *
 * Pure.
 */
#ifndef SCHEDULER_ORDER_RETIME_H
#define SCHEDULER_ORDER_RETIME_H

#include "scheduler/revise.h"

/*
 * `orders` are those of the input, to be brought up to date; its base does
 * not have them all.  Orders from frame `refused` on, where the revision
 * would have taken effect, were new in it.  0 or -ENOMEM.
 */
int order_retime(const struct revise_input *input, int64_t refused, struct plan_amendment *orders);

#endif
