/* SPDX-License-Identifier: MIT */
/*
 * proof_inner: the arithmetic that proof.c and cut.c share.
 *
 * Time is scaled: 90 kHz ticks x packets a second.  A packet lasts 90000,
 * exactly.  Bound: 10 days of ticks x 10^5 packets < 2^57.
 */
#ifndef PLAYOUT_PROOF_INNER_H
#define PLAYOUT_PROOF_INNER_H

#include "playout/station.h"
#include "playout/window.h"

#include <stdint.h>

enum {
    TICKS_PER_SECOND = 90000,
    /* From the last byte of an access unit on the wire to the buffer that it is
     * decoded from: at most TB and MB full of it. */
    TRANSIT_US = 2000,
};

static inline int64_t proof_scaled_us(const struct es_profile *es, int64_t us)
{
    return (us * TICKS_PER_SECOND + 999999) / 1000000 * es->packets_per_second;
}

/*
 * The decoder's buffer: so many access units of at most max_lead before
 * their time are there whole, and so many packets of the one on its way.
 */
static inline int64_t proof_whole_units(const struct es_profile *es)
{
    return (int64_t)es->max_lead_ms * TICKS_PER_MS / es->unit_ticks;
}

static inline int64_t proof_bytes_on_their_way(const struct es_profile *es)
{
    const int64_t begun = (int64_t)es->max_lead_ms * TICKS_PER_MS % es->unit_ticks;
    /* latency lets packets come closer together, by one */
    return (begun * es->packets_per_second / TICKS_PER_SECOND + 2) * TS_PAYLOAD_SIZE;
}

#endif
