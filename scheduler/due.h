/* SPDX-License-Identifier: MIT */
/* due: in which house formats a film is wanted, and by when. */
#ifndef SCHEDULER_DUE_H
#define SCHEDULER_DUE_H

#include "scheduler/named_numbers.h"
#include "scheduler/ready.h"

struct due {
    const struct profile *profile;
    int64_t due_ms; /* the start of its first slot; JOB_NOT_PLANNED (store_job.h): it has none */
};

/*
 * The formats of the channels whose timetables name the house number, each once, in the
 * order of the station, with the times of the board.  `dues` has room for the station's
 * profiles.  Returns how many.
 */
size_t due_find(const struct station *station, const struct named_numbers *named,
                const struct ready_board *board, const char *house_number, struct due *dues);

#endif
