/* SPDX-License-Identifier: MIT */
/* status_alarms: what is wrong, in `ketang status`, the gravest first. */
#ifndef TOOLS_STATUS_ALARMS_H
#define TOOLS_STATUS_ALARMS_H

#include <jansson.h>
#include <stdio.h>

/*
 * A line for each alarm of the engine's answer and the scheduler's (which may
 * be NULL): what concerns the air now, then what threatens the next hour, then
 * the rest; in each by kind, then by channel as the answer has them.  A kind
 * that lessons make has STATUS_LESSONS_MOST lines and a count.
 */
void status_alarms_print(FILE *out, const json_t *answer, const json_t *scheduler);

#endif
