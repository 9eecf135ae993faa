/* SPDX-License-Identifier: MIT */
/*
 * order_when: the time of an order, or of what is asked about, as operators say it.
 *
 *     10:20  下午2时                              today; by night tomorrow's, up to 12 hours ahead
 *     2026-11-27 10:20  2026-11-27T10:20  2026年11月27日10:20
 *     12月1日10:20                                of the year in which it is nearest
 *     下周一 10:20  next Monday 10:20             of the next week, which begins on Monday
 *     today 10:20  tomorrow 10:20  明天10:20  后天 10:20
 *     Friday 10:20  周五 10:20                    the next such day, today perhaps
 *     第三节  明天第三节  Friday 第三节           where that period of the timetable begins
 *     now  现在
 *
 * After a day, up to 30:00 is the small hours that belong to it (when.h).
 */
#ifndef SCHEDULER_ORDER_WHEN_H
#define SCHEDULER_ORDER_WHEN_H

#include "playout/zone.h"
#include "scheduler/frozen_days.h"
#include "scheduler/timetable.h"

#include <stdbool.h>
#include <stdint.h>

/* Where the periods of a channel's days are told; both may be NULL. */
struct order_periods {
    const struct timetable *timetable;
    const struct frozen_days *closed; /* days that keep those of their closing */
};

/*
 * Reads a time as said at `now_ms` (since the epoch); `periods` may be NULL.  0 and the frame;
 * -EINVAL when it is none, -ERANGE when it has gone by (but for "now"), -EDOM: of a day that the
 * calendar has not, as 2月30日.
 */
int order_when_read(const char *text, const struct order_periods *periods, const struct zone *zone,
                    int64_t now_ms, int64_t *frame);

/*
 * Reads the same words where what has gone by may be meant: a time alone is today's, be it over
 * or not.  0 and the frame, -EINVAL or -EDOM.
 */
int order_when_look(const char *text, const struct order_periods *periods, const struct zone *zone,
                    int64_t now_ms, int64_t *frame);

/* True for what can only be meant as a time, be there such a one or not: 明天10:20, 第九节. */
bool order_when_is_like(const char *text);

enum { ORDER_WHEN_TEXT_SIZE = 512 };

/*
 * Writes what is wrong with a time that could not be read, by the error, in a sentence: of a
 * name that is no period of the day said, which periods it has; of a day that is none, which
 * there are.  Returns `complaint`.
 */
const char *order_when_complain(const char *text, const struct order_periods *periods,
                                int64_t today, int error, char complaint[ORDER_WHEN_TEXT_SIZE]);

#endif
