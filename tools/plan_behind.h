/* SPDX-License-Identifier: MIT */
/*
 * plan_behind: whether a plan still has what a timetable had before a change.
 *
 * Lessons alone are compared: repeats move with the lengths of media.
 */
#ifndef TOOLS_PLAN_BEHIND_H
#define TOOLS_PLAN_BEHIND_H

#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/planner.h"

#include <stdbool.h>

/*
 * True when the plan's event, on the air at `frame`, has another lesson than
 * the timetable that the planner has read, or one of the two has none.  Not
 * compared is what an order put there, and where lessons move back (ripple).
 */
bool plan_behind(const struct planner *planner, const char *channel, const struct zone *zone,
                 const struct plan_event *event, int64_t frame);

#endif
