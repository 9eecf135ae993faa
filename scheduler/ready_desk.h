/* SPDX-License-Identifier: MIT */
/*
 * ready_desk: the scheduler's own eye on the readiness board: a line in the
 * log an hour before a lesson that is not ready, and one when what airs
 * instead is decided; and what `status` says of the coming hour.
 *
 *     warning event=lesson_missing channel=zhangdian time=2026-11-30T08:00:00+0800
 *             house_number=KT-42 state=missing text="..."
 *     warning event=substitute_decided channel=.. time=.. house_number=.. state=..
 *             airs=KT-07 text="..."                  airs="" are fillers, or the slate
 *
 * Thread: one.
 */
#ifndef SCHEDULER_READY_DESK_H
#define SCHEDULER_READY_DESK_H

#include "playout/log.h"
#include "scheduler/planner.h"

#include <jansson.h>

enum { READY_DESK_LISTED = 20 };

struct ready_desk;

/* Borrows all of them.  NULL: out of memory. */
struct ready_desk *ready_desk_create(const struct station *station, const struct zone *zone,
                                     const struct planner *planner, struct log *log);
void ready_desk_destroy(struct ready_desk *desk); /* accepts NULL */

/* What the planner has read changed. */
void ready_desk_invalidate(struct ready_desk *desk);

/* Logs what is due.  Where there is nothing, it costs nothing. */
void ready_desk_turn(struct ready_desk *desk, int64_t now_ms);

/*
 * {"count":N,"lessons":[..]}: the slots of a channel (NULL: of all) that are on air
 * or begin within the hour and are not ready, the first READY_DESK_LISTED of them
 * as ready_json() has them; what airs over and over counts once.  null while nobody
 * has looked.  NULL: out of memory.
 */
json_t *ready_desk_tell(const struct ready_desk *desk, const char *channel, int64_t now_ms);

/*
 * {"date":"2026-11-27","closed":["zhangdian"],"open":[..],"overdue":false}: the
 * channels whose list of tomorrow is closed, and not; overdue once the hour
 * at which lists are closed is past.  NULL: out of memory.
 */
json_t *ready_desk_lists(const struct ready_desk *desk, int64_t now_ms);

#endif
