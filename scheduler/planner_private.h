/* SPDX-License-Identifier: MIT */
/* planner_private: what planner*.c share. */
#ifndef SCHEDULER_PLANNER_PRIVATE_H
#define SCHEDULER_PLANNER_PRIVATE_H

#include "playout/media_cuts.h"
#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/planner.h"

struct planned_channel {
    struct timetable *timetable; /* the last good one; NULL: there never was one */
    bool has_file;               /* lately, good or faulty, by its text or its name */
    char *fault;                 /* the first one of its files, lately; NULL: none */
    int64_t planning_ms;         /* how long a revision took lately */
};

struct planner {
    const struct station *station;
    struct zone *zone;
    struct library *library;
    struct media_cuts *media;         /* where assets may be cut */
    struct planned_channel *channels; /* as the station's services */
    struct signoff *signoff;          /* NULL: not known */
    bool has_library;                 /* it has been read once */
    bool is_media_away;               /* planner_read_media() failed */
    bool had_media;                   /* a plan has named some; false: not known yet */
};

/* What may air; NULL: everything. */
const struct clearance *planner_clearance(const struct planner *planner);

struct dirent;

/* For scandir(): the files that people write. */
int planner_is_yaml(const struct dirent *entry);

/* Index of a channel in the station, or -1. */
ptrdiff_t planner_channel_index(const struct planner *planner, const char *name);

#endif
