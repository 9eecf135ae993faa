/* SPDX-License-Identifier: MIT */
/*
 * import_title: the grade that the rows above a table name once, for all of it.
 *
 *     三年级 第14周课程表      三年级
 *     一至六年级课程表         none: several
 *
 * Texts are folded.  Not thread-safe.
 */
#ifndef SCHEDULER_IMPORT_TITLE_H
#define SCHEDULER_IMPORT_TITLE_H

#include "scheduler/import/import_sheet.h"

#include <stdbool.h>
#include <stddef.h>

enum { IMPORT_TITLE_GRADE_SIZE = 40 };

struct import_title_grade {
    char name[IMPORT_TITLE_GRADE_SIZE]; /* as import_words_grade_name(); "": none */
    const struct import_cell *cell;     /* the first that names it */
    bool is_several;                    /* the titles name several: `name` is none of them */
};

/* What a text names besides what `grade` has already; `cell` is the text's. */
void import_title_grade_add(struct import_title_grade *grade, const char *text,
                            const struct import_cell *cell);

#endif
