/* SPDX-License-Identifier: MIT */
/*
 * report_plan: what was planned for a stretch of time, and what was in force.
 *
 * The *list* (播出单) of a day is what as-run is held against: at each frame the
 * revision in force then, and for a lesson the one in force when it began.
 *
 *   - A lesson that the timetable moved away before it began is not on it; one
 *     that has begun stays.
 *   - An operator's order (an amendment) is no plan: where one stands, the list
 *     is what the revision before it says.
 *   - Where a revision has nothing, the one before it counts.
 *
 * The *first list* is what the revision in force when the day began says of all
 * of it: what the list has instead, the timetable changed during the day.
 *
 * What was *in force* at a frame is what the journal says: it tells whether
 * something that is not on the list was called for.
 *
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_PLAN_H
#define SCHEDULER_REPORT_REPORT_PLAN_H

#include "playout/journal.h"
#include "scheduler/report/report_layer.h"

/* A revision that held from a frame on. */
struct report_revision {
    int64_t frame;
    int64_t earliest;  /* no boundary before it could change: revise_earliest() */
    struct plan *plan; /* NULL: it is not kept, or broken */
};

/* In rising order of frames. */
struct report_revisions {
    const struct report_revision *items;
    size_t count;
};

/* The first frame at which a revision had something on the air, or could have had. */
int64_t report_plan_begin(const struct report_revision *revision);

/* The list of [from, to).  0 or -ENOMEM; the layer is finished by the caller. */
int report_plan_list(const struct report_revisions *revisions, int64_t from, int64_t to,
                     struct report_layer *layer);

/* The first list of [from, to), as `from` begins. */
int report_plan_first_list(const struct report_revisions *revisions, int64_t from, int64_t to,
                           struct report_layer *layer);

/* What was in force in [from, to). */
int report_plan_force(const struct report_revisions *revisions, int64_t from, int64_t to,
                      struct report_layer *layer);

/* The plan in force at `frame`, or the first one; NULL: it is not kept. */
const struct plan *report_plan_in_force(const struct report_revisions *revisions, int64_t frame);

/* Its event then, or NULL. */
const struct plan_event *report_plan_event_in_force(const struct report_revisions *revisions,
                                                    int64_t frame);

/*
 * The same; where that plan is not kept, the event of the last one before it that is, or else of
 * the first one behind it.
 */
const struct plan_event *report_plan_event_told(const struct report_revisions *revisions,
                                                int64_t frame);

/*
 * True when a plan's last event ends at `frame`, and the next revision came too late to put
 * anything there: from there on nothing was planned, until that one can begin.
 */
bool report_plan_ended_at(const struct report_revisions *revisions, int64_t frame);

/*
 * The order that the event is the item of, whichever moves it since (item_of); where the plan says
 * none, the one that put or moved it; NULL: none is known.
 */
const struct plan_amendment *report_plan_order(const struct plan *plan,
                                               const struct plan_event *event);

/*
 * True when a plan up to `frame` says of an event that it is the order's item: then those of which
 * none says so are not.  Plans of earlier releases never do.
 */
bool report_plan_tells_items(const struct report_revisions *revisions, int64_t order,
                             int64_t frame);

/* What should air: what the event stands in for, or itself; NULL: it has none. */
const char *report_plan_house_number(const struct plan_event *event);

/* True when the plan has the same thing at some part of the event's time. */
bool report_plan_has(const struct plan *plan, const struct plan_event *event);

/*
 * True when the asset was called for in place of the event: it is its own, the
 * slate, a filler of the plan, or a substitute that the journal names.
 */
bool report_plan_allows(const struct plan *plan, const struct plan_event *event,
                        const struct journal *journal, const char *asset);

/* True for the slate, and for a filler of the plan. */
bool report_plan_is_filler(const struct plan *plan, const char *asset);

#endif
