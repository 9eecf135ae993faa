/* SPDX-License-Identifier: MIT */
/*
 * report_catalogue: what a house number is, for reports: a lesson of which
 * grade and subject, or something that only fills.
 *
 * Plans say what airs and when; grade and subject are the timetables'.
 *
 * Ownership: the catalogue owns its texts.  Immutable once made; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_CATALOGUE_H
#define SCHEDULER_REPORT_REPORT_CATALOGUE_H

#include "playout/station.h"
#include "scheduler/timetable.h"

#include <stdbool.h>
#include <stddef.h>

enum catalogue_kind {
    CATALOGUE_LESSON,
    CATALOGUE_FILLER,
    CATALOGUE_BREAK, /* eye exercises, a preview: a programme, but no lesson */
};

struct catalogue_entry {
    const char *house_number;
    enum catalogue_kind kind;
    const char *grade; /* this and the following may be "" */
    const char *subject;
    const char *title;
    const char *teacher;
    bool is_special; /* 专题: of no grade, or of all */
};

struct report_catalogue {
    struct catalogue_entry *entries; /* by house number once sorted */
    size_t count;
    char **texts; /* that the entries point to */
    size_t text_count;
    bool is_sorted;
};

/*
 * Adds a copy of an entry; one whose house number is there already is left
 * out.  Missing texts (NULL) become empty.  0 or -ENOMEM.
 */
int report_catalogue_add(struct report_catalogue *catalogue, const struct catalogue_entry *entry);

/* Adds all house numbers of a timetable.  0 or -ENOMEM. */
int report_catalogue_add_timetable(struct report_catalogue *catalogue,
                                   const struct timetable *timetable);

/*
 * All that the station's timetables say, sorted; broken ones are left out, a report needs none.
 * Blocks.  0, -ENOENT when the time zone is unknown, -ENOMEM or another -errno.
 */
int report_catalogue_load(struct report_catalogue *catalogue, const struct station *station);

/* After the last one was added. */
void report_catalogue_sort(struct report_catalogue *catalogue);

/* NULL when it is not known, or house_number is NULL. */
const struct catalogue_entry *report_catalogue_find(const struct report_catalogue *catalogue,
                                                    const char *house_number);

void report_catalogue_finish(struct report_catalogue *catalogue); /* accepts a zeroed one */

#endif
