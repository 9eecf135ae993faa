/* SPDX-License-Identifier: MIT */
/*
 * store_day: versions of a channel's day, so that of two people who edit the
 * same day none loses what the other did.
 *
 * A day begins with version 0; each edit makes it one more, and says what was
 * done.  Who edits tells the version he has seen; when the day has gone on
 * since, he gets -ESTALE, and who did what in between.
 *
 * Freezes and amendments are such edits: store_freeze.h, store_amendment.h.
 */
#ifndef SCHEDULER_STORE_STORE_DAY_H
#define SCHEDULER_STORE_STORE_DAY_H

#include "scheduler/store/store.h"

/* For orders that must not wait for anybody, as a cut to the slate: any version will do. */
#define STORE_DAY_WHATEVER ((int64_t)-1)

struct store_day_edit {
    const char *channel;
    int64_t date;
    int64_t based_on; /* the version seen, or STORE_DAY_WHATEVER */
    const char *author;
    int64_t now_ms;
};

struct store_day_change {
    const char *channel;
    int64_t date;
    int64_t version; /* which it made */
    int64_t changed_ms;
    const char *changed_by;
    const char *change; /* one sentence */
};

/* The version of a day; 0 when nobody has edited it. */
int store_day_version(struct store *store, const char *channel, int64_t date, int64_t *version);

/*
 * Notes an edit that changed something outside of the store (a timetable
 * file), before it is made: 0 and the new version, or -ESTALE with *version
 * the present one.
 */
int store_day_edit(struct store *store, const struct store_day_edit *edit, const char *change,
                   int64_t *version);

/* What was changed after a version, in order; 0: all. */
int store_day_changes(struct store *store, const char *channel, int64_t date, int64_t after,
                      struct store_rows *rows);
struct store_day_change store_day_change_at(const struct store_rows *rows, size_t row);

#endif
