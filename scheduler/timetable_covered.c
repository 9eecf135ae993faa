/* SPDX-License-Identifier: MIT */
/*
 * timetable_covered: one-off changes at a time of their own that lie over a
 * part of a lesson.  The highest layer wins, and a lesson airs whole or not at
 * all: a notice of a minute takes forty away, which few mean.  One that lies
 * over all of a lesson's time was put in its place.
 */
#include "scheduler/day.h"
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

static void warn_of_slot(const struct timetable *timetable, const struct change *change,
                         const struct day_slot *slot, struct problems *problems)
{
    char date[WHEN_TEXT_SIZE];
    char clocks[4][WHEN_TEXT_SIZE];
    const bool is_partly = slot->start < change->end && change->start < slot->end &&
                           (slot->start < change->start || change->end < slot->end);
    if (slot->kind != SLOT_LESSON || !is_partly) {
        return;
    }
    when_date_text(change->date, date);
    when_clock_text(change->start, clocks[0]);
    timetable_warn(timetable, problems, "change-covers-lesson", &change->place,
                   _("this change of %s, %s-%s, takes the whole of '%s', %s-%s, away: lesson '%s' "
                     "does not air, and nothing is planned for the rest of its time; to air a "
                     "notice within the lesson, take this line out and order it: ketang insert %s "
                     "%s --at \"%s %s\" --reason TEXT"),
                   date, clocks[0], when_clock_text(change->end, clocks[1]), slot->name,
                   when_clock_text(slot->start, clocks[2]), when_clock_text(slot->end, clocks[3]),
                   slot->lesson->house_number, timetable->channel,
                   change->lesson != NULL ? change->lesson->house_number : "HOUSE_NUMBER", date,
                   clocks[0]);
}

void timetable_warn_of_covered(const struct timetable *timetable, struct problems *problems)
{
    for (size_t i = 0; i < timetable->change_count; i++) {
        const struct change *change = &timetable->changes[i];
        struct day day = {0};
        if (change->kind == CHANGE_SPAN &&
            day_resolve_below(timetable, change->date, i, &day) == 0) {
            for (size_t k = 0; k < day.count; k++) {
                warn_of_slot(timetable, change, &day.slots[k], problems);
            }
        }
        day_finish(&day);
    }
}
