/* SPDX-License-Identifier: MIT */
/*
 * named_numbers: whether a file's house number is one that timetables name: zhangdian-4-1 never
 * airs where ZHANGDIAN-4-1 is planned.
 */
#ifndef SCHEDULER_NAMED_NUMBERS_H
#define SCHEDULER_NAMED_NUMBERS_H

#include "playout/station.h"
#include "scheduler/library.h"

/*
 * The house numbers that the timetables of the station name, in a library without files; none of
 * timetables with mistakes.  The caller destroys it.  NULL: out of memory.
 */
struct library *named_numbers_read(const struct station *station);

/* False: no timetable without mistakes names it.  Accepts no library: true. */
bool named_numbers_has(const struct library *named, const char *house_number);

/* The one that is likely meant; NULL: this one is named, or none is near.  Accepts no library. */
const char *named_numbers_suggest(const struct library *named, const char *house_number);

#endif
