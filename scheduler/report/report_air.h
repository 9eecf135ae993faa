/* SPDX-License-Identifier: MIT */
/*
 * report_air: what the as-run lines say of a stretch of time.
 *
 * Two lines may tell of the same frame, when the clock was put back or a file
 * was tampered with: each frame is taken from the line that starts first, and
 * that times run backwards is told.
 *
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_AIR_H
#define SCHEDULER_REPORT_REPORT_AIR_H

#include "playout/as_run_line.h"
#include "scheduler/report/report_layer.h"

/* Where times run backwards. */
struct air_backwards {
    size_t count;    /* of lines that start before the one before them ended */
    size_t first;    /* the first of them */
    int64_t ended;   /* the end of the one before it */
    int64_t started; /* its own start */
};

/* What is said of [from, to); both layers are empty at first. */
struct air {
    struct report_layer aired;
    struct report_layer interruptions; /* told afterwards: they go over what aired */
    struct air_backwards backwards;
};

/* 0 or -ENOMEM; *air is finished by the caller in both cases. */
int air_read(struct air *air, const struct as_run_line *lines, size_t count, int64_t from,
             int64_t to);
void air_finish(struct air *air); /* accepts a zeroed one */

#endif
