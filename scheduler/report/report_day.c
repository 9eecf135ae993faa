/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_day.h"

#include "playout/station.h"

#include <errno.h>
#include <stdio.h>

struct report_day report_day_make(const struct zone *zone, int64_t number)
{
    struct report_day day = {.number = number};
    struct civil civil = {0};
    civil_date(number, &civil);
    snprintf(day.date, sizeof(day.date), "%04u-%02u-%02u", (unsigned)civil.year % 10000,
             (unsigned)civil.month % 100, (unsigned)civil.day % 100);
    day.from = zone_from_civil(zone, &civil) * FRAMES_PER_SECOND;
    civil.day++;
    day.to = zone_from_civil(zone, &civil) * FRAMES_PER_SECOND;
    return day;
}

struct report_day report_day_at(const struct zone *zone, int64_t frame)
{
    return report_day_make(zone, zone_date(zone, frame / FRAMES_PER_SECOND));
}
