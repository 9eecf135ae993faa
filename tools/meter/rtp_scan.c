/* SPDX-License-Identifier: MIT */
#include "tools/meter/rtp_scan.h"

#include <string.h>

enum { HEADER = 12, VERSION = 2, RESTART = 1024, SYNC = 0x47 };

/* Bytes before the payload; 0: this is no RTP. */
static size_t header_size(const uint8_t *bytes, size_t size)
{
    if (size < HEADER || bytes[0] >> 6 != VERSION) {
        return 0;
    }
    size_t header = HEADER + 4 * (size_t)(bytes[0] & 0x0f);
    if ((bytes[0] & 0x10) != 0) {
        if (header + 4 > size) {
            return 0;
        }
        header += 4 + 4 * (size_t)(bytes[header + 2] << 8 | bytes[header + 3]);
    }
    return header <= size ? header : 0;
}

static size_t payload_size(const uint8_t *bytes, size_t size, size_t header)
{
    const size_t padding = (bytes[0] & 0x20) != 0 ? bytes[size - 1] : 0;
    return header + padding <= size ? size - header - padding : 0;
}

bool rtp_looks_like(const uint8_t *bytes, size_t size)
{
    const size_t header = header_size(bytes, size);
    return header > 0 && header < size && bytes[0] != SYNC && bytes[header] == SYNC;
}

static void start(struct rtp_scan *scan, uint16_t sequence)
{
    memset(scan->waiting, 0, sizeof(scan->waiting));
    scan->waiting_count = 0;
    scan->has_started = true;
    scan->expected = sequence;
}

static void keep(struct rtp_scan *scan, uint16_t sequence, const uint8_t *bytes, size_t size,
                 int64_t arrival_ns)
{
    struct rtp_waiting *place = &scan->waiting[sequence % RTP_WAITING];
    if (place->is_used) {
        scan->duplicates++;
        return;
    }
    place->is_used = true;
    place->arrival_ns = arrival_ns;
    place->size = size < RTP_PAYLOAD_MAX ? size : RTP_PAYLOAD_MAX;
    memcpy(place->bytes, bytes, place->size);
    scan->waiting_count++;
}

bool rtp_scan_push(struct rtp_scan *scan, const uint8_t *bytes, size_t size, int64_t arrival_ns)
{
    const size_t header = header_size(bytes, size);
    if (header == 0) {
        return false;
    }
    const uint16_t sequence = (uint16_t)(bytes[2] << 8 | bytes[3]);
    if (!scan->has_started) {
        start(scan, sequence);
    }
    const uint16_t ahead = (uint16_t)(sequence - scan->expected);
    if (ahead >= RESTART && ahead <= (uint16_t)-RESTART) {
        scan->restarts++;
        start(scan, sequence);
    } else if (ahead >= 0x8000) {
        scan->duplicates++; /* or far too late */
        return true;
    } else if (ahead >= RTP_WAITING) {
        /* Many in a row are lost, and with them the few that waited behind the first. */
        scan->lost += ahead;
        scan->lost_total += ahead;
        start(scan, sequence);
    }
    scan->reordered += scan->waiting_count > 0 && sequence == scan->expected ? 1 : 0;
    keep(scan, sequence, bytes + header, payload_size(bytes, size, header), arrival_ns);
    return true;
}

bool rtp_scan_next(struct rtp_scan *scan, struct rtp_payload *payload)
{
    struct rtp_waiting *place = &scan->waiting[scan->expected % RTP_WAITING];
    if (scan->waiting_count == 0) {
        return false;
    }
    if (!place->is_used) {
        if (scan->waiting_count < RTP_WAITING / 2) {
            return false;
        }
        while (!scan->waiting[scan->expected % RTP_WAITING].is_used) {
            scan->lost++;
            scan->lost_total++;
            scan->expected++;
        }
        place = &scan->waiting[scan->expected % RTP_WAITING];
    }
    *payload = (struct rtp_payload){place->bytes, place->size, place->arrival_ns, scan->lost};
    scan->lost = 0;
    place->is_used = false;
    scan->waiting_count--;
    scan->expected++;
    return true;
}
