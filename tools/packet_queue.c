/* SPDX-License-Identifier: MIT */
#include "tools/packet_queue.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET = 188 };

void packet_queue_finish(struct packet_queue *queue)
{
    free(queue->bytes);
    *queue = (struct packet_queue){0};
}

static int make_room(struct packet_queue *queue, size_t count)
{
    if (queue->head + queue->count + count <= queue->room) {
        return 0;
    }
    if (queue->head > 0 && queue->head >= queue->count) {
        memcpy(queue->bytes, packet_queue_at(queue, 0), queue->count * PACKET);
        queue->head = 0;
    }
    const size_t needed = queue->head + queue->count + count;
    if (needed > queue->room) {
        uint8_t *grown = realloc(queue->bytes, 2 * needed * PACKET);
        if (grown == NULL) {
            return -ENOMEM;
        }
        queue->bytes = grown;
        queue->room = 2 * needed;
    }
    return 0;
}

int packet_queue_push(struct packet_queue *queue, const uint8_t *packets, size_t count)
{
    if (count == 0) {
        return 0;
    }
    if (make_room(queue, count) < 0) {
        return -ENOMEM;
    }
    memcpy(queue->bytes + (queue->head + queue->count) * PACKET, packets, count * PACKET);
    queue->count += count;
    return 0;
}

void packet_queue_drop(struct packet_queue *queue, size_t count)
{
    assert(count <= queue->count);
    queue->head += count;
    queue->count -= count;
}

const uint8_t *packet_queue_at(const struct packet_queue *queue, size_t i)
{
    return queue->bytes + (queue->head + i) * PACKET;
}
