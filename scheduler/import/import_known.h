/* SPDX-License-Identifier: MIT */
/*
 * import_known: house numbers that are given already.
 *
 * A number stands for one lesson for ever: its file and its signatures go by
 * it.  So when a timetable is written over, a lesson that was there keeps its
 * number, wherever it now stands, and no other lesson ever gets that number.
 * So it is with a week beside the other timetables of its channel; but a lesson
 * keeps the number of the channel's own timetable alone.  A number is listed
 * once in a channel, and the file of another week goes when that is over.
 * What a number was given to is read from the timetables of before; which
 * ones have media, the library tells.
 *
 * Ownership: the known own all they point to, the trees of the timetables too.
 * Not thread-safe.
 */
#ifndef SCHEDULER_IMPORT_KNOWN_H
#define SCHEDULER_IMPORT_KNOWN_H

#include "scheduler/library.h"
#include "scheduler/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

/* Texts are NULL when not said. */
struct import_known_number {
    char *house_number;
    char *grade;
    char *subject;
    char *title;
    char *teacher;
    const struct yaml_node *mapping; /* that names it, with all its keys */
    bool is_lesson; /* else a filler, another week's, or the like: no lesson of a sheet keeps it */
    bool is_beside; /* of another timetable of the channel, which is read with this one */
};

struct import_known {
    struct import_known_number *numbers; /* each once */
    size_t count;
    char *grade;             /* of lessons that name none, by the newest that says it; or NULL */
    struct library *library; /* NULL: none */
    struct yaml_tree **trees;
    size_t tree_count;
    const struct yaml_node *newest; /* the first timetable that is not beside; or NULL */
};

/*
 * Adds the numbers of a timetable that are not known yet: give the newest
 * timetable first.  `is_beside`: the new one is read together with it.  0,
 * -EINVAL when it is none (nothing is added), or -ENOMEM.
 */
int import_known_add(struct import_known *known, const char *bytes, size_t size, bool is_beside);

/* Where a timetable has it, or NULL. */
const struct import_known_number *import_known_find(const struct import_known *known,
                                                    const char *house_number);

/* In a timetable or in the library. */
bool import_known_has(const struct import_known *known, const char *house_number);

void import_known_finish(struct import_known *known); /* accepts zeroed */

#endif
