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

#endif
