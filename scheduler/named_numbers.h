/* SPDX-License-Identifier: MIT */
/*
 * named_numbers: whether a file's house number is one that timetables name: zhangdian-4-1 never
 * airs where ZHANGDIAN-4-1 is planned; and whether they mean the same lesson by it.
 */
#ifndef SCHEDULER_NAMED_NUMBERS_H
#define SCHEDULER_NAMED_NUMBERS_H

#include "playout/station.h"
#include "scheduler/timetable.h"

struct named_numbers;

/*
 * The house numbers that the timetables of the station name; none of timetables with mistakes.
 * Borrows the station.  The caller destroys it.  NULL: out of memory.
 */
struct named_numbers *named_numbers_read(const struct station *station);

void named_numbers_destroy(struct named_numbers *named); /* accepts NULL */

/* False: no timetable without mistakes names it.  Accepts none: true. */
bool named_numbers_has(const struct named_numbers *named, const char *house_number);

/* True when the timetable of service number `n` names it.  Of one with mistakes: false. */
bool named_numbers_on(const struct named_numbers *named, size_t n, const char *house_number);

/*
 * The shortest time in seconds that the timetables of a house format give a lesson of that house
 * number (lesson_room.h); 0: none is known.  Accepts none.
 */
int named_numbers_room(const struct named_numbers *named, const struct profile *profile,
                       const char *house_number);

/* The one that is likely meant; NULL: this one is named, or none is near.  Accepts none. */
const char *named_numbers_suggest(const struct named_numbers *named, const char *house_number);

/*
 * The first lesson of that house number, when no timetable gives it such a title; NULL: one does,
 * or none has it as a lesson.  A title is such a one that says more or less of the lesson's than
 * is written there, grade and subject among it, and blanks, signs and case apart.  Accepts none.
 */
const struct lesson *named_numbers_other_lesson(const struct named_numbers *named,
                                                const char *house_number, const char *title);

/*
 * The house number of the only lesson whose title is said whole, with no more than its grade and
 * subject; NULL: of none, or of several.  Accepts none.
 */
const char *named_numbers_titled(const struct named_numbers *named, const char *title);

#endif
