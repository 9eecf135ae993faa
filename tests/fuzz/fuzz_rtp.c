/* SPDX-License-Identifier: MIT */
/*
 * RTP: whatever comes in whatever order, each datagram goes out once at most,
 * in order, and together with the losses the numbers have no gap.
 *
 * Three bytes are a datagram: its number, as a distance from the one before,
 * and its source; of the last byte, bit 0 is the source, bit 1 makes the
 * distance large, bit 2 asks for what waits, bit 3 cuts the datagram short.
 */
#include "tools/meter/rtp_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER = 12, DATAGRAM = HEADER + 188 };

struct run {
    struct rtp_scan scan;
    int64_t pushed;
    int64_t delivered;
    int64_t restarts; /* when the last one was handed out */
    uint16_t last;
};

static void require(int is_so)
{
    if (!is_so) {
        abort();
    }
}

static void take_all(struct run *run)
{
    struct rtp_payload payload;
    while (rtp_scan_next(&run->scan, &payload)) {
        require(payload.lost >= 0 && payload.size == 188);
        const uint16_t number = (uint16_t)(payload.bytes[1] << 8 | payload.bytes[2]);
        if (run->delivered > 0 && run->scan.restarts == run->restarts) {
            require((uint16_t)(number - run->last) == (uint16_t)(payload.lost + 1));
        }
        run->last = number;
        run->restarts = run->scan.restarts;
        run->delivered++;
    }
}

static void push(struct run *run, uint16_t number, const uint8_t *step)
{
    uint8_t bytes[DATAGRAM] = {0x80, 33, (uint8_t)(number >> 8), (uint8_t)number};
    bytes[11] = step[2] & 1;
    bytes[HEADER] = 0x47;
    bytes[HEADER + 1] = bytes[2];
    bytes[HEADER + 2] = bytes[3];
    if ((step[2] & 8) != 0) {
        require(!rtp_scan_push(&run->scan, bytes, step[0] % HEADER, 1));
        return;
    }
    require(rtp_scan_push(&run->scan, bytes, sizeof(bytes), 1));
    run->pushed++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run run;
    uint16_t number = 0;
    memset(&run, 0, sizeof(run));
    for (size_t at = 0; at + 3 <= size; at += 3) {
        const uint8_t *step = data + at;
        number = (uint16_t)((step[2] & 2) != 0 ? step[0] << 8 | step[1] : number + (int8_t)step[0]);
        push(&run, number, step);
        take_all(&run);
        if ((step[2] & 4) != 0) {
            rtp_scan_flush(&run.scan);
            take_all(&run);
            require(run.scan.waiting_count == 0 && run.scan.behind_count == 0);
        }
    }
    rtp_scan_flush(&run.scan);
    take_all(&run);
    /* A lone one far behind is kept in case that its successor comes. */
    const int kept = run.scan.suspect.is_used ? 1 : 0;
    require(run.pushed >= run.delivered + run.scan.duplicates);
    require(run.pushed <= run.delivered + run.scan.duplicates + kept + run.scan.restarts);
    return 0;
}
