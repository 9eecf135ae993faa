/* SPDX-License-Identifier: MIT */
/* planner_job: all that one revision is made from; for planner*.c. */
#ifndef SCHEDULER_PLANNER_JOB_H
#define SCHEDULER_PLANNER_JOB_H

#include "scheduler/cutter.h"
#include "scheduler/planner_private.h"
#include "scheduler/revise.h"

struct planner_job {
    const struct planner *planner;
    const struct service *service;
    const struct engine_channel *engine;
    int64_t now_ms;
    int days;
    bool waits; /* for the engine, by -EBUSY */
    char *folder;
    int lock;        /* of the folder; -1 */
    int64_t adopted; /* the revision that the engine adopted last; 0: none */
    int64_t adopted_frame;
    int64_t latest_revision;
    struct plan *latest;           /* on disk; NULL: none, or it cannot be read */
    struct plan *base;             /* in force, when that is another; NULL: `latest` is */
    bool has_nothing;              /* nothing is in force yet */
    struct plan *fresh;            /* NULL: the base goes on */
    struct plan_amendment *orders; /* with room for one more */
    size_t order_count;
    struct library_lengths lengths;
    struct cutter cutter;
    struct plan *made; /* the revision */
};

/*
 * Locks the channel's folder, finds out what is in force, and gives orders
 * whose revision was refused a new time.  0, -ENODATA without plan and
 * timetable, or -errno; close it all the same.
 */
int planner_job_open(struct planner_job *job);
void planner_job_close(struct planner_job *job);

/* What is in force; NULL: nothing. */
const struct plan *planner_job_base(const struct planner_job *job);

/* The channel's days whose lists are closed. */
const struct frozen_days *planner_job_closed(const struct planner_job *job);

struct revise_input planner_job_input(const struct planner_job *job);

/* Makes the revision.  0 or -errno. */
int planner_job_make(struct planner_job *job, enum revise_verdict *verdict);

/*
 * Writes it.  0; -ESTALE when the engine has adopted one since the job was opened, which it would
 * not replace within the second; -EBUSY as planner_order(); or -errno.
 */
int planner_job_save(struct planner_job *job, struct planner_outcome *outcome);

/* What a job is opened for.  0 or -errno. */
typedef int planner_job_work(struct planner_job *job, void *context,
                             struct planner_outcome *outcome);

/*
 * Opens a job as `asked`, does the work, closes it; all of it again while the work is -ESTALE.
 * That ends: the engine adopts none without a new revision.  0 or -errno.
 */
int planner_job_run(const struct planner_job *asked, planner_job_work *work, void *context,
                    struct planner_outcome *outcome);

#endif
