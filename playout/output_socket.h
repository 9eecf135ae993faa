/* SPDX-License-Identifier: MIT */
/*
 * output_socket: where an output of the station file leads to, as the kernel
 * wants it.
 *
 * An interface given by name holds the socket to that interface; one given
 * by an address of this machine makes it the source address, and for
 * multicast the interface that has it.
 */
#ifndef PLAYOUT_OUTPUT_SOCKET_H
#define PLAYOUT_OUTPUT_SOCKET_H

#include "playout/station.h"

#include <stdbool.h>
#include <sys/socket.h>

/* The destination of a UDP or RTP output.  0, or -errno: no such interface. */
int output_address(const struct output *output, struct sockaddr_storage *address, socklen_t *size);

/*
 * A socket for such outputs: not connected, never blocks.  Returns the
 * descriptor, which the caller closes, or -errno.
 */
int output_socket_open(const struct output *output);

/* True when one socket can serve both. */
bool output_socket_fits(const struct output *a, const struct output *b);

#endif
