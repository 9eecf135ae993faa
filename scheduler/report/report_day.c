/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_day.h"

#include "playout/station.h"

#include <errno.h>
#include <stdio.h>

int64_t report_day_parse(const char *text)
{
    struct civil civil = {0};
    struct civil again = {0};
    char end = '\0';
    if (sscanf(text, "%4d-%2d-%2d%c", &civil.year, &civil.month, &civil.day, &end) != 3 ||
        civil.year < 1970 || civil.month < 1 || civil.month > 12 || civil.day < 1) {
        return -EINVAL;
    }
    const int64_t number = civil_days(civil.year, civil.month, civil.day);
    civil_date(number, &again);
    return again.month == civil.month && again.day == civil.day ? number : -EINVAL;
}

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
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    return report_day_make(zone, civil_days(civil.year, civil.month, civil.day));
}
