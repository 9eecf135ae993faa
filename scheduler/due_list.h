/* SPDX-License-Identifier: MIT */
/*
 * due_list: of all that a station is to air in the coming days, when each house number is first on
 * the air in each house format: the order in which films are made.
 */
#ifndef SCHEDULER_DUE_LIST_H
#define SCHEDULER_DUE_LIST_H

#include "scheduler/ready.h"
#include "scheduler/store/store_job.h"

enum { DUE_DAYS_AHEAD = 14 };

struct due_list {
    struct ready_board board; /* what the names are borrowed from */
    struct job_due *dues;     /* sorted by job_due_compare(), each once */
    size_t count;
};

/* Takes the board over, also when it fails.  The caller destroys it.  0 or -ENOMEM. */
int due_list_create(const struct station *station, struct ready_board *board,
                    struct due_list **list);
void due_list_destroy(struct due_list *list); /* accepts NULL */

#endif
