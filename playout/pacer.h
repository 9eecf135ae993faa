/* SPDX-License-Identifier: MIT */
/*
 * pacer: sends every datagram at its time.
 *
 * One thread for all transports.  It sleeps until the next datagram is due,
 * by absolute deadlines on the monotonic clock computed from the epoch, takes
 * everything that is due from the rings and hands it to a sink in one batch.
 * What is late is counted, never made up for: after a pause of more than
 * PACER_SKIP_NS it goes on with what is due now.  A datagram that a renderer
 * did not deliver is left out.
 *
 * In the loop: no allocation, lock, file or log.  Counters and rings are its
 * only ways out.
 */
#ifndef PLAYOUT_PACER_H
#define PLAYOUT_PACER_H

#include "playout/air_clock.h"
#include "playout/histogram.h"
#include "playout/ring.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACER_SKIP_NS = 100 * 1000000,
    PACER_PRIORITY = 40, /* SCHED_FIFO */
};

/* What becomes of one transport; counters only grow.  Written by the pacer, read by any. */
struct pacer_counters {
    _Atomic uint64_t sent;    /* datagrams handed to the sink */
    _Atomic uint64_t late;    /* of these, more than a datagram's time late */
    _Atomic uint64_t skipped; /* not sent: the pacer itself came too late */
    _Atomic uint64_t starved; /* not sent: not ready */
    _Atomic uint64_t muted;   /* not sent: the operator wants it so */
    _Atomic uint64_t last;    /* number of the last datagram sent */
    struct histogram lateness;
};

/* One transport. */
struct pacer_lane {
    struct ring *ring; /* borrowed */
    int slots_per_second;
    atomic_bool is_muted; /* set by any thread, acts at the next datagram */
    struct pacer_counters counters;
};

/*
 * Where datagrams go.  add() is given one datagram of a lane, by its number
 * on the tape; the bytes stay where they are until flush() returns.  Both are
 * called by the pacer only and must be RT-safe.
 */
struct pacer_sink {
    void (*add)(struct pacer_sink *self, size_t lane, uint64_t number, const uint8_t *datagram);
    void (*flush)(struct pacer_sink *self);
};

struct pacer;

/*
 * Borrows lanes, clock and sink, which must outlive it.  NULL: out of memory.
 */
struct pacer *pacer_create(struct pacer_lane *lanes, size_t lane_count,
                           const struct air_clock *clock, struct pacer_sink *sink);
void pacer_destroy(struct pacer *pacer); /* accepts NULL; stops it first */

/*
 * Starts the thread, with real-time priority and locked memory where that is
 * permitted: *is_realtime tells.  0 or -errno.
 */
int pacer_start(struct pacer *pacer, bool *is_realtime);
void pacer_stop(struct pacer *pacer); /* waits for it; harmless when not started */

/*
 * Begins with what is due from `monotonic_ns` on: what was to go out while
 * rings were filled and memory was locked has not been missed.  pacer_start()
 * does it.
 */
void pacer_begin(struct pacer *pacer, int64_t monotonic_ns);

/*
 * One turn: sends what is due at `monotonic_ns`, and returns when the next
 * datagram is due.  `now` is asked for the time after sending.  RT-safe.
 * What the thread does, and the tests with a clock of their own.
 */
int64_t pacer_turn(struct pacer *pacer, int64_t monotonic_ns, int64_t (*now)(void));

#endif
