/* SPDX-License-Identifier: MIT */
/*
 * import_keep: what a timetable that is written over has besides its grid.
 *
 * A sheet speaks of lessons and periods.  The fillers, the presentation, the
 * rules of rest and whatever else the old file has at its top level stays, as
 * it stands there, comments and all.  What names lessons of the old grid
 * (`weeks`, `changes`) cannot.
 */
#ifndef SCHEDULER_IMPORT_KEEP_H
#define SCHEDULER_IMPORT_KEEP_H

#include <stddef.h>
#include <stdio.h>

/* Keys of the old file, joined by ", "; empty when there are none. */
struct import_kept {
    char *kept;
    char *replaced; /* by what the sheet says */
    char *lost;
    char *stray; /* breaks that are kept, and lie between no lessons: 课间 12:25-12:30 */
};

/*
 * Writes the fresh timetable with what is kept of the old one.  0, and the
 * caller finishes *kept; -EINVAL when the old one is no plain timetable, of
 * which nothing can be kept (nothing is written); -ENOMEM.
 */
int import_keep(const char *old, size_t old_size, const char *fresh, size_t fresh_size, FILE *out,
                struct import_kept *kept);

/* Adds an item to such a list, which the caller frees.  0 or -ENOMEM. */
int import_keep_note(char **list, const char *item);

void import_kept_finish(struct import_kept *kept); /* accepts zeroed */

#endif
