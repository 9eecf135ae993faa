/* SPDX-License-Identifier: MIT */
/*
 * as_run: follows the tape and says what went out, event by event.
 *
 * The tape is walked along its steps up to shortly ahead of the air; where
 * one event ends, its record is handed to a sink, so that it is on disk
 * before the next one starts.  What was off the air or muted is told in
 * spans and ends up in the records that it touches.
 *
 * No clock and no files in here; frames are arguments.  Thread: one.
 */
#ifndef PLAYOUT_AS_RUN_H
#define PLAYOUT_AS_RUN_H

#include "playout/as_run_record.h"
#include "playout/history.h"
#include "playout/journal.h"
#include "playout/zone.h"

#include <stdbool.h>

/* Where records go; returns 0 or -errno.  The record is borrowed for the call. */
struct as_run_sink {
    int (*write)(struct as_run_sink *self, const struct as_run_record *record);
};

struct as_run {
    struct as_run_sink *sink; /* borrowed, as is the zone */
    const struct zone *zone;
    int64_t frontier; /* everything before is walked */
    bool has_current;
    struct as_run_record current; /* its reason: what the plan does not say */
    char *planned_reason;         /* the plan's own, by the last revision that aired it */
    struct frame_spans off_air;
    struct frame_spans muted;
    struct frame_span slated; /* the slate, whatever is planned; may be empty */
};

/* Starts at `frontier`. */
void as_run_init(struct as_run *as_run, struct as_run_sink *sink, const struct zone *zone,
                 int64_t frontier);
/* Hands out no record: what is under way is not over. */
void as_run_finish(struct as_run *as_run); /* accepts a zeroed one */

/* Spans of silence; in rising order, not before what is recorded already. */
int as_run_off_air(struct as_run *as_run, int64_t from, int64_t to);
int as_run_muted(struct as_run *as_run, int64_t from, int64_t to);

/*
 * The slate was sent in [from, to) while it was not known what time it was: that
 * is taken out of the last span off the air, as far as it lies in there.
 */
int as_run_slated(struct as_run *as_run, int64_t from, int64_t to);

/*
 * Walks on to `until` (nothing may change before that frame any more).  The
 * journal gives the reasons of substitutions.  0, or the first error of the
 * sink or -ENOMEM; the walk goes on all the same.
 */
int as_run_advance(struct as_run *as_run, const struct history *history,
                   const struct journal *journal, int64_t until);

/*
 * The air ends at `frame`.  An event goes on when the engine does; the slate of no plan has nobody
 * else to tell of it, and is handed out.  0, or the error of the sink or -ENOMEM.
 */
int as_run_stop(struct as_run *as_run, int64_t frame);

/*
 * Where a restarted engine begins: what it finds on disk tells `recorded`,
 * the end of the last record, and `aired`, the first frame not sent (-1:
 * nothing known); `now` is the first frame it sends.  Everything between goes
 * off the air.
 */
struct as_run_start {
    int64_t frontier;
    struct frame_span off_air;      /* may be empty */
    struct frame_span interruption; /* of what is recorded already; may be empty */
};
struct as_run_start as_run_resume(int64_t recorded, int64_t aired, int64_t now,
                                  int64_t event_start);

#endif
