/* SPDX-License-Identifier: MIT */
/* planner_failure: why a plan was not made, and what to do, in words. */
#ifndef SCHEDULER_PLANNER_FAILURE_H
#define SCHEDULER_PLANNER_FAILURE_H

#include "playout/station.h"

enum { PLANNER_FAILURE_SIZE = 768 };

/*
 * Of a negative result of planner_update() or planner_order(), without a full
 * stop: "the plan cannot be written in /.../plans/linzi: No space left on
 * device; make room on that disk".  Returns `text`.
 */
const char *planner_failure_text(int result, const struct station *station, const char *channel,
                                 char text[PLANNER_FAILURE_SIZE]);

#endif
