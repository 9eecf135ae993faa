/* SPDX-License-Identifier: MIT */
/*
 * import_doubts: what is not certain of a lesson's texts, told with the way out.
 */
#ifndef SCHEDULER_IMPORT_DOUBTS_H
#define SCHEDULER_IMPORT_DOUBTS_H

#include "scheduler/import/import.h"
#include "scheduler/import/import_lines.h"

enum { IMPORT_MORE_SIZE = 80 };

/* " (and in 17 more cells)", or nothing for 0. */
void import_doubts_say_more(size_t more, char text[IMPORT_MORE_SIZE]);

/*
 * What --lines should say for all cells goes to `lines`, "" when there is no
 * such order.  Where one holds for most of them, it is told with those that
 * differ.
 */
void import_doubts_advise(struct import *import, char lines[IMPORT_LINES_TEXT_SIZE]);

/*
 * Tells the doubts of all lessons, adding those of misspelt grades, long texts
 * and live sources; a mistake that several lessons share is told at the first
 * of them.  `lines` is what --lines should say, "" when no order of lines would
 * help.  0 or -ENOMEM.
 */
int import_doubts_tell(struct import *import, const char *lines);

#endif
