/* SPDX-License-Identifier: MIT */
/*
 * import_cell: what the lines of one cell of a timetable say.
 *
 *     语文              一年级 数学《退位减法(1)》      Mathematics P.7
 *     春夏秋冬          教师：示例教师01 示例学校A      (Repeat)
 *     示例教师01
 *
 * Subject, title, teacher and school in any order, on one line or on several.
 * What can be known by its words is; of the rest one piece is the title, and
 * two are in doubt.
 */
#ifndef SCHEDULER_IMPORT_CELL_H
#define SCHEDULER_IMPORT_CELL_H

#include "scheduler/import/import.h"

enum { IMPORT_READING_SIZE = 2001 };

/* Empty texts were not said. */
struct import_reading {
    char grade[IMPORT_READING_SIZE];
    char subject[IMPORT_READING_SIZE];
    char title[IMPORT_READING_SIZE];
    char teacher[IMPORT_READING_SIZE];
    char school[IMPORT_READING_SIZE];
    char repeats[IMPORT_READING_SIZE]; /* the house number of the first run, beside 重播 */
    bool is_live;
    bool is_repeat;
    bool has_range; /* a time of its own */
    struct import_range range;
    enum import_clock_verdict clock; /* of that time, NONE when there is none */
    unsigned doubts;                 /* enum import_doubt */
    struct import_lines lines;       /* what they are, as far as is known */
};

/*
 * Reads clean UTF-8 of less than IMPORT_READING_SIZE bytes.  The request
 * gives known subjects and the order of lines.
 */
void import_cell_read(const char *text, const struct import_request *request,
                      struct import_reading *reading);

#endif
