/* SPDX-License-Identifier: MIT */
/*
 * pacing: when each datagram is due.
 *
 * Datagram m holds slots 7m to 7m + 6 and is due at slot 7m, that is at
 * 7m / K seconds since the Unix epoch.  Pure integer arithmetic, exact to
 * the nanosecond (rounded down); m up to 2^45 (a thousand years at 1 Gb/s).
 */
#ifndef PLAYOUT_PACING_H
#define PLAYOUT_PACING_H

#include <stdint.h>

enum {
    NS_PER_S = 1000000000,
    NS_PER_MS = 1000000,
    NS_PER_FRAME = 40000000,
};

/* Nanoseconds since the epoch at which a datagram is due.  RT-safe. */
int64_t pacing_due_ns(int slots_per_second, uint64_t datagram);

/* The first datagram that is due at `utc_ns` or later.  RT-safe. */
uint64_t pacing_first_from(int slots_per_second, int64_t utc_ns);

/* How many datagrams a ring needs to hold `ms` milliseconds, rounded up. */
uint64_t pacing_datagrams_in(int slots_per_second, int ms);

#endif
