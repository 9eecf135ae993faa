/* SPDX-License-Identifier: MIT */
/*
 * rehearse_lanes: what the renderers and the pacer do on the air.
 *
 * A lane that is open renders as far ahead as on the air, and what is due is
 * taken out, computed once more, compared, and given to the sink.  One that
 * is shut only keeps its place.
 *
 * Thread: one.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_LANES_H
#define SCHEDULER_REHEARSE_REHEARSE_LANES_H

#include "playout/engine_still.h"
#include "scheduler/rehearse/rehearse.h"

struct rehearse_lanes;

/* Borrows all.  The engine is on the air.  NULL: out of memory. */
struct rehearse_lanes *rehearse_lanes_create(struct engine_still *engine,
                                             struct rehearse_sink *sink,
                                             struct rehearse_notes *notes);
void rehearse_lanes_destroy(struct rehearse_lanes *lanes); /* accepts NULL; shuts all */

/* Up to `now`: before the engine ticks then. */
void rehearse_lanes_turn(struct rehearse_lanes *lanes, size_t lane, const struct moment *now,
                         bool is_open);

#endif
