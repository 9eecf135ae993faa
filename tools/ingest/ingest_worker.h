/* SPDX-License-Identifier: MIT */
/*
 * ingest_worker: takes jobs out of the queue of the store, one after the other.
 *
 * Any number of workers, on any number of machines that share store and media
 * folder.  One that is stopped puts its job back; one that is killed, or cut
 * off from the store, is not heard of any more, and another takes the job over;
 * it publishes nothing then, when it comes back.  Who is heard of is told by the
 * store's clock, and how long by this machine's that nobody sets.  Only what is
 * wrong with the film ends a job as failed, also that it is gone: for a full disk, or
 * a folder that is not there, it is put back for a minute.  What decodes and encodes runs when
 * nothing else wants to.
 *
 * Logs what it does (log.h): job_begin, job_done, job_failed, job_put_back,
 * job_dropped (it was not its own any more), no_review, store.
 */
#ifndef TOOLS_INGEST_WORKER_H
#define TOOLS_INGEST_WORKER_H

#include "playout/log.h"
#include "playout/station.h"
#include "scheduler/store/store.h"

#include <signal.h>

struct ingest_worker {
    const struct station *station;
    struct store *store;
    const char *media; /* folder */
    const char *name;  /* of this worker, unlike that of any other */
    const char *preset;
    int threads; /* as in ingest_request */
    struct log *log;
    int lost_s;   /* a worker that was not heard of for so long is lost */
    bool is_once; /* ends when there is nothing to do */
    const volatile sig_atomic_t *is_stopped;
};

/* By machine and process: unlike that of any other worker at this time. */
enum { INGEST_WORKER_NAME_SIZE = 100 };
void ingest_worker_name(char name[INGEST_WORKER_NAME_SIZE]);

/* Until it is stopped.  0; is_once: or why there is something left to do. */
int ingest_worker_run(const struct ingest_worker *worker);

#endif
