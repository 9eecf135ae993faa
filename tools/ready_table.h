/* SPDX-License-Identifier: MIT */
/*
 * ready_table: the readiness board as an operator reads it: day by day, state
 * words in colour, counts at the end.
 */
#ifndef TOOLS_READY_TABLE_H
#define TOOLS_READY_TABLE_H

#include "scheduler/planner.h"
#include "scheduler/ready.h"
#include "tools/ready_stages.h"

#include <stdio.h>

/* A sorted board, and how it is looked at. */
struct ready_view {
    const struct ready_board *board;
    const struct zone *zone;
    int64_t now_ms;
    int64_t cutoff_ms;
    const struct station *station;
    const struct planner *planner;    /* knows which lists are closed, which timetables are good */
    const char *channel;              /* it is of that one alone; NULL: of all */
    const struct ready_stage *stages; /* of each row; NULL: not known */
    int shown_days; /* of the table, from today on; 0: all, which it says otherwise */
    bool is_missing_only;
    bool has_colours;
};

struct ready_counts {
    size_t states[MEDIA_REPLACED + 1]; /* of slots, by enum media_state */
    size_t slots;
    size_t wanting; /* of them */
    size_t soon;    /* of those: they begin within the hour, or have begun */
    size_t between; /* fillers and cards that are not ready */
};

/* Whether the list of a channel's day is closed. */
bool ready_is_closed(const struct ready_view *view, const struct service *service, int64_t date);

/* Why nothing is known of a channel's slots (planner_lack()); of one that is not shown nothing. */
enum planner_lack ready_lack(const struct ready_view *view, const struct service *service,
                             char text[PLANNER_LACK_SIZE]);

/* A line for each such channel; returns how many. */
size_t ready_print_unknown(FILE *out, const struct ready_view *view);

struct ready_counts ready_count(const struct ready_view *view);

/* 0 or -ENOMEM. */
int ready_table_print(FILE *out, const struct ready_view *view);

#endif
