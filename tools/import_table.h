/* SPDX-License-Identifier: MIT */
/* import_table: what was understood of a timetable, and what was not, for a terminal. */
#ifndef TOOLS_IMPORT_TABLE_H
#define TOOLS_IMPORT_TABLE_H

#include "scheduler/import/import.h"

#include <stdio.h>

/*
 * Prints the grid with its times, an exclamation mark before each lesson that
 * is in doubt, then breaks, repeats and relays.  0 or -ENOMEM.
 */
int import_table_print(const struct import *import, FILE *out);

/* Prints the problems in the order in which they were found, and how many. */
void import_table_print_problems(const struct import *import, FILE *out);

#endif
