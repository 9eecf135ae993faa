/* SPDX-License-Identifier: MIT */
/*
 * import_match: one imported week against the timetable of its channel.
 *
 * An addition has lessons alone: its periods, with their times, are those of
 * the timetable.  What the sheet says otherwise would be lost, so it is told.
 */
#ifndef SCHEDULER_IMPORT_MATCH_H
#define SCHEDULER_IMPORT_MATCH_H

#include "scheduler/import/import.h"
#include "scheduler/timetable.h"

/*
 * Adds an error when the timetable's calendar has no such week, import->week:
 * the addition would be refused, and with it the channel's timetable.
 */
void import_match_week(struct import *import, const struct timetable *timetable);

/*
 * Gives every period the name that it has in the timetable: that of the same
 * name or number, else that of the same times.  Adds an error for each that
 * is not there, or is on at other times, and a warning with how many lessons of
 * the term are off, as their cells are empty; one whose times the sheet does not
 * say gets those of the timetable.  0 or -ENOMEM.
 */
int import_match_periods(struct import *import, const struct timetable *timetable);

/* Adds a warning when the sheet has breaks, repeats or relays. */
void import_match_rules(struct import *import);

#endif
