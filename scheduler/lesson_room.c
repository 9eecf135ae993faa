/* SPDX-License-Identifier: MIT */
#include "scheduler/lesson_room.h"

int lesson_room(const struct timetable *timetable, const struct lesson *lesson,
                const struct period **where)
{
    int shortest = 0;
    for (size_t i = 0; i < timetable->layer_count; i++) {
        for (size_t k = 0; k < timetable->period_count * DAYS_PER_WEEK; k++) {
            const struct period *period = &timetable->periods[k / DAYS_PER_WEEK];
            const int room = period->end - period->start;
            if (timetable->layers[i].cells[k].lesson == lesson &&
                period->fit.overrun != OVERRUN_RIPPLE && (shortest == 0 || room < shortest)) {
                shortest = room;
                *where = period;
            }
        }
    }
    return shortest;
}
