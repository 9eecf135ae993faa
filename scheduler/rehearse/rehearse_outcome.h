/* SPDX-License-Identifier: MIT */
/*
 * rehearse_outcome: what aired in a rehearsal, held against the plans.
 *
 * To the frame, from the files that it has left: what aired must be what the
 * plan in force at that frame says, or what the journal put in its place.
 * And day by day against the list of the morning, as reports do it
 * (report_compare.h), which tells what has become of each programme.
 *
 * Two as-run records are compared the same way: the expected and the real.
 *
 * Blocks.  Thread: any.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_OUTCOME_H
#define SCHEDULER_REHEARSE_REHEARSE_OUTCOME_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/rehearse/rehearse_notes.h"
#include "scheduler/report/report_load.h"

#include <stddef.h>
#include <stdint.h>

/* A stretch in which something else aired than was expected. */
struct rehearse_difference {
    const char *channel; /* borrowed from the station */
    int64_t from;        /* frames */
    int64_t to;
    char expected[48]; /* a house number, or the first digits of the asset; "": the slate */
    char aired[48];    /* "-": nothing is recorded */
};

struct rehearse_differences {
    struct rehearse_difference *items;
    size_t count;
    int64_t compared; /* frames of all channels that were held against each other */
};

void rehearse_differences_finish(struct rehearse_differences *differences);

struct rehearse_outcome {
    struct channel_day *days; /* of every channel, one channel behind the other */
    size_t count;
    struct rehearse_differences differences; /* plan in force against as-run */
};

struct rehearse_stretch {
    int64_t from_s;
    int64_t to_s;
    const char *channel; /* NULL: all */
};

/* 0 or -errno with the cause in *problems.  The caller finishes it in any case. */
int rehearse_outcome_load(const struct station *station, const struct zone *zone,
                          const struct rehearse_stretch *stretch, struct rehearse_outcome *outcome,
                          struct problems *problems);
void rehearse_outcome_finish(struct rehearse_outcome *outcome); /* accepts a zeroed one */

/* A problem for each channel that airs the slate because its fillers have no media. */
void rehearse_outcome_note_slate(const struct rehearse_outcome *outcome,
                                 struct rehearse_notes *notes);

/*
 * The as-run of two state folders, where both have one: `expected` of a
 * rehearsal, `real` of the air.
 */
int rehearse_compare(const struct station *station, const struct zone *zone, const char *expected,
                     const struct rehearse_stretch *stretch,
                     struct rehearse_differences *differences, struct problems *problems);

#endif
