/* SPDX-License-Identifier: MIT */
/*
 * output_set: the legs of all lanes, with their sockets and recorders.
 *
 * Included by outputs.c and its tests only; the contract is in outputs.h.
 * A set is opened and destroyed by the control thread, and in between, but
 * for the counters, belongs to the pacer.
 */
#ifndef PLAYOUT_OUTPUT_SET_H
#define PLAYOUT_OUTPUT_SET_H

#include "playout/recorders.h"
#include "playout/rtp.h"
#include "playout/station.h"

#include <stdatomic.h>
#include <sys/socket.h>

enum {
    OUTPUT_BATCH = 64, /* messages to a call */
    /* Their datagrams fit into a send buffer of the size that systems permit by default. */
    LEGS_PER_SOCKET = 64,
};

struct leg;

/* One message: an RTP header perhaps, and the datagram. */
struct message {
    struct leg *leg; /* whose it is */
    struct iovec vectors[2];
    uint8_t header[RTP_HEADER_LENGTH];
};

/* One socket and what is waiting for it. */
struct leg_socket {
    int fd;
    const struct output *output; /* the first that it serves, while the set is being opened */
    size_t legs;
    unsigned waiting;
    struct mmsghdr headers[OUTPUT_BATCH];
    struct message messages[OUTPUT_BATCH];
};

/* One output, as the pacer needs it. */
struct leg {
    size_t lane;
    int slots_per_second;
    uint32_t ssrc;
    bool is_rtp;
    struct leg_socket *socket;        /* UDP, RTP */
    struct shared_recorder *recorder; /* file; when both are NULL the leg is not open, and */
    int error;                        /* why: errno */
    struct sockaddr_storage address;
    socklen_t address_size;

    /* Written by the pacer. */
    _Atomic uint64_t send_errors;
    atomic_int last_error;

    /* Of the control thread. */
    uint64_t errors_seen; /* datagrams lost until the last look, and */
    int failing;          /* why since the look before: errno */
};

struct output_set {
    struct leg_socket **sockets;
    size_t socket_count;
    struct leg *legs; /* in order of lanes */
    size_t leg_count;
    size_t *first_leg; /* of each lane, and one more */
    size_t failures;   /* legs that are not open */
};

/* A set without legs.  NULL: out of memory. */
struct output_set *output_set_create(size_t lane_count, size_t leg_count);

/*
 * All outputs of the transports station->transports[lanes[i]]; those that
 * cannot be opened have an error.  Recorders are those of *recorders, or are
 * added there.  NULL: out of memory.
 */
struct output_set *output_set_open(struct recorders *recorders, const struct station *station,
                                   const size_t *lanes, size_t lane_count);
void output_set_destroy(struct output_set *set); /* accepts NULL */

#endif
