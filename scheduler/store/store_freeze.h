/* SPDX-License-Identifier: MIT */
/*
 * store_freeze: days whose list is closed (定稿), with the texts of the
 * timetable files as they were.
 *
 * A frozen day goes on being compiled from those texts.  A freeze can be
 * taken back, which is one more entry; the history stays.
 */
#ifndef SCHEDULER_STORE_STORE_FREEZE_H
#define SCHEDULER_STORE_STORE_FREEZE_H

#include "playout/zone.h"
#include "scheduler/store/store_day.h"

struct store_file {
    const char *name; /* within the timetables folder: "zhangdian.yaml", "calendars/zibo.yaml" */
    const char *text;
};

struct store_freeze {
    int64_t id;
    const char *channel;
    int64_t date;
    bool is_frozen; /* false: this entry took a freeze back */
    int64_t time_ms;
    const char *author;
    const char *reason;   /* "" for a freeze; why it was taken back */
    int64_t list_version; /* the plan revision that was signed; 0: none was there */
};

/*
 * Freezes a day.  0 and the new version of the day, -EALREADY when it is
 * frozen, or -ESTALE (store_day.h).
 */
int store_freeze_day(struct store *store, const struct store_day_edit *edit, int64_t list_version,
                     const struct store_file *files, size_t count, int64_t *version);

/* Takes the freeze back; a reason is needed.  -ENOENT when the day is not frozen. */
int store_thaw_day(struct store *store, const struct store_day_edit *edit, const char *reason,
                   int64_t *version);

/*
 * Whether tomorrow's list must be frozen by now, where that is done every day
 * at minute `minute`; *date is tomorrow.  A day that has begun never is: who
 * works on it has not been told.
 */
bool store_freeze_due(const struct zone *zone, int minute, int64_t now_ms, int64_t *date);

/* The texts of a day that is frozen, by name; no rows when it is not. */
int store_frozen_files(struct store *store, const char *channel, int64_t date,
                       struct store_rows *rows);
struct store_file store_frozen_file_at(const struct store_rows *rows, size_t row);

/* Freezes and what took them back, in order: of a day. */
int store_freeze_list(struct store *store, const char *channel, int64_t date,
                      struct store_rows *rows);
/* The freezes in force of a channel, days from `date` on. */
int store_freeze_in_force(struct store *store, const char *channel, int64_t date,
                          struct store_rows *rows);
struct store_freeze store_freeze_at(const struct store_rows *rows, size_t row);

#endif
