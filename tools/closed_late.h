/* SPDX-License-Identifier: MIT */
/*
 * closed_late: what the files say of a closed day now, and its list, which was
 * closed before, does not.
 */
#ifndef TOOLS_CLOSED_LATE_H
#define TOOLS_CLOSED_LATE_H

#include "playout/problems.h"
#include "scheduler/frozen_days.h"

/*
 * Warns of the first slot that a channel's timetable (NULL: it has none) has otherwise than the
 * list of the day, or that another day's timetable is meant to run; where the slots are the same,
 * of what fills them, of titles and of fillers; and of lessons that air a second time, on a day
 * that the files move them to.
 */
void closed_late_warn(const char *channel, const struct frozen_days *days, size_t index,
                      const struct timetable *timetable, struct problems *problems);

#endif
