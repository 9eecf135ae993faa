/* SPDX-License-Identifier: MIT */
/* ready_stages: which stage of approval (一审 二审 三审) the files of a board need next. */
#ifndef TOOLS_READY_STAGES_H
#define TOOLS_READY_STAGES_H

#include "playout/station.h"
#include "scheduler/ready.h"
#include "scheduler/store/store.h"

/*
 * A number for each row, which the caller frees: the stage to be signed next;
 * 0 where nothing is to be signed, or the store does not answer.  NULL: out of
 * memory.
 */
int *ready_stages(const struct station *station, const struct ready_board *board);

/* The run as approvals name it: a repeat by the date on which it airs. */
const char *ready_stages_run(const struct ready_row *row, char date[STORE_DATE_SIZE]);

#endif
