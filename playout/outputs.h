/* SPDX-License-Identifier: MIT */
/*
 * outputs: datagrams to UDP, RTP and files.
 *
 * A pacer_sink: all datagrams that are due together leave in one sendmmsg
 * per socket.  One socket serves up to 64 legs of the same address family,
 * interface, TTL and DSCP.  It is not connected: a receiver that is not there
 * is no concern of ours, and one call may go to as many receivers.  A call per
 * datagram (sendto, or a connected socket for each leg) was measured to take
 * 2.8 times as long; UDP_SEGMENT 1.6 times, and it would have to hold
 * datagrams back.  An RTP header travels beside its datagram, nothing is
 * copied.
 *
 * The legs may be exchanged while on air: a new set is opened beside the one
 * in use and handed over at a datagram.  So a leg that could not be opened is
 * tried again, and one whose interface went away is opened anew.
 *
 *     control ──new set──▶ ┌───────┐ ──sendmmsg──▶ sockets
 *             ◀──old set── │ pacer │ ──copy──▶ recorders' queues
 *                          └───────┘
 */
#ifndef PLAYOUT_OUTPUTS_H
#define PLAYOUT_OUTPUTS_H

#include "playout/pacer.h"
#include "playout/problems.h"
#include "playout/recorder.h"
#include "playout/station.h"

struct outputs;

/* NULL when out of memory.  `lane_count` transports, no leg yet. */
struct outputs *outputs_create(size_t lane_count);

/*
 * The pacer has stopped.  Recordings have `wait_ms` altogether to write what
 * is queued; those whose disk has not answered by then are left as they are,
 * with their threads and memory.  Returns how many.  Accepts NULL.
 */
size_t outputs_destroy(struct outputs *outputs, int wait_ms);

/*
 * Opens all outputs of the station's transports and hands them to the pacer;
 * recorders of outputs that stay the same go on.  lanes[i] is the number in
 * the station of the transport that is lane i.  An output that cannot be
 * opened is told in *problems, and tried again by outputs_tend().  Borrows
 * station and lanes until the next call or the end.  Control thread.
 * 0, or -ENOMEM with nothing changed.
 */
int outputs_open(struct outputs *outputs, const struct station *station, const size_t *lanes,
                 struct problems *problems);

/*
 * Releases what was in use before the last exchange, once the pacer is done
 * with it, and opens again what needs it.  Waits for no disk.  Control
 * thread, about once a second.
 */
void outputs_tend(struct outputs *outputs);

/* To be called after the first outputs_open(), before the pacer is given it. */
struct pacer_sink *outputs_sink(struct outputs *outputs);

/* Datagrams of a lane that the kernel did not take, and why last: errno.  Any thread. */
uint64_t outputs_errors(const struct outputs *outputs, size_t lane, int *last_error);

/* How a leg is: output number `output` of the transport that is `lane`. */
struct output_state {
    bool is_open;
    int error; /* why not, or why datagrams were not taken at the last outputs_tend(): errno */
    struct recorder_status recorder; /* of a file */
};

/* Control thread. */
struct output_state outputs_state(const struct outputs *outputs, size_t lane, size_t output);

#endif
