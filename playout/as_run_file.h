/* SPDX-License-Identifier: MIT */
/*
 * as_run_file: as-run records on disk, a file a day.
 *
 * FOLDER/2026-11-23.jsonl, by the station's date of the event's planned
 * start, or the next day's where that has been begun; each line is sealed
 * (as_run_chain.h), appended and synced.  The chain goes on from what is on
 * disk: the last whole line, in the files before when it must be.  Files older
 * than the retention are removed.  Thread: one; blocks.
 */
#ifndef PLAYOUT_AS_RUN_FILE_H
#define PLAYOUT_AS_RUN_FILE_H

#include "playout/as_run.h"

struct as_run_file {
    struct as_run_sink sink; /* first */
    const char *folder;      /* borrowed, as is the zone */
    const struct zone *zone;
};

/* Nothing to finish. */
void as_run_file_init(struct as_run_file *file, const char *folder, const struct zone *zone);

/* A line for an interruption of what is recorded already.  0 or -errno. */
int as_run_file_interruption(struct as_run_file *file, const struct frame_span *span);

/*
 * The end of the last record, as a frame, in *end; -1 when there is none.
 * 0 or -errno.
 */
int as_run_file_last(const struct as_run_file *file, int64_t *end);

/* Removes files of days more than `days` before that of `frame`; returns how many, or -errno. */
int as_run_file_expire(const struct as_run_file *file, int64_t frame, int days);

#endif
