/* SPDX-License-Identifier: MIT */
/*
 * timetable_private: what the parts of the timetable's reader share.
 *
 * A *draft* holds what was read, with the places, until all of it has been
 * checked together; then it becomes the timetable.
 */
#ifndef SCHEDULER_TIMETABLE_PRIVATE_H
#define SCHEDULER_TIMETABLE_PRIVATE_H

#include "scheduler/timetable.h"
#include "scheduler/yaml_tree.h"

struct draft_period {
    const char *name;
    int start; /* -1: could not be read */
    int end;
    enum rest_rule rest;
    unsigned days; /* bit per day with a lesson in the grid */
    bool is_in_grid;
    int line;
};

struct draft_break {
    const char *name;
    int start;
    int end;
    unsigned days;
    const char *house_number;
    int line;
};

struct draft {
    const char *path;
    struct problems *problems;
    const struct station *station; /* may be NULL */
    struct timetable *timetable;
    int days[DAYS_PER_WEEK]; /* the columns of the grid */
    size_t day_count;
    enum rest_rule rest;
    struct draft_period *periods;
    size_t period_count;
    struct draft_break *breaks;
    size_t break_count;
};

/* A timetable in memory: the tree keeps the texts. */
struct timetable_store {
    struct timetable timetable; /* first */
    struct yaml_tree *tree;
    char *file;
};

/* Fills the draft from the root of a tree; adds problems. */
void timetable_read(struct draft *draft, const struct yaml_node *root);

/* Overlaps, gaps, lessons without a place.  Adds problems. */
void timetable_check(const struct draft *draft);

#endif
