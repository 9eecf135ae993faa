/* SPDX-License-Identifier: MIT */
#include "tools/meter/rtp_scan.h"

#include <string.h>

enum { HEADER = 12, VERSION = 2, SYNC = 0x47, LATE = 100 /* what comes so late is no beginning */ };

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

static uint32_t source_of(const uint8_t *bytes)
{
    return (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 |
           bytes[11];
}

static void start(struct rtp_scan *scan, uint16_t sequence)
{
    memset(scan->waiting, 0, sizeof(scan->waiting));
    scan->waiting_count = 0;
    scan->has_started = true;
    scan->expected = sequence;
    scan->newest = sequence;
}

/* A datagram among those that are due. */
static void keep(struct rtp_scan *scan, const struct rtp_waiting *datagram)
{
    struct rtp_waiting *place = &scan->waiting[datagram->sequence % RTP_WAITING];
    if (place->is_used) {
        scan->duplicates++;
        return;
    }
    if ((uint16_t)(datagram->sequence - scan->newest) < 0x8000) {
        scan->newest = datagram->sequence;
    } else {
        scan->reordered++;
    }
    *place = *datagram;
    scan->waiting_count++;
}

static void put_behind(struct rtp_scan *scan, const struct rtp_waiting *datagram)
{
    scan->behind[scan->behind_count++] = *datagram;
}

/* Of the same source, but not due: late, doubled, a stray, or a new beginning. */
static void take_late(struct rtp_scan *scan, const struct rtp_waiting *datagram)
{
    struct rtp_waiting *suspect = &scan->suspect;
    if ((uint16_t)(scan->expected - datagram->sequence) <= LATE) {
        scan->duplicates++;
        return;
    }
    if (!suspect->is_used || datagram->sequence != (uint16_t)(suspect->sequence + 1)) {
        scan->duplicates += suspect->is_used ? 1 : 0;
        *suspect = *datagram;
        return;
    }
    put_behind(scan, suspect);
    put_behind(scan, datagram);
    suspect->is_used = false;
    scan->is_restart = true;
}

static void take(struct rtp_scan *scan, const struct rtp_waiting *datagram, uint32_t source)
{
    const uint16_t ahead = (uint16_t)(datagram->sequence - scan->expected);
    if (source != scan->source) {
        scan->source = source;
        scan->is_restart = true;
        scan->suspect.is_used = false;
        put_behind(scan, datagram);
    } else if (ahead >= 0x8000) {
        take_late(scan, datagram);
    } else if (ahead >= RTP_WAITING) {
        put_behind(scan, datagram);
    } else {
        keep(scan, datagram);
    }
}

bool rtp_scan_push(struct rtp_scan *scan, const uint8_t *bytes, size_t size, int64_t arrival_ns)
{
    const size_t header = header_size(bytes, size);
    const size_t payload = header > 0 ? payload_size(bytes, size, header) : 0;
    if (header == 0 || payload > RTP_PAYLOAD_MAX) {
        return false;
    }
    struct rtp_payload dropped;
    while (scan->behind_count > 0 && rtp_scan_next(scan, &dropped)) { /* not taken: gone */
        scan->lost += 1 + dropped.lost;
        scan->lost_total++;
    }
    struct rtp_waiting datagram = {.is_used = true, .arrival_ns = arrival_ns};
    datagram.sequence = (uint16_t)(bytes[2] << 8 | bytes[3]);
    datagram.size = payload;
    memcpy(datagram.bytes, bytes + header, datagram.size);
    if (!scan->has_started) {
        scan->source = source_of(bytes);
        start(scan, datagram.sequence);
    }
    scan->is_ending = false;
    take(scan, &datagram, source_of(bytes));
    return true;
}

/* Up to this number, those that have not come are lost. */
static void give_up(struct rtp_scan *scan, uint16_t sequence)
{
    const uint16_t missing = (uint16_t)(sequence - scan->expected);
    scan->lost += missing;
    scan->lost_total += missing;
    scan->expected = sequence;
}

/* The number of the first that waits; there is one. */
static uint16_t first_waiting(const struct rtp_scan *scan)
{
    uint16_t sequence = scan->expected;
    while (!scan->waiting[sequence % RTP_WAITING].is_used) {
        sequence++;
    }
    return sequence;
}

/* Those behind become due when they fit, or when nothing waits before them. */
static void bring_up(struct rtp_scan *scan)
{
    if (scan->behind_count == 0 || scan->is_restart) {
        return;
    }
    const uint16_t sequence = scan->behind[0].sequence;
    const uint16_t ahead = (uint16_t)(sequence - scan->expected);
    if (scan->waiting_count == 0) {
        give_up(scan, sequence);
    } else if (ahead >= RTP_WAITING) {
        const uint16_t short_of = (uint16_t)(ahead - RTP_WAITING + 1);
        const uint16_t missing = (uint16_t)(first_waiting(scan) - scan->expected);
        give_up(scan, (uint16_t)(scan->expected + (missing < short_of ? missing : short_of)));
    }
    if ((uint16_t)(sequence - scan->expected) < RTP_WAITING) {
        scan->behind_count = 0;
        keep(scan, &scan->behind[0]);
    }
}

static void restart(struct rtp_scan *scan)
{
    const int count = scan->behind_count;
    scan->restarts++;
    scan->is_restart = false;
    scan->behind_count = 0;
    start(scan, scan->behind[0].sequence);
    for (int i = 0; i < count; i++) {
        keep(scan, &scan->behind[i]);
    }
}

bool rtp_scan_next(struct rtp_scan *scan, struct rtp_payload *payload)
{
    if (scan->waiting_count == 0 && scan->is_restart) {
        restart(scan);
    }
    bring_up(scan);
    if (scan->waiting_count == 0) {
        return false;
    }
    const uint16_t due = first_waiting(scan);
    if (due != scan->expected && scan->behind_count == 0 && !scan->is_ending) {
        return false;
    }
    struct rtp_waiting *place = &scan->waiting[due % RTP_WAITING];
    give_up(scan, due);
    *payload = (struct rtp_payload){place->bytes, place->size, place->arrival_ns, scan->lost};
    scan->lost = 0;
    place->is_used = false;
    scan->waiting_count--;
    scan->expected++;
    return true;
}

void rtp_scan_flush(struct rtp_scan *scan)
{
    scan->is_ending = true;
}
