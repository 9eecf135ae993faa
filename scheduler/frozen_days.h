/* SPDX-License-Identifier: MIT */
/*
 * frozen_days: days of a channel whose list is closed (定稿).  Each goes on
 * being made from the timetable as it was then.
 */
#ifndef SCHEDULER_FROZEN_DAYS_H
#define SCHEDULER_FROZEN_DAYS_H

#include "scheduler/timetable.h"

#include <stddef.h>
#include <stdint.h>

struct frozen_day {
    int64_t date;
    struct timetable *timetable;
    int64_t closed_ms; /* when, and by whom; 0 and "" where that is not known */
    char *author;
};

struct frozen_days {
    struct frozen_day *items; /* in order of date */
    size_t count;
};

/* The day when it is frozen, or NULL.  Accepts no days. */
static inline const struct frozen_day *frozen_days_at(const struct frozen_days *days, int64_t date)
{
    for (size_t i = 0; days != NULL && i < days->count; i++) {
        if (days->items[i].date == date) {
            return &days->items[i];
        }
    }
    return NULL;
}

/* Its timetable, or NULL. */
static inline const struct timetable *frozen_days_find(const struct frozen_days *days, int64_t date)
{
    const struct frozen_day *day = frozen_days_at(days, date);
    return day != NULL ? day->timetable : NULL;
}

#endif
