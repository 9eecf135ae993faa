/* SPDX-License-Identifier: MIT */
/*
 * demo_lessons: what the demonstration lessons say.
 *
 * One table, keyed by house number.  All texts are samples written for this
 * purpose; teachers are numbers, not persons.
 */
#ifndef TOOLS_DEMO_LESSONS_H
#define TOOLS_DEMO_LESSONS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    DEMO_SLIDES_MAX = 6,
    DEMO_LINES_MAX = 4,
};

struct demo_slide {
    const char *heading;
    const char *lines[DEMO_LINES_MAX]; /* shown; NULL after the last */
    const char *spoken;                /* NULL: the heading and the lines */
};

struct demo_lesson {
    const char *house_number;
    const char *grade;
    const char *subject;
    const char *title;
    const char *teacher;
    int seconds;
    bool has_practice;                         /* ends with a page that counts down */
    struct demo_slide slides[DEMO_SLIDES_MAX]; /* heading NULL after the last */
};

/* The lessons of the sample timetables, in order of house number. */
size_t demo_lessons_count(void);
const struct demo_lesson *demo_lessons_at(size_t i);

/* Returns NULL when no lesson has this house number. */
const struct demo_lesson *demo_lessons_find(const char *house_number);

/* What fills the gaps between lessons. */
const struct demo_lesson *demo_lessons_filler(void);

/* For a lesson that is not in the table: slides that suit any. */
const struct demo_slide *demo_lessons_any_slides(void);

#endif
