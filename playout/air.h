/* SPDX-License-Identifier: MIT */
/*
 * air: the threads between channels and the wire.
 *
 * Going on air makes a ring, a render lane and a pacer lane per transport, the
 * renderers (one per core, at most one per transport) and the pacer; going off
 * the air stops and frees them all.  The clock is measured when going on air
 * and never steps until the next time.
 *
 * Thread: the control thread.
 */
#ifndef PLAYOUT_AIR_H
#define PLAYOUT_AIR_H

#include "playout/channel.h"
#include "playout/outputs.h"

/* A transport on the air, and the channels that it carries. */
struct multiplex {
    size_t number; /* of the transport, in the station */
    struct tape_format *format;
    struct channel **channels; /* of each of its services */
};

struct air;

/*
 * Borrows multiplexes and outputs (NULL: it will stand still).  The output is `ahead_ns` ahead of
 * the system's clock: not 0 in rehearsals only.  NULL: out of memory.
 */
struct air *air_create(const struct multiplex *multiplexes, size_t count, struct outputs *outputs,
                       int horizon_ms, int64_t ahead_ns);
void air_destroy(struct air *air); /* accepts NULL; goes off the air first */

/*
 * Measures the clock, prepares the channels and starts.  0 or -errno, then
 * nothing runs.
 */
int air_start(struct air *air, bool has_time);
void air_stop(struct air *air);

/*
 * The same on a clock that the caller sets, without renderers and pacer:
 * nothing moves by itself.  `air_set()` says what time it is from then on;
 * who called fills the rings and takes from them (air_ring(), air_render()).
 */
int air_start_still(struct air *air, const struct moment *now);
void air_set(struct air *air, const struct moment *now);
struct ring *air_ring(const struct air *air, size_t multiplex);
/* What each member of a transport is to air now, borrowed until the channels turn. */
void air_inputs(const struct air *air, size_t multiplex, struct tape_inputs **inputs);
struct render_lane *air_render(const struct air *air, size_t multiplex);

/* Now, on the clock of the output. */
void air_moment(const struct air *air, struct moment *now);

/* Compares the clock with the system's; about once a second. */
void air_watch_clock(struct air *air);
const struct air_clock *air_clock_of(const struct air *air);

bool air_is_realtime(const struct air *air);

/* Datagrams taken from the rings so far: grows as long as the pacer lives. */
uint64_t air_progress(const struct air *air);

#endif
