/* SPDX-License-Identifier: MIT */
/*
 * engine_still: a whole station on a clock that the caller turns.
 *
 * The channels, the shelf and the lanes of the engine, as they are on the
 * air; but no pacer, no outputs, no control socket and no threads.  What the
 * threads do between two ticks of the control thread, the caller does:
 *
 *     for each moment, in rising order:
 *         take from the rings what is due; ring_advance(); render_lane_fill()
 *         engine_still_tick()
 *
 * Nothing in here asks for the time of day.  A lane that nobody fills only
 * has nothing in its ring: what a channel decides depends on how far a lane
 * has rendered only where that is beyond the guard, and the horizon is less
 * than the guard (station.h).
 *
 * Media is trusted: it is opened, but not read to compare its hash.
 *
 * Thread: one.
 */
#ifndef PLAYOUT_ENGINE_STILL_H
#define PLAYOUT_ENGINE_STILL_H

#include "playout/channel.h"
#include "playout/log.h"
#include "playout/problems.h"
#include "playout/station.h"
#include "playout/tape.h"

#include <stdbool.h>
#include <stddef.h>

struct engine_still;

/*
 * Takes the state folder of the station for itself.  Borrows station and log.
 * 0, or as engine_create(), with the reasons in *problems.
 */
int engine_still_create(struct station *station, struct log *log, struct engine_still **engine,
                        struct problems *problems);
void engine_still_destroy(struct engine_still *engine); /* accepts NULL */

/* On the air, and off: there the as-run ends.  0 or -errno. */
int engine_still_start(struct engine_still *engine, const struct moment *now);
void engine_still_stop(struct engine_still *engine, const struct moment *now);

/* What the control thread does ten times a second; `is_full` once a second. */
void engine_still_tick(struct engine_still *engine, const struct moment *now, bool is_full);

/* The transports on the air, and the channels of all of them behind each other. */
size_t engine_still_lanes(const struct engine_still *engine);
const struct tape_format *engine_still_format(const struct engine_still *engine, size_t lane);
struct ring *engine_still_ring(const struct engine_still *engine, size_t lane);
struct render_lane *engine_still_render(const struct engine_still *engine, size_t lane);

/* What each member of a lane (tape.h) is to air by now: borrowed until the next tick. */
void engine_still_inputs(const struct engine_still *engine, size_t lane,
                         struct tape_inputs **inputs);

/* Channel number `n`, with the lane that carries it; NULL beyond the last. */
struct channel *engine_still_channel(const struct engine_still *engine, size_t n, size_t *lane);

#endif
