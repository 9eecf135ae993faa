/* SPDX-License-Identifier: MIT */
/*
 * order_when: the time of an order, as operators say it.
 *
 *     10:20  下午2时                              the next time that it is so late
 *     2026-11-27 10:20  2026-11-27T10:20  2026年11月27日10:20
 *     12月1日10:20                                of the year in which it is nearest
 *     下周一 10:20  next Monday 10:20             of the next week, which begins on Monday
 *     today 10:20  tomorrow 10:20  明天10:20  后天 10:20
 *     Friday 10:20  周五 10:20                    the next such day, today perhaps
 *     第三节  明天第三节  Friday 第三节           where that period of the timetable begins
 *
 * After a day, up to 30:00 is the small hours that belong to it (when.h).
 */
#ifndef SCHEDULER_ORDER_WHEN_H
#define SCHEDULER_ORDER_WHEN_H

#include "playout/zone.h"
#include "scheduler/timetable.h"

#include <stdint.h>

/*
 * Reads a time as said at `now_ms` (since the epoch); the timetable, which
 * tells the periods, may be NULL.  0 and the frame;
 * -EINVAL when it is none, -ERANGE when it has gone by, -EDOM: of a day that the
 * calendar has not, as 2月30日.
 */
int order_when_read(const char *text, const struct timetable *timetable, const struct zone *zone,
                    int64_t now_ms, int64_t *frame);

#endif
