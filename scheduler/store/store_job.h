/* SPDX-License-Identifier: MIT */
/*
 * store_job: what workers have to do, and who does it: a film that was handed
 * in is to be made for a house format.
 *
 *     waiting ──claim──▶ running ──end──▶ done, failed
 *        ▲                  │ │
 *        ├──── release ─────┘ │ cancel (also while waiting) ──▶ cancelled
 *        └── claim, when its worker was not heard of for long
 *
 * With its last job a submission ends, too, in the same transaction: accepted,
 * or rejected when one of them failed or none is done.
 *
 * Times are arguments; several machines take them from store_clock_ms(), so that
 * nobody is taken for lost by a clock that is wrong.
 *
 * Writers of the store follow each other, so a job is claimed by one worker
 * alone, on both engines.  Each claim has a number of its own, `claim`: who
 * was taken for lost, and comes back, is told so by -ESTALE whatever it says,
 * and publishes nothing.
 */
#ifndef SCHEDULER_STORE_STORE_JOB_H
#define SCHEDULER_STORE_STORE_JOB_H

#include "scheduler/store/store.h"

enum {
    JOB_LOST_MOST = 3, /* so many workers are lost over a job before it is given up */
    JOB_WHOLE = 1000,  /* of `progress` */
};

/* When a film is first on the air that no timetable plans. */
#define JOB_NOT_PLANNED INT64_MAX

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct store_job {
    int64_t id;         /* given by the store, rising */
    int64_t submission; /* whose film it is */
    const char *profile;
    int64_t due_ms; /* when it is first on the air, or JOB_NOT_PLANNED */
    enum job_state state;
    int64_t state_ms;      /* since when */
    int64_t claim;         /* how often it was claimed: the number of the last claim */
    int64_t lost;          /* workers that were taken for lost */
    const char *worker;    /* who claimed it last; "" nobody yet */
    int64_t beat_ms;       /* when that one was last heard of */
    int64_t progress;      /* thousandths of the work */
    int64_t not_before_ms; /* it is not claimed earlier: it was put back */
    const char *finding;   /* why it failed or was cancelled; may be "" */
};

/* A claim: what a worker must say of itself. */
struct store_claim {
    int64_t job;
    int64_t claim;
};

/*
 * Adds one that waits, of `submission`, `profile`, `due_ms` and `state_ms`; fills in *id.
 * -EEXIST: that submission is made for that profile already.
 */
int store_job_add(struct store *store, const struct store_job *job, int64_t *id);

/*
 * Gives a worker the job that is due soonest: of those that wait, and those
 * whose worker was last heard of before `lost_ms`.  In *rows the job, none when
 * there is nothing to do.  One over which too many workers were lost fails.
 */
int store_job_claim(struct store *store, const char *worker, int64_t now_ms, int64_t lost_ms,
                    struct store_rows *rows);

/*
 * What the worker says: it is at it; it puts it back, for somebody to take it no
 * earlier than then; it has ended it, done or failed.  -ESTALE: the job is not its own any more,
 * because it was taken for lost, or it was cancelled.
 */
int store_job_beat(struct store *store, struct store_claim claim, int64_t now_ms, int64_t progress);
int store_job_release(struct store *store, struct store_claim claim, int64_t now_ms,
                      int64_t not_before_ms);
int store_job_end(struct store *store, struct store_claim claim, int64_t now_ms,
                  enum job_state state, const char *finding);

/*
 * Cancels what waits or runs of a submission, and counts it; `author` does it.
 * 0, also when there is nothing.
 */
int store_job_cancel(struct store *store, int64_t submission, int64_t now_ms, const char *author,
                     const char *reason, int *count);

/* When a film is first on the air in a house format. */
struct job_due {
    const char *house_number;
    const char *profile;
    int64_t due_ms;
};

/*
 * Tells what waits or runs anew by when it is wanted.  `dues` are sorted by job_due_compare(),
 * each house number and format once; what is not among them is JOB_NOT_PLANNED.  Counts in
 * *changed the jobs for which that is news.
 */
int store_job_reorder(struct store *store, const struct job_due *dues, size_t count, int *changed);
int job_due_compare(const void *a, const void *b);

/*
 * The latest last: all; those that wait, run, or have changed since a time; those of a
 * submission.
 */
int store_job_list(struct store *store, struct store_rows *rows);
int store_job_list_since(struct store *store, int64_t since_ms, struct store_rows *rows);
int store_job_list_of(struct store *store, int64_t submission, struct store_rows *rows);
struct store_job store_job_at(const struct store_rows *rows, size_t row);

const char *job_state_name(enum job_state state);

#endif
