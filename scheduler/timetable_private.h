/* SPDX-License-Identifier: MIT */
/*
 * timetable_private: what the parts of the timetable's reader share.
 *
 * All files of a channel are read together, step by step: first the lessons
 * of all, then what names them, so that an addition may name a lesson of
 * another.  Then everything is checked as a whole, day by day.
 */
#ifndef SCHEDULER_TIMETABLE_PRIVATE_H
#define SCHEDULER_TIMETABLE_PRIVATE_H

#include "scheduler/reader.h"
#include "scheduler/timetable.h"

/* One file of the channel. */
struct draft_file {
    struct source_file names; /* of the strings below */
    struct yaml_tree *tree;
    char *path;
};

/* A timetable in memory: the trees keep the texts. */
struct timetable_store {
    struct timetable timetable; /* first */
    struct draft_file *files;   /* the one with the periods first */
    size_t file_count;
    struct calendar *calendar;
};

/* What one file is read with. */
struct draft {
    struct reader reader;
    const struct yaml_node *root;
    struct timetable *timetable;
    const struct station *station; /* may be NULL */
    struct fit_rules fit;          /* of the file with the periods, when nothing else is said */
    const char *grade;             /* likewise */
    int columns[DAYS_PER_WEEK];    /* of the grid, in order */
    size_t column_count;
};

/* Whether it is the file with the periods, of which each channel has one. */
bool timetable_is_base(const struct draft_file *file);

/*
 * Loads calendars/NAME.yaml beside the first of the files, when the base names one.  0, -EINVAL
 * with what is wrong in *problems, or -ENOMEM.
 */
int timetable_load_calendar(struct timetable_store *store, const char *path,
                            struct problems *problems);

/* Each returns 0 or -ENOMEM; problems are added. */
int timetable_read_head(struct draft *draft); /* channel, rules, periods; of the base */
int timetable_read_lessons(struct draft *draft);
int timetable_read_grids(struct draft *draft);
int timetable_read_changes(struct draft *draft); /* dates too */
int timetable_read_fixtures(struct draft *draft);
int timetable_read_repeats(struct draft *draft);
int timetable_read_fillers(struct draft *draft); /* presentation too */
int timetable_read_accepted(struct draft *draft);

/* The topic of the fillers that air where none is named. */
bool timetable_is_default(const char *topic);

/* rest, overrun, ripple_most, topic of a mapping; the topic is NULL for the default one. */
struct fit_rules timetable_read_fit(const struct draft *draft, const struct yaml_node *node);

/* Complains when the end of a span is not after its start. */
void timetable_check_span(const struct draft *draft, const struct yaml_node *node);

/* The lesson that a node names, or NULL after complaining. */
const struct lesson *timetable_need_lesson(const struct draft *draft, const struct yaml_node *node);

/* Index of the period that a node names, or period_count after complaining. */
size_t timetable_need_period(const struct draft *draft, const struct yaml_node *node);

/* Makes room for `more` items of `size` bytes after `count`: 0 or -ENOMEM. */
int timetable_grow(void *items, size_t count, size_t more, size_t size);

/*
 * Which dates take which date's lessons when days are shifted; needs the
 * grids.  Warns of lessons that fall off the end of a term.  0 or -ENOMEM.
 */
int timetable_shift_days(struct timetable *timetable, struct problems *problems);

/* Warns of lessons and periods that are not used, by their order in the timetable. */
void timetable_warn_of_unused(const struct timetable *timetable, const bool *lessons,
                              const bool *periods, struct problems *problems);

/* Warns of changes of dates that run another day's timetable. */
void timetable_warn_of_swapped(const struct timetable *timetable, struct problems *problems);

/* Warns of changes that take a lesson away by lying over a part of it. */
void timetable_warn_of_covered(const struct timetable *timetable, struct problems *problems);

/* Overlaps, gaps, lessons without a place.  Adds problems. */
void timetable_check(const struct timetable *timetable, struct problems *problems);

/* Shapes and words, timetable_shape.c. */
extern const struct shape addition_shape;
extern const struct shape_word rest_words[];
extern const struct shape_word overrun_words[];
extern const struct shape_word condition_words[];
extern const struct shape_word repeat_words[];
extern const struct shape_word access_words[];

#endif
