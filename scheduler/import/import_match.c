/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_match.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NO_PERIOD = -1 };

/* The first that has not been taken by another row, of those that `is_meant` holds for. */
static int find(const struct import_period *wanted, const struct timetable *timetable,
                const bool *taken,
                bool (*is_meant)(const struct import_period *, const struct period *))
{
    for (size_t i = 0; i < timetable->period_count; i++) {
        if (!taken[i] && is_meant(wanted, &timetable->periods[i])) {
            return (int)i;
        }
    }
    return NO_PERIOD;
}

static bool has_name(const struct import_period *wanted, const struct period *period)
{
    return strcmp(wanted->name, period->name) == 0;
}

static bool has_number(const struct import_period *wanted, const struct period *period)
{
    const int number = import_period_number(wanted->name);
    return number > 0 && number == import_period_number(period->name);
}

static bool has_times(const struct import_period *wanted, const struct period *period)
{
    return wanted->has_time && wanted->start == period->start && wanted->end == period->end;
}

static void tell_times(struct import *import, const struct import_period *here,
                       const struct period *there)
{
    char texts[4][IMPORT_CLOCK_TEXT_SIZE];
    import_report(import, PROBLEM_ERROR, import_period_time_place(here),
                  _("%s is %s-%s here, but %s-%s in %s, line %d, and would air then; correct the "
                    "sheet, or the time there"),
                  there->name, import_clock_text(here->start, texts[0]),
                  import_clock_text(here->end, texts[1]), import_clock_text(there->start, texts[2]),
                  import_clock_text(there->end, texts[3]), there->place.file->path,
                  there->place.line);
}

static int match(struct import *import, struct import_period *period,
                 const struct timetable *timetable, bool *taken)
{
    int found = find(period, timetable, taken, has_name);
    found = found == NO_PERIOD ? find(period, timetable, taken, has_number) : found;
    found = found == NO_PERIOD ? find(period, timetable, taken, has_times) : found;
    if (found == NO_PERIOD) {
        import_report(import, PROBLEM_ERROR, period->place,
                      _("the timetable of the channel has no period '%s': give it the name of one "
                        "in %s, or add it there"),
                      period->name, timetable->file->path);
        return 0;
    }
    const struct period *there = &timetable->periods[found];
    char *name = strdup(there->name);
    if (name == NULL) {
        return -ENOMEM;
    }
    free(period->name);
    period->name = name;
    taken[found] = true;
    if (period->has_time && !has_times(period, there)) {
        tell_times(import, period, there);
    } else if (!period->has_time) {
        period->has_time = true;
        period->start = there->start;
        period->end = there->end;
    }
    return 0;
}

void import_match_week(struct import *import, const struct timetable *timetable)
{
    const struct calendar *calendar = timetable->calendar;
    bool has_week = false;
    for (size_t i = 0; calendar != NULL && i < calendar->term_count; i++) {
        has_week = has_week || calendar->terms[i].weeks >= import->week;
    }
    if (calendar == NULL) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("the weeks of a term are counted in a calendar, and the channel's "
                        "timetable, %s, names none; write a line such as 'calendar: zibo' into it "
                        "(that is calendars/zibo.yaml beside it), or take the # off that line; "
                        "until then week %d would never air"),
                      timetable->file->path, import->week);
    } else if (!has_week) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("the calendar of %s has no term with a week %d; see its 'terms', or "
                        "correct --week"),
                      timetable->file->path, import->week);
    }
}

int import_match_periods(struct import *import, const struct timetable *timetable)
{
    bool *taken = calloc(timetable->period_count + 1, sizeof(*taken));
    int result = taken != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < import->period_count && result == 0; i++) {
        result = match(import, &import->periods[i], timetable, taken);
    }
    free(taken);
    return result;
}

void import_match_rules(struct import *import)
{
    if (import->break_count + import->repeat_count + import->relay_count > 0) {
        import_report(import, PROBLEM_WARNING, NULL,
                      _("one week has lessons alone: the breaks, repeats and relays of this sheet "
                        "are left out, and those of the channel's timetable hold"));
    }
}
