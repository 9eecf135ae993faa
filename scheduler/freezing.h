/* SPDX-License-Identifier: MIT */
/*
 * freezing: closes the list of a day (定稿): keeps the timetable files of a
 * channel as they are, from which the day is made from then on.
 *
 * Thread: that of the store.
 */
#ifndef SCHEDULER_FREEZING_H
#define SCHEDULER_FREEZING_H

#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/timetable.h"

/* What was closed. */
struct frozen_list {
    int64_t revision; /* of the plan that was in force; 0: none */
    size_t files;
};

/*
 * Reads what a channel's list would be kept as.  0, the caller finishes
 * *files; -EINVAL with the mistakes in *problems: what cannot be aired is not
 * closed; or as timetable_files_read().
 */
int freezing_read(const struct station *station, const char *channel, struct timetable_files *files,
                  struct problems *problems);

/* Closes a day with these files; *list may be NULL.  As store_freeze_day(), with store_error(). */
int freezing_keep(struct store *store, const struct station *station,
                  const struct store_day_edit *edit, const struct timetable_files *files,
                  struct frozen_list *list);

/*
 * 0, and whether a day whose hour has come is still to be closed.  One that an
 * operator has opened again is his to close.
 */
int freezing_is_due(struct store *store, const char *channel, int64_t date, bool *is_due);

/* The timetable of a closed day, from the texts kept.  0, or as timetable_parse(). */
int freezing_timetable(const struct store_file *files, size_t count, const struct station *station,
                       struct timetable **timetable, struct problems *problems);

#endif
