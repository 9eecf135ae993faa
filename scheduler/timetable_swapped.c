/* SPDX-License-Identifier: MIT */
/*
 * timetable_swapped: one-off changes of a date that another rule has made run
 * another day's timetable since.  They lie over it, and whoever wrote the one
 * may not have known of the other.
 */
#include "scheduler/day.h"
#include "scheduler/timetable_private.h"

#include "playout/intl.h"
#include "playout/zone.h"

static void warn_if_swapped(const struct timetable *timetable, const struct change *change,
                            int64_t date, struct problems *problems)
{
    char dates[2][WHEN_TEXT_SIZE];
    struct day day;
    day_look_up(timetable, date, &day);
    if (day.rule != NULL && day.rule->kind == DATE_RUNS && day.source != date) {
        timetable_warn(
            timetable, problems, "change-on-swapped-day", &change->place,
            _("this change of %s may be older than that day's running the timetable of %s, %s "
              "(%s, line %d): take it out unless it is meant for that"),
            when_date_text(date, dates[0]), when_date_text(day.source, dates[1]),
            when_day_name(civil_weekday(day.source)), day.rule->place.file->name,
            day.rule->place.line);
    }
}

void timetable_warn_of_swapped(const struct timetable *timetable, struct problems *problems)
{
    for (size_t i = 0; i < timetable->change_count; i++) {
        const struct change *change = &timetable->changes[i];
        warn_if_swapped(timetable, change, change->date, problems);
        if (change->kind == CHANGE_SWAP && change->other_date != change->date) {
            warn_if_swapped(timetable, change, change->other_date, problems);
        }
    }
}
