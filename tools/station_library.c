/* SPDX-License-Identifier: MIT */
#include "tools/station_library.h"

#include "playout/intl.h"

#include <stdio.h>
#include <string.h>

int station_library_open(const char *command, const struct station *station,
                         struct planner **planner)
{
    struct planner *fresh = NULL;
    struct problems problems;
    problems_init(&problems);
    int result = planner_create(station, &fresh);
    if (result == 0) {
        result = planner_read_media(fresh, &problems);
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    } else if (result < 0) {
        fprintf(stderr, _("%s: %s.\n"), command, strerror(-result));
    }
    problems_finish(&problems);
    if (result < 0) {
        planner_destroy(fresh);
        return result;
    }
    *planner = fresh;
    return 0;
}
