/* SPDX-License-Identifier: MIT */
/*
 * rate_scan: the rate of a transport stream, from its program clock references.
 *
 * Where bytes and clock keep one pace, the rate is found to a few parts in
 * 1e9 of a second's stretch; a round rate that fits as well is taken to be the
 * true one.  Where they do not, the stream has no constant rate.
 */
#ifndef TOOLS_METER_RATE_SCAN_H
#define TOOLS_METER_RATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a rate may be: a packet a second at least; and so that all sums fit (tstd.c). */
#define RATE_MIN_BPS INT64_C(1504)
#define RATE_MAX_BPS ((INT64_C(1) << 33) - 1)

/* A program clock reference and the byte whose arrival it is. */
struct rate_sample {
    int64_t byte;
    int64_t pcr; /* 27 MHz ticks */
};

struct rate_estimate {
    bool is_constant;
    bool is_round;    /* a round rate fits within the rounding of the references */
    int64_t rate_bps; /* nearest whole one; of a stream that is not constant, its mean */
    double exact_bps;
    double scatter_ns; /* greatest distance of a reference from the line; constant ones only */
};

/*
 * Estimates from samples of one PID in rising order.  0, or -ENODATA when
 * fewer than three of them belong to one time line, or what they say is no
 * rate from RATE_MIN_BPS to RATE_MAX_BPS; *estimate is then left alone.
 */
int rate_scan(const struct rate_sample *samples, size_t count, struct rate_estimate *estimate);

#endif
