/* SPDX-License-Identifier: MIT */
/*
 * report_day: the days that are reported, civil days in the station's zone.
 *
 * A day lasts from midnight to midnight, 23 to 25 hours where clocks change.
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_DAY_H
#define SCHEDULER_REPORT_REPORT_DAY_H

#include "playout/zone.h"

#include <stdint.h>

enum { REPORT_DATE_SIZE = 11 }; /* 2026-11-23 */

struct report_day {
    int64_t number; /* days since 1970-01-01 */
    char date[REPORT_DATE_SIZE];
    int64_t from; /* frames */
    int64_t to;
};

/* The day of a number, and the one of a frame. */
struct report_day report_day_make(const struct zone *zone, int64_t number);
struct report_day report_day_at(const struct zone *zone, int64_t frame);

#endif
