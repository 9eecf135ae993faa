/* SPDX-License-Identifier: MIT */
/*
 * import_off: what is of one date alone, and would become so of every week.
 *
 * A sheet may say 12月1日停课 where a lesson stands, or head a column 周六（调休上周一）.
 * No timetable has that: it is told, and where it is written instead.
 */
#ifndef SCHEDULER_IMPORT_OFF_H
#define SCHEDULER_IMPORT_OFF_H

#include "scheduler/import/import_grid.h"

/*
 * The date in a folded text that says that there is no lesson then: 12月1日停课, 停课 12月1日,
 * 荷花 12.1-12.3停课, 荷花(停课 12月1日); one that no calendar has, too.  NULL when it says no such
 * thing: 停课不停学.
 */
const char *import_off_date(const char *text);

/* True when a cell has such a date; told, unless it is another square's. */
bool import_off_tell(const struct import_grid *grid, const struct import_cell *cell,
                     bool is_own_square);

/* 周六(调休上周一), 周六 补周三: the head of a day, folded, says that it runs another's this once.
 */
bool import_off_is_swap(const char *text);

/* Tells of such a head of `day`; with lessons it is an error. */
void import_off_tell_swap(const struct import_grid *grid, const struct import_cell *cell, int day,
                          bool has_lessons);

#endif
