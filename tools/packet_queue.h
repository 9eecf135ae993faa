/* SPDX-License-Identifier: MIT */
/*
 * packet_queue: transport stream packets, first in, first out.
 *
 * What waits lies in one piece, so that packets can be looked at by number.
 * Taking from the front moves nothing; what waits is moved when as much has
 * been taken, so each packet is copied a few times, however long it waits.
 */
#ifndef TOOLS_PACKET_QUEUE_H
#define TOOLS_PACKET_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct packet_queue { /* zeroed: empty */
    uint8_t *bytes;
    size_t head;  /* packets before it have been taken */
    size_t count; /* packets that wait behind it */
    size_t room;
};

void packet_queue_finish(struct packet_queue *queue); /* accepts a zeroed one */

/* Appends packets; 0 or -ENOMEM. */
int packet_queue_push(struct packet_queue *queue, const uint8_t *packets, size_t count);

/* Takes `count` from the front, no more than wait. */
void packet_queue_drop(struct packet_queue *queue, size_t count);

/* Packet `i` of those that wait; valid until the next push. */
const uint8_t *packet_queue_at(const struct packet_queue *queue, size_t i);

#endif
