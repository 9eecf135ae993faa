/* SPDX-License-Identifier: MIT */
/* check_store: what `ketang check` says of the store, and of what was signed and closed in it. */
#ifndef TOOLS_CHECK_STORE_H
#define TOOLS_CHECK_STORE_H

#include "playout/problems.h"
#include "scheduler/planner.h"

/*
 * Prints which days are closed, after the planner has read timetables and library.  Of the whole
 * station (`is_whole`, not of some timetables alone) adds what is wrong with the store, too, and
 * how many lessons of the next two days do not air because they are not signed.
 */
void check_store(const struct station *station, struct planner *planner, bool is_whole,
                 struct problems *problems);

#endif
