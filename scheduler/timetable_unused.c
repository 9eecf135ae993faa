/* SPDX-License-Identifier: MIT */
/* timetable_unused: lessons and periods that no day of the terms has. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

/* True when a grid, of the term or of some weeks, has a row for the period. */
static bool has_row(const struct timetable *timetable, size_t period)
{
    for (size_t i = 0; i < timetable->layer_count; i++) {
        for (size_t day = 0; day < DAYS_PER_WEEK; day++) {
            if (timetable->layers[i].cells[period * DAYS_PER_WEEK + day].kind != CELL_ABSENT) {
                return true;
            }
        }
    }
    return false;
}

static bool has_rows(const struct timetable *timetable)
{
    size_t period = 0;
    while (period < timetable->period_count && !has_row(timetable, period)) {
        period++;
    }
    return period < timetable->period_count;
}

static void warn_of_lessons(const struct timetable *timetable, const bool *is_used,
                            struct problems *problems)
{
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        if (!is_used[i]) {
            timetable_warn(timetable, problems, "unused-lesson", &timetable->lessons[i].place,
                           _("lesson '%s' has no place in the grid"),
                           timetable->lessons[i].house_number);
        }
    }
}

static void warn_of_periods(const struct timetable *timetable, const bool *is_used,
                            struct problems *problems)
{
    for (size_t i = 0; i < timetable->period_count; i++) {
        if (!is_used[i]) {
            timetable_warn(timetable, problems, "unused-period", &timetable->periods[i].place,
                           has_row(timetable, i)
                               ? _("period '%s' has no lesson on any day")
                               : _("period '%s' has no row in 'grid': nothing of it airs; write "
                                   "its row, or take the period out"),
                           timetable->periods[i].name);
        }
    }
}

static bool is_any(const bool *flags, size_t count)
{
    size_t index = 0;
    while (index < count && !flags[index]) {
        index++;
    }
    return index < count;
}

void timetable_warn_of_unused(const struct timetable *timetable, const bool *lessons,
                              const bool *periods, struct problems *problems)
{
    if (!has_rows(timetable) && !is_any(lessons, timetable->lesson_count)) {
        timetable_warn(timetable, problems, "unused-period", NULL,
                       _("there is no row in 'grid': no lesson airs; write one for each period, as "
                         "%s: [KT-01, KT-02, ~]"),
                       timetable->period_count > 0 ? timetable->periods[0].name : "");
        return;
    }
    warn_of_lessons(timetable, lessons, problems);
    warn_of_periods(timetable, periods, problems);
}
