/* SPDX-License-Identifier: MIT */
/* station_library: the files of a station, for commands that make no plan. */
#ifndef TOOLS_STATION_LIBRARY_H
#define TOOLS_STATION_LIBRARY_H

#include "playout/station.h"
#include "scheduler/planner.h"

/*
 * Reads the media folder as planner_read_media() does, and says what is wrong with it on standard
 * error; `command` is "ketang approve".  The files are planner_library() of *planner, which the
 * caller destroys.  0; or -errno, and *planner is left alone.
 */
int station_library_open(const char *command, const struct station *station,
                         struct planner **planner);

#endif
