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

/* Lessons of the term that the week puts nothing in the place of. */
struct emptied {
    size_t count;
    const char *period; /* of the first */
    int day;
};

static bool has_lesson(const struct import *import, size_t period, int day)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        const struct import_entry *entry = &import->entries[i];
        if (entry->period == period && entry->day == day &&
            (entry->weeks >> (unsigned)import->week & 1) != 0) {
            return true;
        }
    }
    return false;
}

static void count_emptied(const struct import *import, size_t period,
                          const struct timetable *timetable, size_t there, struct emptied *emptied)
{
    const struct grid_layer *term = timetable->layer_count > 0 ? &timetable->layers[0] : NULL;
    for (int day = 0; term != NULL && term->is_term && day < IMPORT_DAYS; day++) {
        const bool is_named = (import->days >> day & 1) != 0;
        if (is_named && !has_lesson(import, period, day) &&
            term->cells[there * DAYS_PER_WEEK + (size_t)day].kind == CELL_LESSON) {
            emptied->period =
                emptied->count == 0 ? timetable->periods[there].name : emptied->period;
            emptied->day = emptied->count == 0 ? day : emptied->day;
            emptied->count++;
        }
    }
}

static void tell_emptied(struct import *import, const struct emptied *emptied)
{
    if (emptied->count > 0) {
        import_report(import, PROBLEM_WARNING, NULL,
                      ngettext("%zu lesson of the channel's timetable does not air in week %d, for "
                               "its cell is empty here: %s, %s; if it is to air, write it there",
                               "%zu lessons of the channel's timetable do not air in week %d, for "
                               "their cells are empty here (the first: %s, %s); write those that "
                               "are to air",
                               emptied->count),
                      emptied->count, import->week, import_day_name(emptied->day), emptied->period);
    }
}

static int match(struct import *import, size_t index, const struct timetable *timetable,
                 bool *taken, struct emptied *emptied)
{
    struct import_period *period = &import->periods[index];
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
    count_emptied(import, index, timetable, (size_t)found, emptied);
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
    struct emptied emptied = {0};
    int result = taken != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < import->period_count && result == 0; i++) {
        result = match(import, i, timetable, taken, &emptied);
    }
    tell_emptied(import, &emptied);
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
