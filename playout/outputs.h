/* SPDX-License-Identifier: MIT */
/*
 * outputs: datagrams to UDP.
 *
 * A pacer_sink: all datagrams that are due together leave in one sendmmsg
 * per socket.  One socket serves all legs of the same address family, TTL
 * and DSCP; it is not connected, so a receiver that is not there is no
 * concern of ours.
 *
 * The legs may be exchanged while on air: a new set is opened beside the one
 * in use and handed over at a datagram.
 */
#ifndef PLAYOUT_OUTPUTS_H
#define PLAYOUT_OUTPUTS_H

#include "playout/pacer.h"
#include "playout/problems.h"
#include "playout/station.h"

struct outputs;

/* NULL when out of memory.  `lane_count` transports, no leg yet. */
struct outputs *outputs_create(size_t lane_count);
void outputs_destroy(struct outputs *outputs); /* accepts NULL; the pacer has stopped */

/*
 * Opens sockets for all outputs of the station's transports and hands them to
 * the pacer.  lanes[i] is the number in the station of the transport that is
 * lane i.  An output that cannot be opened is told in *problems and left
 * out.  Control thread.  0, or -ENOMEM with nothing changed.
 */
int outputs_open(struct outputs *outputs, const struct station *station, const size_t *lanes,
                 struct problems *problems);

/* Releases what was in use before the last outputs_open(), once the pacer is done with it. */
void outputs_tidy(struct outputs *outputs);

/* To be called after the first outputs_open(), before the pacer is given it. */
struct pacer_sink *outputs_sink(struct outputs *outputs);

/* Datagrams of a lane that the kernel did not take, and why last: errno.  Any thread. */
uint64_t outputs_errors(const struct outputs *outputs, size_t lane, int *last_error);

#endif
