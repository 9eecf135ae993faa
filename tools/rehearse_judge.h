/* SPDX-License-Identifier: MIT */
/*
 * rehearse_judge: holds what a rehearsal renders against the standards.
 *
 * The independent reader of tools/meter judges every stretch of every lane.
 * Two threads read, each its share of the lanes; the rehearsal goes on
 * meanwhile, and waits only when they are too far behind.
 */
#ifndef TOOLS_REHEARSE_JUDGE_H
#define TOOLS_REHEARSE_JUDGE_H

#include "scheduler/rehearse/rehearse.h"

#include <stdint.h>

struct rehearse_judge;

/* NULL: out of memory, or no thread.  Borrows the station. */
struct rehearse_judge *rehearse_judge_create(const struct station *station);
void rehearse_judge_destroy(struct rehearse_judge *judge); /* accepts NULL */

/* Where a rehearsal sends its packets to; borrowed. */
struct rehearse_sink *rehearse_judge_sink(struct rehearse_judge *judge);

/* Adds what was found to the notes, once the rehearsal is over.  How many stretches were judged. */
int64_t rehearse_judge_finish(struct rehearse_judge *judge, struct rehearse_notes *notes);

#endif
