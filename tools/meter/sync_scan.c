/* SPDX-License-Identifier: MIT */
#include "tools/meter/sync_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 188, SYNC = 0x47, GOOD = 5, BAD = 2 };

static const int STRIDES[] = {188, 204, 192};

struct sync_scan {
    uint8_t *bytes;
    size_t room;
    size_t head;
    size_t used;    /* bytes[head .. head + used) wait */
    int64_t offset; /* of bytes[head] from the beginning */
    int64_t last_offset;
    int stride;
    bool is_synced;
    bool is_ended;
    int bad; /* wrong sync bytes in a row */
};

struct sync_scan *sync_scan_create(void)
{
    return calloc(1, sizeof(struct sync_scan));
}

void sync_scan_destroy(struct sync_scan *scan)
{
    if (scan != NULL) {
        free(scan->bytes);
        free(scan);
    }
}

int sync_scan_push(struct sync_scan *scan, const uint8_t *bytes, size_t size)
{
    if (scan->head > 0) {
        memmove(scan->bytes, scan->bytes + scan->head, scan->used);
        scan->head = 0;
    }
    if (scan->used + size > scan->room) {
        const size_t room = 2 * (scan->used + size);
        uint8_t *grown = realloc(scan->bytes, room);
        if (grown == NULL) {
            return -ENOMEM;
        }
        scan->bytes = grown;
        scan->room = room;
    }
    memcpy(scan->bytes + scan->used, bytes, size);
    scan->used += size;
    return 0;
}

void sync_scan_end(struct sync_scan *scan)
{
    scan->is_ended = true;
}

static void consume(struct sync_scan *scan, size_t size)
{
    const size_t count = size < scan->used ? size : scan->used;
    scan->head += count;
    scan->used -= count;
    scan->offset += (int64_t)count;
}

/* Sync bytes at this distance from `at` on: all five, or all there are of the last packets. */
static bool is_aligned(const struct sync_scan *scan, size_t at, int stride)
{
    const uint8_t *bytes = scan->bytes + scan->head;
    for (int i = 0; i < GOOD; i++) {
        const size_t place = at + (size_t)i * (size_t)stride;
        if (place >= scan->used) {
            return scan->is_ended && i > 0;
        }
        if (bytes[place] != SYNC) {
            return false;
        }
    }
    return true;
}

/* Looks for synchronisation; SYNC_MORE when it is not in what is there. */
static enum sync_event hunt(struct sync_scan *scan)
{
    const size_t needed = (GOOD - 1) * 204 + 1;
    size_t at = 0;
    while (scan->used - at >= needed || (scan->is_ended && at + SIZE <= scan->used)) {
        for (size_t i = 0; i < sizeof(STRIDES) / sizeof(STRIDES[0]); i++) {
            if (is_aligned(scan, at, STRIDES[i])) {
                scan->stride = STRIDES[i];
                consume(scan, at);
                scan->last_offset = scan->offset;
                scan->is_synced = true;
                scan->bad = 0;
                return SYNC_FOUND;
            }
        }
        at++;
    }
    consume(scan, at);
    return SYNC_MORE;
}

enum sync_event sync_scan_next(struct sync_scan *scan, const uint8_t **packet)
{
    if (!scan->is_synced) {
        return hunt(scan);
    }
    const size_t stride = (size_t)scan->stride;
    if (scan->used < stride && !(scan->is_ended && scan->used >= SIZE)) {
        return SYNC_MORE;
    }
    const uint8_t *bytes = scan->bytes + scan->head;
    const bool is_bad = bytes[0] != SYNC;
    scan->bad = is_bad ? scan->bad + 1 : 0;
    if (scan->bad == BAD) {
        scan->is_synced = false;
        return SYNC_LOST; /* the hunt begins with this packet */
    }
    *packet = bytes;
    scan->last_offset = scan->offset;
    consume(scan, stride);
    return is_bad ? SYNC_BAD : SYNC_PACKET;
}

int sync_scan_stride(const struct sync_scan *scan)
{
    return scan->stride;
}

int64_t sync_scan_offset(const struct sync_scan *scan)
{
    return scan->last_offset;
}

size_t sync_scan_left(const struct sync_scan *scan)
{
    return scan->used;
}
