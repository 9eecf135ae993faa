/* SPDX-License-Identifier: MIT */
/*
 * import_taken: what lessons, periods and breaks that stay have besides what a
 * sheet can say.
 *
 * A substitute, a planned length, a fixed start were set by hand in the
 * timetable that is written over; so was the teacher, where the sheet has no
 * column for teachers.  A lesson that keeps its house number, a period and a
 * break that keep their names keep them, too.
 */
#ifndef SCHEDULER_IMPORT_TAKEN_H
#define SCHEDULER_IMPORT_TAKEN_H

#include "scheduler/import/import.h"

/*
 * Sets `more` of all that stays, import->taken and import->untaken, by the
 * timetables of before; after import_number_lessons(), once.  0 or -ENOMEM.
 */
int import_take_keys(struct import *import, const struct import_known *known);

#endif
