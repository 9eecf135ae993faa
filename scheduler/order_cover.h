/* SPDX-License-Identifier: MIT */
/*
 * order_cover: what a plan has of an order, and which later one lies over it.
 *
 * An order's events have its number, until a later one moves them.  Once no event that a plan has
 * reaches back to an order, what was found before is kept in the plan (covered_by): times alone do
 * not tell what was covered from what was put off, and aired later.
 *
 * Pure functions.
 */
#ifndef SCHEDULER_ORDER_COVER_H
#define SCHEDULER_ORDER_COVER_H

#include "playout/plan.h"
#include "scheduler/order.h"

#include <stdbool.h>
#include <stdint.h>

bool order_is_kind(const struct plan_amendment *order, enum order_kind kind);

/* The first and the last event that the plan has of one of its orders; NULL: it has none. */
void order_find_own(const struct plan *plan, const struct plan_amendment *order,
                    const struct plan_event *own[2]);

/*
 * The first later order that lies over all that is left of this one at `now`, or else that airs in
 * its place; 0: none does.  A skip ends the order that it begins in: that is no cover; but it may
 * leave no room for one to come.
 */
int64_t order_find_cover(const struct plan *plan, const struct plan_amendment *order,
                         bool has_aired, int64_t now);

/*
 * Adds what the plan before has aired of the orders up to where the new one takes over: no later
 * revision has those events.
 */
void order_note_aired(struct plan *plan, const struct plan *before);

/* Brings covered_by of all orders up to date that begin where the plan has events, or later. */
void order_note_covers(struct plan *plan);

#endif
