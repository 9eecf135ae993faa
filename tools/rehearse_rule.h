/* SPDX-License-Identifier: MIT */
/*
 * rehearse_rule: what has become of the programmes of a list, and by which
 * rule; how many of them air fillers instead.
 */
#ifndef TOOLS_REHEARSE_RULE_H
#define TOOLS_REHEARSE_RULE_H

#include "scheduler/rehearse/rehearse_outcome.h"

#include <stdio.h>

/* Where an order has moved a programme that is not in its place; NULL: nowhere. */
const struct as_run_record *rehearse_moved_to(const struct channel_day *day,
                                              const struct planned_programme *programme);

/* The frame at which it is over there: the end of its last pass, where it loops. */
int64_t rehearse_moved_end(const struct channel_day *day, const struct as_run_record *moved);

/* Which rule it was, from what became of the programme; NULL: none, it aired. */
const char *rehearse_rule(const struct planned_programme *programme,
                          const struct as_run_record *moved);

/* The reason of what aired at a frame; may be NULL. */
const char *rehearse_reason_at(const struct channel_day *day, int64_t frame);

/* Says how many programmes air fillers instead, by reason; nothing when all air. */
void rehearse_tell_filled(FILE *out, const struct rehearse_outcome *outcome);

#endif
