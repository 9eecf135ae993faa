/* SPDX-License-Identifier: MIT */
/*
 * timetable_files: the texts of all files that a channel's timetable is made
 * of, as they are now: those of the timetables folder whose `channel` it is,
 * and the calendars.
 */
#ifndef SCHEDULER_STORE_TIMETABLE_FILES_H
#define SCHEDULER_STORE_TIMETABLE_FILES_H

#include "playout/problems.h"
#include "scheduler/store/store_freeze.h"

struct timetable_files {
    struct store_file *items;
    size_t count;
    char **texts; /* of their names and contents, 2 x count */
};

/*
 * Reads them.  0; -EINVAL with the cause in *problems when a file of the
 * channel cannot be read as YAML; -ENODATA when there is none; or -errno.
 * What only other channels' files have is left to them.
 */
int timetable_files_read(const char *folder, const char *channel, struct timetable_files *files,
                         struct problems *problems);
void timetable_files_finish(struct timetable_files *files); /* accepts a zeroed one */

#endif
