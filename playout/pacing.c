/* SPDX-License-Identifier: MIT */
#include "playout/pacing.h"

#include "playout/tape.h"

int64_t pacing_due_ns(int slots_per_second, uint64_t datagram)
{
    const uint64_t slots = (uint64_t)slots_per_second;
    const uint64_t slot = datagram * PACKETS_PER_DATAGRAM; /* < 2^48 */
    const uint64_t rest = slot % slots;                    /* < 2^20: x 1e9 < 2^50 */
    return (int64_t)(slot / slots * NS_PER_S + rest * NS_PER_S / slots);
}

uint64_t pacing_first_from(int slots_per_second, int64_t utc_ns)
{
    const uint64_t slots = (uint64_t)slots_per_second;
    const uint64_t seconds = (uint64_t)utc_ns / NS_PER_S;
    const uint64_t rest = (uint64_t)utc_ns % NS_PER_S; /* x 2^20 < 2^50 */
    const uint64_t slot = seconds * slots + rest * slots / NS_PER_S;
    /* Rounded down twice: at most one datagram too early. */
    uint64_t datagram = slot / PACKETS_PER_DATAGRAM;
    while (pacing_due_ns(slots_per_second, datagram) < utc_ns) {
        datagram++;
    }
    return datagram;
}

uint64_t pacing_datagrams_in(int slots_per_second, int ms)
{
    enum { DATAGRAM_MS = PACKETS_PER_DATAGRAM * 1000 };
    return ((uint64_t)slots_per_second * (uint64_t)ms + DATAGRAM_MS - 1) / DATAGRAM_MS;
}
