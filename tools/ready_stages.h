/* SPDX-License-Identifier: MIT */
/* ready_stages: which stage of approval (一审 二审 三审) the files of a board need next. */
#ifndef TOOLS_READY_STAGES_H
#define TOOLS_READY_STAGES_H

#include "playout/station.h"
#include "scheduler/ready.h"
#include "scheduler/signoff.h"
#include "scheduler/store/store.h"

#include <stdbool.h>

/* Zeroed where nothing is to be signed. */
struct ready_stage {
    int next;           /* to be signed */
    int rejected;       /* the one that sent the file back; 0: none */
    bool is_taken_back; /* which the store does not know: signoff_is_taken_back() */
    bool is_lost;       /* the store is gone, or does not answer: what was signed is not known */
};

/* One for each row, which the caller frees; NULL: out of memory.  Accepts no signoff. */
struct ready_stage *ready_stages(const struct station *station, const struct signoff *signoff,
                                 const struct ready_board *board);

/* The run as approvals name it: a repeat by the date on which it airs. */
const char *ready_stages_run(const struct ready_row *row, char date[STORE_DATE_SIZE]);

#endif
