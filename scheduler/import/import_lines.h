/* SPDX-License-Identifier: MIT */
/*
 * import_lines: which line of a cell is what: the operator says it with
 * --lines for a whole file, or with a label (教师：) for one line; and where
 * neither was done, what could be said.
 */
#ifndef SCHEDULER_IMPORT_LINES_H
#define SCHEDULER_IMPORT_LINES_H

#include "scheduler/import/import.h"

enum { IMPORT_LINES_TEXT_SIZE = 160 };

/*
 * Reads a list of subject, title, teacher, school, grade, in English or
 * Chinese.  False when it is none; then *lines is left alone.
 */
bool import_lines_read(const char *text, struct import_lines *lines);

/* Adds the next one; one too many makes them mixed. */
void import_lines_add(struct import_lines *lines, enum import_role role);

/* `教师：示例教师01`: the bytes of the label, or 0. */
size_t import_lines_label(const char *text, enum import_role *role);

/*
 * Breaks lines where others begin, in place: at a label within a line, and at
 * the slashes of 语文/荷花/王老师.  `subjects` as of import_words_subject().
 */
void import_lines_break(char *text, const char *subjects);

enum import_lines_advice {
    IMPORT_LINES_NONE,       /* the cells differ, or do not have a line for each */
    IMPORT_LINES_MOST_CELLS, /* some differ, three quarters do not */
    IMPORT_LINES_ALL,
};

/*
 * What to say with --lines so that no line is in doubt any more, in the words
 * of the operator's language; "" when nothing does.  Of MOST_CELLS it is so
 * but for those lessons that are set apart in is_apart, which has room for
 * each lesson.
 */
enum import_lines_advice import_lines_suggest(const struct import *import, bool *is_apart,
                                              char text[IMPORT_LINES_TEXT_SIZE]);

#endif
