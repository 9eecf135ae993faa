/* SPDX-License-Identifier: MIT */
/* revise_plan: the line of a revision becomes a plan, with numbers and reasons; for revise.c. */
#ifndef SCHEDULER_REVISE_PLAN_H
#define SCHEDULER_REVISE_PLAN_H

#include "scheduler/revise.h"
#include "scheduler/revise_line.h"

/* What a viewer could tell; why an event is there does not count, but who ordered it. */
bool revise_same_content(const struct plan_event *a, const struct plan_event *b);

/* True when both may be of one EPG entry. */
bool revise_same_entry(const struct plan_event *a, const struct plan_event *b);

/*
 * Makes the plan of a line, and tells how it differs from the base.  `orders`
 * are those of the input, brought up to date.  0 or -ENOMEM.
 */
int revise_plan(const struct revise_input *input, struct line *line,
                const struct plan_amendment *orders, struct plan **plan,
                enum revise_verdict *verdict);

#endif
