/* SPDX-License-Identifier: MIT */
/*
 * import_history: the house numbers that a timetable, its older copies
 * (import_save.h), the other timetables of its channel and the media folder of
 * the station have given already.
 */
#ifndef TOOLS_IMPORT_HISTORY_H
#define TOOLS_IMPORT_HISTORY_H

#include "scheduler/import/import_known.h"

/*
 * For a timetable that is to be written to `path`; with a channel (not NULL) it
 * is an addition to those that the station has of it.  Where there is no
 * station there is no folder either; a media folder that cannot be read, or is
 * away (station_library.h), is told on the standard error.  0, and the caller
 * finishes *known, or -ENOMEM.
 */
int import_history_load(const char *path, const char *station, const char *channel,
                        struct import_known *known);

#endif
