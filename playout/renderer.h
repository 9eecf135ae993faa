/* SPDX-License-Identifier: MIT */
/*
 * renderer: keeps the rings full.
 *
 * A few threads, at most one per core, share the transports among them; each
 * transport (a lane) belongs to one.  A renderer wakes a few times a second,
 * reads the tape of each of its lanes as far ahead as the ring reaches, and
 * sleeps again.
 *
 * What is to be aired comes as immutable snapshots (struct tape_inputs), one
 * mailbox for each member of the transport (tape.h); the one before goes back
 * through another, faults of the media leave through a third.
 *
 *     control ──inputs──▶ ┌──────────┐ ──datagrams──▶ ring ──▶ pacer
 *             ◀──old───── │ renderer │
 *             ◀──fault─── └──────────┘
 */
#ifndef PLAYOUT_RENDERER_H
#define PLAYOUT_RENDERER_H

#include "playout/ring.h"
#include "playout/tape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One transport. */
struct render_lane;

/*
 * Takes a reference to the inputs of each member; borrows format and ring.
 * NULL: out of memory.
 */
struct render_lane *render_lane_create(const struct tape_format *format, struct ring *ring,
                                       struct tape_inputs *const *inputs);
void render_lane_destroy(struct render_lane *lane); /* accepts NULL; its renderer has stopped */

/*
 * Hands over new inputs of a member (one reference more); releases those done
 * with.  Control thread.
 */
void render_lane_publish(struct render_lane *lane, size_t member, struct tape_inputs *inputs);
void render_lane_tidy(struct render_lane *lane);

/*
 * A fence keeps the renderer from going beyond the first slot of a frame
 * while a journal entry for that frame is being written; published inputs
 * lift it.  A ring that would run dry is more than a fence: it is then
 * passed, and render_lane_lift() tells false.  Control thread.
 */
void render_lane_fence(struct render_lane *lane, int64_t frame);
bool render_lane_lift(struct render_lane *lane);

/* The first frame of which nothing is rendered yet.  Any thread. */
int64_t render_lane_frame(const struct render_lane *lane);

/* The first fault of a service since the last call; false when there was none.  Control thread. */
bool render_lane_fault(struct render_lane *lane, size_t service, struct tape_fault *fault);

/* How much of the programme guide is carried.  Any thread. */
enum tape_guide render_lane_guide(const struct render_lane *lane);

/* Fills the ring of a lane as far as it goes.  Its renderer thread, or before that runs. */
void render_lane_fill(struct render_lane *lane);

struct renderer;

/* Starts a thread for `count` lanes (the array is copied).  0 or -errno. */
int renderer_start(struct render_lane *const *lanes, size_t count, struct renderer **renderer);
void renderer_stop(struct renderer *renderer); /* waits for it; accepts NULL */

#endif
