/* SPDX-License-Identifier: MIT */
/*
 * watch: has anything in a folder changed?
 *
 * Compares names, sizes, times and inode numbers, which also works on
 * network file systems, where inotify does not.
 */
#ifndef SCHEDULER_WATCH_H
#define SCHEDULER_WATCH_H

#include <stdint.h>

/*
 * A number that changes when a file of `folder` whose name ends with
 * `suffix` ("": any) appears, goes or is written.  A missing folder is 0.
 */
uint64_t watch_fingerprint(const char *folder, const char *suffix);

/* The same of timetables, and of the calendars beside them. */
uint64_t watch_schedules(const char *folder);

/* The same of one file. */
uint64_t watch_file(const char *path);

/*
 * The same for a folder of many files, cheaply: what appears or goes changes
 * the time of the folder and is seen at the next look; what is written in
 * place when its turn has come, WATCH_AT_A_LOOK entries at each look.
 */
struct watch_folder;

enum { WATCH_AT_A_LOOK = 1000 };

/* Copies `path`; NULL: out of memory. */
struct watch_folder *watch_folder_create(const char *path);
void watch_folder_destroy(struct watch_folder *watch); /* accepts NULL */

/* As watch_fingerprint() with "". */
uint64_t watch_folder_look(struct watch_folder *watch);

#endif
