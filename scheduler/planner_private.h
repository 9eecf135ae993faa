/* SPDX-License-Identifier: MIT */
/* planner_private: what planner*.c share. */
#ifndef SCHEDULER_PLANNER_PRIVATE_H
#define SCHEDULER_PLANNER_PRIVATE_H

#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/planner.h"

struct planned_channel {
    struct timetable *timetable; /* the last good one; NULL: there never was one */
    char *path;                  /* where it was read */
};

struct planner {
    const struct station *station;
    struct zone *zone;
    struct library *library;
    struct planned_channel *channels; /* as station->transports */
};

/* Index of a channel in the station, or -1. */
ptrdiff_t planner_channel_index(const struct planner *planner, const char *name);

#endif
