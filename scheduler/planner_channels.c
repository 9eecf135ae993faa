/* SPDX-License-Identifier: MIT */
/* What channels lack. */
#include "scheduler/planner.h"

#include "playout/intl.h"
#include "scheduler/planner_private.h"
#include "scheduler/text_width.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* True when something was planned for the channel, once. */
static bool has_plan(const struct station *station, const char *channel)
{
    char *folder = station_state_path(station, "plans", channel);
    const bool found = folder != NULL && plan_latest_revision(folder) > 0;
    free(folder);
    return found;
}

void planner_check_channels(const struct planner *planner, struct problems *problems)
{
    const struct station *station = planner->station;
    for (size_t i = 0; i < station_service_count(station); i++) {
        const char *name = station_service_at(station, i)->name;
        const struct timetable *timetable = planner_timetable(planner, name);
        if (timetable != NULL && access(timetable->file->path, F_OK) < 0) {
            problems_add(problems, PROBLEM_ERROR, timetable->file->name, 0, 0,
                         _("this file is gone from %s; channel '%s' goes on by what it said, until "
                           "the scheduler starts again: put it back (`ketang backup` has it)"),
                         station->timetables, name);
        } else if (timetable != NULL || planner->channels[i].has_file) {
            continue; /* what is wrong with a file has been said, by line */
        } else if (has_plan(station, name)) {
            problems_add(problems, PROBLEM_ERROR, station->timetables, 0, 0,
                         _("channel '%s' has no timetable here any more: what is planned goes on "
                           "until it ends, then the slate; put its file back (`ketang backup` "
                           "has it)"),
                         name);
        } else {
            problems_add(problems, PROBLEM_WARNING, station->path, 0, 0,
                         _("channel '%s' has no timetable in %s"), name, station->timetables);
        }
    }
}

enum planner_lack planner_lack(const struct planner *planner, const char *channel,
                               char text[PLANNER_LACK_SIZE])
{
    const struct station *station = planner->station;
    const ptrdiff_t index = planner_channel_index(planner, channel);
    text[0] = '\0';
    if (planner_timetable(planner, channel) != NULL) {
        return PLANNER_LACKS_NOTHING;
    }
    if (index >= 0 && planner->channels[index].has_file) {
        const char *fault = planner->channels[index].fault;
        snprintf(text, PLANNER_LACK_SIZE,
                 _("its timetable cannot be read; mend it (`ketang check` names all mistakes): %s"),
                 fault != NULL ? fault : station->timetables);
        (void)text_whole(text);
        return PLANNER_LACKS_GOOD_FILE;
    }
    const bool is_gone = has_plan(station, channel);
    snprintf(text, PLANNER_LACK_SIZE,
             is_gone
                 ? _("its timetable is gone from %s; put its file back (`ketang backup` has it)")
                 : _("it has no timetable in %s; write one, or make one by `ketang import`"),
             station->timetables);
    return is_gone ? PLANNER_LACKS_FILE : PLANNER_NEVER_HAD;
}
