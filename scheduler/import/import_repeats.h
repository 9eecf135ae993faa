/* SPDX-License-Identifier: MIT */
/*
 * import_repeats: cells that are marked 重播, and the first runs that they mean.
 *
 *     语文 荷花 ⏎ 重播          by grade, subject and title, and then the teacher
 *     ZHANGDIAN-1-2 ⏎ 重播      by the house number
 */
#ifndef SCHEDULER_IMPORT_REPEATS_H
#define SCHEDULER_IMPORT_REPEATS_H

#include "scheduler/import/import.h"

/* By what their cells say; those that name a house number wait for the numbers. */
void import_join_repeats(struct import *import);

/*
 * By their house numbers, when the lessons have theirs: of this sheet, or of the
 * known, and then it is a lesson of this timetable, too.  0 or -ENOMEM.
 */
int import_join_numbered_repeats(struct import *import, const struct import_known *known);

/* Tells of those that may repeat several lessons, and the numbers of these. */
void import_tell_unclear_repeats(struct import *import);

#endif
