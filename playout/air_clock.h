/* SPDX-License-Identifier: MIT */
/*
 * air_clock: UTC for the output, which never steps.
 *
 * UTC is CLOCK_MONOTONIC plus an offset.  The offset is measured once, when
 * going on air; from then on it follows the system's clock by at most 20 µs
 * a second, whatever somebody sets that clock to.  How far the two are apart
 * is told, so that an alarm can be raised.
 *
 * Thread: one thread watches, any thread reads.
 */
#ifndef PLAYOUT_AIR_CLOCK_H
#define PLAYOUT_AIR_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    AIR_CLOCK_SLEW_NS = 20000,         /* at most so much a second */
    AIR_CLOCK_ALARM_NS = 10 * 1000000, /* further apart than this is an alarm */
};

struct air_clock {
    _Atomic int64_t offset_ns; /* UTC - monotonic */
    /* Of the watching thread: */
    int64_t watched_ns; /* monotonic, of the last look */
    int64_t error_ns;   /* system's clock - UTC of the output, at the last look */
};

/* offset_ns as measured. */
void air_clock_init(struct air_clock *clock, int64_t monotonic_ns, int64_t offset_ns);

/* Follows a new measurement, slowly; call it about once a second. */
void air_clock_watch(struct air_clock *clock, int64_t monotonic_ns, int64_t offset_ns);

/* UTC at a monotonic time, and back.  RT-safe. */
int64_t air_clock_utc_ns(const struct air_clock *clock, int64_t monotonic_ns);
int64_t air_clock_monotonic_ns(const struct air_clock *clock, int64_t utc_ns);

/* True when the system's clock is further away than AIR_CLOCK_ALARM_NS. */
bool air_clock_is_off(const struct air_clock *clock);

/* The machine: CLOCK_MONOTONIC (RT-safe); the best of several readings of
 * CLOCK_REALTIME against it; whether the kernel calls its clock synchronised. */
int64_t system_monotonic_ns(void);
int64_t system_utc_offset_ns(void);
bool system_clock_is_synchronised(void);

#endif
