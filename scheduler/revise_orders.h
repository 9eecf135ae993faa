/* SPDX-License-Identifier: MIT */
/*
 * revise_orders: the orders of a revision, laid over a line one after the other; for revise.c.
 *
 * A `skip --follow` of an insertion ends that, and nothing else: what follows is what the
 * insertion would have left had it been so short, so it is laid anew, over what it was laid over.
 *
 *     insert, then skip   |--A--|##X##|A in progress|-- B --|     below X: |---- A ----|-- B --|
 *                         |--A--|#|A in progress----|-- B --|
 */
#ifndef SCHEDULER_REVISE_ORDERS_H
#define SCHEDULER_REVISE_ORDERS_H

#include "scheduler/revise.h"
#include "scheduler/revise_line.h"

struct revise_sheets {
    const struct revise_input *input;
    struct plan_amendment *orders; /* borrowed: those of the input, which are brought up to date */
    struct line *under;            /* of each order: what it was laid over, or empty */
};

/* 0 or -ENOMEM; closed in any case. */
int revise_sheets_open(struct revise_sheets *sheets, const struct revise_input *input,
                       struct plan_amendment *orders);
void revise_sheets_close(struct revise_sheets *sheets); /* also where it is all zero */

/* Lays the orders [first, end) over the line.  0 or -ENOMEM. */
int revise_lay_over(struct revise_sheets *sheets, struct line *line, size_t first, size_t end);

/* How many of the orders are under the last one that has begun. */
size_t revise_count_begun(const struct revise_input *input);

#endif
