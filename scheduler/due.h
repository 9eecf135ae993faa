/* SPDX-License-Identifier: MIT */
/* due: in which house formats a film is wanted, and by when. */
#ifndef SCHEDULER_DUE_H
#define SCHEDULER_DUE_H

#include "scheduler/ready.h"

struct due {
    const struct profile *profile;
    int64_t due_ms; /* the start of its first slot; JOB_NOT_PLANNED (store_job.h): it has none */
};

/*
 * The formats of the channels on whose board the house number is, each once, in the order
 * of the station.  `dues` has room for the station's profiles.  Returns how many.
 */
size_t due_find(const struct ready_board *board, const struct station *station,
                const char *house_number, struct due *dues);

#endif
