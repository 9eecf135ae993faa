/* SPDX-License-Identifier: MIT */
/* planner_ready: the readiness board of what a planner has read. */
#ifndef SCHEDULER_PLANNER_READY_H
#define SCHEDULER_PLANNER_READY_H

#include "scheduler/planner.h"
#include "scheduler/ready.h"

/*
 * Adds what a channel needs in [from_ms, to_ms), as its plans are made.  Rows
 * borrow the station's name of the channel.  0, also without a timetable, or
 * -errno.
 */
int planner_ready(const struct planner *planner, const struct service *service, int64_t from_ms,
                  int64_t to_ms, struct ready_board *board);

/*
 * The same, but what operators have replaced in the latest plan is marked, and
 * over what an order lies at from_ms.
 */
int planner_ready_ordered(const struct planner *planner, const struct service *service,
                          int64_t from_ms, int64_t to_ms, struct ready_board *board);

#endif
