/* SPDX-License-Identifier: MIT */
/*
 * rehearse_planning: asks the planner as the scheduler's daemon does, on the
 * clock of a rehearsal.
 *
 * At once when something has changed, and again, with growing delays, when
 * the engine has refused a revision or does not take it.  What the daemon
 * hears over the control socket, it hears from the channels.
 *
 * In any case plans are reviewed, every six hours instead of every ten
 * minutes: while nothing has changed a review finds only that the plan should
 * reach further, a day before it ends eight days ahead.
 *
 * Thread: one.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_PLANNING_H
#define SCHEDULER_REHEARSE_REHEARSE_PLANNING_H

#include "playout/engine_still.h"
#include "scheduler/planner.h"
#include "scheduler/rehearse/rehearse_notes.h"

struct rehearse_planning;

/*
 * Reads timetables, media and what has been signed; `only` (NULL: all) is the
 * channel that is planned.  Borrows station, zone and notes.  0 or -errno with
 * the cause in *problems; mistakes in timetables, too, are told there.
 */
int rehearse_planning_create(const struct station *station, const char *only, int64_t now_ms,
                             struct rehearse_notes *notes, struct rehearse_planning **planning,
                             struct problems *problems);
void rehearse_planning_destroy(struct rehearse_planning *planning); /* accepts NULL */

/* Every ten minutes, as the daemon does. */
void rehearse_planning_review_often(struct rehearse_planning *planning);

struct planner *rehearse_planning_planner(struct rehearse_planning *planning);

/* Timetables or media have changed: reads them again.  0 or -errno. */
int rehearse_planning_reread(struct rehearse_planning *planning, struct problems *problems);

/* A turn of the daemon.  `engine` may be NULL: it is not there yet.  0 or -errno. */
int rehearse_planning_turn(struct rehearse_planning *planning, struct engine_still *engine,
                           const struct moment *now);

/* An operator's order.  As planner_order(). */
int rehearse_planning_order(struct rehearse_planning *planning, const struct service *service,
                            int64_t now_ms, const struct order_request *request,
                            struct planner_outcome *outcome);

/* A revision of the channel is written, or is to be, and the engine has not adopted it yet. */
bool rehearse_planning_is_pending(const struct rehearse_planning *planning,
                                  const struct service *service);

/* When to turn at the latest. */
int64_t rehearse_planning_wake_ms(const struct rehearse_planning *planning);

#endif
