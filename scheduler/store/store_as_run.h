/* SPDX-License-Identifier: MIT */
/*
 * store_as_run: the lines of the as-run files (as_run_record.h), as they are.
 *
 * Lines are numbered from 1 within the file of a channel's day.  They never
 * change: the same number with another text is refused.
 */
#ifndef SCHEDULER_STORE_STORE_AS_RUN_H
#define SCHEDULER_STORE_STORE_AS_RUN_H

#include "scheduler/store/store.h"

enum { STORE_LINE_MOST = 65536 };

struct store_as_run_line {
    const char *channel;
    int64_t date;
    int64_t number; /* from 1 */
    const char *line;
    const char *chain; /* a hash that joins it to the line before; NULL: none */
};

/* Adds a line.  0 also when it is there already; -EEXIST when that number has another text. */
int store_as_run_put(struct store *store, const struct store_as_run_line *line);

/* How many lines a day has: the highest number. */
int store_as_run_count(struct store *store, const char *channel, int64_t date, int64_t *count);

/* The newest day of which a channel has lines; -ENOENT: none. */
int store_as_run_newest(struct store *store, const char *channel, int64_t *date);

/* Of a channel's day, in order, after number `after` (0: all). */
int store_as_run_list(struct store *store, const char *channel, int64_t date, int64_t after,
                      struct store_rows *rows);
/* The line of the first run of a house number, the earliest that is known; no row: it has had none.
 */
int store_as_run_first(struct store *store, const char *house_number, struct store_rows *rows);
struct store_as_run_line store_as_run_at(const struct store_rows *rows, size_t row);

#endif
