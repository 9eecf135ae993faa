/* SPDX-License-Identifier: MIT */
/*
 * rehearse_folders: where a rehearsal reads and writes.
 *
 *     STATE/                 a folder of its own: plans, journal, as-run, log
 *     STATE/media/           when media shall be missing or late: links to the real files
 *     STATE/timetables/      when a timetable shall change: copies of the real ones
 *
 * The station's own folders are only read.
 *
 * Blocks.  Thread: one.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_FOLDERS_H
#define SCHEDULER_REHEARSE_REHEARSE_FOLDERS_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/rehearse/rehearse_fault.h"

#include <stddef.h>

struct rehearse_folders {
    char *media; /* the real folders */
    char *timetables;
};

/*
 * Makes `state`, which must be empty or missing, and lets the station's
 * folders be those of the rehearsal.  0; -EINVAL or -errno with the cause in
 * *problems.  The caller finishes *folders in any case.
 */
int rehearse_folders_make(struct rehearse_folders *folders, struct station *station,
                          const char *state, const struct rehearse_fault *faults, size_t count,
                          struct problems *problems);
void rehearse_folders_finish(struct rehearse_folders *folders); /* accepts a zeroed one */

/* The files of a house number arrive, as made at `at_ms`.  How many, or -errno. */
int rehearse_folders_arrive(const struct rehearse_folders *folders, const struct station *station,
                            const char *house_number, int64_t at_ms);

/* A file takes the place of the timetable, or calendar, of its name.  0 or -errno. */
int rehearse_folders_replace(const struct station *station, const char *file);

/* Removes a folder with all that is in it; follows no links.  0 or -errno. */
int rehearse_folders_remove(const char *path);

#endif
