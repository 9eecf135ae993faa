/* SPDX-License-Identifier: MIT */
/*
 * histogram: how late, how often, in log-linear buckets.
 *
 * Eight buckets to every doubling, from 1 ns to 69 s: a quantile is told to
 * within an eighth of its value.  Counters are atomic: one thread adds, any
 * thread reads.
 */
#ifndef PLAYOUT_HISTOGRAM_H
#define PLAYOUT_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

enum {
    HISTOGRAM_STEPS = 8, /* buckets to a doubling */
    HISTOGRAM_BUCKETS = 34 * HISTOGRAM_STEPS,
};

struct histogram {
    _Atomic uint32_t counts[HISTOGRAM_BUCKETS]; /* wraps after 150 days at 332 a second */
    _Atomic uint64_t total;
    _Atomic uint64_t max_ns;
};

/* Negative values count as 0.  RT-safe.  One thread. */
void histogram_add(struct histogram *histogram, int64_t value_ns);

/*
 * The value that `per_mille` of all values do not exceed, as the upper end of
 * its bucket, but never above the maximum; 0 when there is none.  Any thread.
 */
uint64_t histogram_quantile_ns(const struct histogram *histogram, int per_mille);
uint64_t histogram_max_ns(const struct histogram *histogram);
uint64_t histogram_total(const struct histogram *histogram);

#endif
