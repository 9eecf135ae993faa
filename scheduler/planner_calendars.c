/* SPDX-License-Identifier: MIT */
/* planner_calendars: calendars that lie beside the timetables and hold for none of them. */
#include "scheduler/planner.h"

#include "playout/intl.h"
#include "scheduler/calendar.h"
#include "scheduler/planner_private.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* True when a timetable that was read names the calendar. */
static bool is_named(const struct planner *planner, const char *calendar)
{
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        const struct timetable *timetable = planner->channels[i].timetable;
        if (timetable != NULL && timetable->calendar != NULL &&
            strcmp(timetable->calendar->name, calendar) == 0) {
            return true;
        }
    }
    return false;
}

/* The warning is of no channel and told once: who accepts it anywhere has seen it. */
static bool is_accepted(const struct planner *planner, const char *warning)
{
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        const struct timetable *timetable = planner->channels[i].timetable;
        if (timetable != NULL && timetable_accepts(timetable, warning)) {
            return true;
        }
    }
    return false;
}

/* One that nobody names is read all the same: it may be about to be. */
static void check_calendar(const struct planner *planner, const char *file,
                           struct problems *problems)
{
    char *path = NULL;
    char *name = NULL;
    struct calendar *calendar = NULL;
    if (asprintf(&path, "%s/calendars/%s", planner->station->timetables, file) < 0) {
        return;
    }
    if (asprintf(&name, "calendars/%s", file) >= 0 && !is_named(planner, name) &&
        calendar_load(path, name, &calendar, problems) == 0 &&
        !is_accepted(planner, "unused-calendar")) {
        problems_warn(problems, "unused-calendar", path, 0, 0,
                      _("no timetable names this calendar: its holidays and swapped days hold "
                        "nowhere; write 'calendar: %.*s' in the timetables that shall keep it"),
                      (int)(strlen(file) - strlen(".yaml")), file);
    }
    calendar_destroy(calendar);
    free(path);
    free(name);
}

void planner_check_calendars(const struct planner *planner, struct problems *problems)
{
    struct dirent **names = NULL;
    char *folder = NULL;
    if (asprintf(&folder, "%s/calendars", planner->station->timetables) < 0) {
        return;
    }
    const int count = scandir(folder, &names, planner_is_yaml, alphasort); /* there may be none */
    for (int i = 0; i < count; i++) {
        check_calendar(planner, names[i]->d_name, problems);
        free(names[i]);
    }
    free(names);
    free(folder);
}
