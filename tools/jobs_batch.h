/* SPDX-License-Identifier: MIT */
/* jobs_batch: how far ingest is with what was handed in at once. */
#ifndef TOOLS_JOBS_BATCH_H
#define TOOLS_JOBS_BATCH_H

#include "tools/store_command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store_rows;

struct jobs_batch {
    size_t waiting;
    size_t running;
    size_t ready;
    size_t failed;
    size_t cancelled; /* or replaced by a newer film */
    double done;      /* 0 to 1 */
    int64_t left_ms;  /* about; -1: not known yet */
};

/*
 * Counts the jobs (store_job.h) of the submissions (store_submission.h) of a batch.  What is left
 * is told by how long those that are ready followed each other.
 */
struct jobs_batch jobs_batch_count(const struct store_rows *submissions,
                                   const struct store_rows *jobs, const char *batch);

/*
 * Prints it: a bar, and what was not taken, and why; with `is_watch` again and again until all has
 * ended.  0; or -errno, and has said why; -ENOENT: there is no such batch.
 */
int jobs_batch_show(const struct store_command *command, const char *batch, bool is_watch,
                    bool is_json);

#endif
