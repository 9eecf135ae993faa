/* SPDX-License-Identifier: MIT */
/*
 * cutter: where the events of a plan may be cut and joined in progress.
 *
 * The index of the asset tells (media_cuts.h).  Where it is not there, as
 * for a lesson still to come, a rule of thumb stands in: a piece of an
 * encode that obeys its VBV can be sent whatever is in it when it is at
 * least so long that
 *
 *     B <= (Rs - R) x length      (DESIGN of playout/README.md, length)
 *
 * and a lesson is cut at GOP boundaries.  The engine proves every piece all
 * the same before it adopts a plan.
 *
 * Fillers and slate loop, and begin anew when they are joined; everything
 * else is joined at the frame that would have been on air.
 */
#ifndef SCHEDULER_CUTTER_H
#define SCHEDULER_CUTTER_H

#include "playout/media_cuts.h"
#include "playout/plan.h"
#include "playout/station.h"
#include "playout/timeline.h"

#include <stdbool.h>

struct cutter {
    const struct profile *profile;
    const struct media_lengths *lengths;
    struct media_cuts *media; /* NULL: the rule of thumb alone */
};

static inline int64_t event_end(const struct plan_event *event)
{
    return event->start + event->duration;
}

/* True for what may be cut at any frame of the join grid, and loops: without asset it is the slate.
 */
static inline bool event_is_cut_anywhere(const struct plan_event *event)
{
    return event->kind == EVENT_FILLER || event->kind == EVENT_SLATE || event->asset[0] == '\0';
}

int64_t cutter_grid_up(const struct profile *profile, int64_t frame);
int64_t cutter_grid_down(const struct profile *profile, int64_t frame);
/* The later of two: frames that follow each other still do.  Slots begin and end there. */
int64_t cutter_grid_nearest(const struct profile *profile, int64_t frame);

/* The length of the rule of thumb, in whole GOPs. */
int64_t cutter_least_piece(const struct profile *profile);

/* True when every piece of the event, as it loops, may be sent. */
bool cutter_is_legal(const struct cutter *cutter, const struct plan_event *event);

/* True when it may end at `frame`, inside of it. */
bool cutter_may_end(const struct cutter *cutter, const struct plan_event *event, int64_t frame);

/* The first frame >= `frame` at which the event may end; its own end when there is none before. */
int64_t cutter_first_end(const struct cutter *cutter, const struct plan_event *event,
                         int64_t frame);

/* The last frame <= `frame` at which it may end; its start when there is none. */
int64_t cutter_last_end(const struct cutter *cutter, const struct plan_event *event, int64_t frame);

/* The first frame >= `frame` at which it may be joined in progress; its end when there is none. */
int64_t cutter_first_entry(const struct cutter *cutter, const struct plan_event *event,
                           int64_t frame);

/* The event as joined at `frame`, inside of it. */
struct plan_event cutter_joined(const struct plan_event *event, int64_t frame);

/* The frame of the asset at which the event's last piece ends. */
int64_t cutter_end_frame(const struct cutter *cutter, const struct plan_event *event);

#endif
