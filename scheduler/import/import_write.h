/* SPDX-License-Identifier: MIT */
/*
 * import_write: an imported timetable in the language of schedules/README.md,
 * as a person would have written it.
 *
 * Lines that are not certain carry a comment `# 请核对 CELL：WHY`.  The same
 * import gives the same bytes.
 */
#ifndef SCHEDULER_IMPORT_WRITE_H
#define SCHEDULER_IMPORT_WRITE_H

#include "scheduler/import/import.h"

#include <stdio.h>

struct import_output {
    const char *channel; /* NULL: to be filled in */
    bool is_addition;    /* lessons and one week only; import->week is set */
};

/* 0 or -ENOMEM; errors of the stream are the caller's to see (ferror()). */
int import_write(const struct import *import, const struct import_output *output, FILE *out);

/* Whether the lesson of this index airs in what it writes. */
bool import_airs_lesson(const struct import *import, const struct import_output *output,
                        size_t lesson);

/*
 * Writes a text as a YAML value in a flow mapping: plain where that is safe,
 * else between quotation marks.
 */
void import_write_value(const char *text, FILE *out);

/* The bytes that it takes, in columns. */
int import_write_width(const char *text);

/* A list of days: [周一, 周二]. */
void import_write_days(unsigned days, FILE *out);

/* `  # 请核对 CELL：WHY、WHY` when there are doubts; in Chinese, never translated. */
void import_write_doubts(unsigned doubts, const char *place, FILE *out);

/* The grid of days and periods, or its layers by weeks.  0 or -ENOMEM. */
int import_write_grid(const struct import *import, const struct import_output *output, FILE *out);

#endif
