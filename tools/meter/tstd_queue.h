/* SPDX-License-Identifier: MIT */
/*
 * tstd_queue: what lies in a buffer, in the order in which it will leave.
 */
#ifndef TOOLS_METER_TSTD_QUEUE_H
#define TOOLS_METER_TSTD_QUEUE_H

#include "tools/meter/tstd.h"

#include <stddef.h>

/* Parts of bytes of one role and access unit behind each other. */
struct tstd_run {
    enum tstd_role role;
    int64_t unit;
    int64_t parts;
};

/* First in, first out; grows.  Zeroed is empty. */
struct tstd_queue {
    struct tstd_run *runs;
    size_t room; /* a power of two */
    size_t head;
    size_t used;
};

void tstd_queue_finish(struct tstd_queue *queue);

/* Joins the last run where it can.  False: out of memory. */
bool tstd_queue_push(struct tstd_queue *queue, const struct tstd_run *run);

/* The run that leaves next, or NULL. */
const struct tstd_run *tstd_queue_first(const struct tstd_queue *queue);

/* The one `index` behind that, or NULL. */
const struct tstd_run *tstd_queue_at(const struct tstd_queue *queue, size_t index);

/* Takes out up to `parts` of the first run; the queue is not empty. */
struct tstd_run tstd_queue_pop(struct tstd_queue *queue, int64_t parts);

#endif
