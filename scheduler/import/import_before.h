/* SPDX-License-Identifier: MIT */
/*
 * import_before: what stood where a new lesson now stands.
 *
 * A lesson with a new house number waits for a file.  Where it is only the old
 * one with its title corrected, the file and the signatures are the old
 * number's: whoever imports must see which that is.
 */
#ifndef SCHEDULER_IMPORT_BEFORE_H
#define SCHEDULER_IMPORT_BEFORE_H

#include "scheduler/import/import.h"

/*
 * Sets `before` of each lesson with a new number, from the grid of the timetable
 * that is written over; a lesson that stands elsewhere now is none.  0 or -ENOMEM.
 */
int import_find_before(struct import *import, const struct import_known *known);

#endif
