/* SPDX-License-Identifier: MIT */
/*
 * lint: what a school would object to, although it could be aired.
 *
 * Warnings of the domain, over all days of the terms (two weeks where there
 * are none), each with a name that `accept` switches off:
 *
 *     grade-load           too many lessons, or too long, for a grade in a day
 *     grade-gap            too little time between two lessons of a grade
 *     eye-exercises        a day of lessons without eye exercises
 *     unit-order           a lesson before the one that it follows in its unit
 *     repeat-before-first  a rotation airs a lesson before its first run
 *     grade-clash          a grade on two channels of a district at once
 *     teacher-clash        a teacher in two lessons at once
 *
 * Each is told once for a channel and a grade, with its first day and how
 * many there are.  They never forbid anything.
 */
#ifndef SCHEDULER_LINT_H
#define SCHEDULER_LINT_H

#include "scheduler/timetable.h"

/* Channels of one station; NULL entries are passed over. */
void lint(const struct timetable *const *timetables, size_t count, struct problems *problems);

#endif
