/* SPDX-License-Identifier: MIT */
/* lesson_room: how much time timetables give a lesson. */
#ifndef SCHEDULER_LESSON_ROOM_H
#define SCHEDULER_LESSON_ROOM_H

#include "scheduler/timetable.h"

/*
 * The length in seconds of the shortest period in which the lesson is cut when
 * it is longer; 0: there is none.  In *where that period.
 */
int lesson_room(const struct timetable *timetable, const struct lesson *lesson,
                const struct period **where);

#endif
