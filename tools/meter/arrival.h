/* SPDX-License-Identifier: MIT */
/*
 * arrival: program clock references against the times when they arrive.
 *
 * A straight line through the last minute of arrivals says how fast the
 * sender's clock runs against ours; what is off the line is jitter.  Gaps
 * between datagrams are sorted into powers of two of a microsecond.
 */
#ifndef TOOLS_METER_ARRIVAL_H
#define TOOLS_METER_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>

enum { ARRIVAL_BUCKETS = 24 }; /* the last: 2^23 us, 8 s, and more */

struct arrival;

struct arrival_summary {
    int64_t count; /* references that it is about */
    double p50_us; /* of the distances from the line, without sign */
    double p99_us;
    double peak_us;   /* from the earliest to the latest */
    double drift_ppm; /* of the sender's clock against ours: positive is fast */
    int64_t datagrams;
    double longest_gap_ms;         /* between two datagrams */
    int64_t gaps[ARRIVAL_BUCKETS]; /* shorter than 2^i us, and not than 2^(i-1) */
};

struct arrival *arrival_create(void);          /* NULL: out of memory */
void arrival_destroy(struct arrival *arrival); /* accepts NULL */

/* A new line begins. */
void arrival_start(struct arrival *arrival);

/* All that has been measured is forgotten. */
void arrival_reset(struct arrival *arrival);

/* The stream's clock said `pcr` (27 MHz ticks) when this packet arrived. */
void arrival_pcr(struct arrival *arrival, int64_t pcr, int64_t arrival_ns);

/* A datagram arrived. */
void arrival_datagram(struct arrival *arrival, int64_t arrival_ns);

/* Of what is kept now. */
void arrival_summary(const struct arrival *arrival, struct arrival_summary *summary);

#endif
