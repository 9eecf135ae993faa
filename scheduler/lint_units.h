/* SPDX-License-Identifier: MIT */
/*
 * lint_units: do lessons air in the order of their units?
 *
 * A lesson follows the one that its `after` names, or, where it names none,
 * the one whose title has the number before: 退位减法(1), 退位减法(2);
 * 社戏(第1课时), 社戏(第2课时).
 */
#ifndef SCHEDULER_LINT_UNITS_H
#define SCHEDULER_LINT_UNITS_H

#include "scheduler/day.h"

struct units;

struct units *units_create(void);        /* NULL out of memory */
void units_destroy(struct units *units); /* accepts NULL */

/* Takes note of what a day airs; days come in order. */
void units_see(struct units *units, const struct timetable *timetable, const struct day *day);

/* Warns of what came too early. */
void units_tell(const struct units *units, struct problems *problems);

/* Length of the title before "(2)", "（第2课时）", and the number; 0 when there is none. */
int units_number(const char *title, size_t *stem);

#endif
