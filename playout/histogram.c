/* SPDX-License-Identifier: MIT */
#include "playout/histogram.h"

#include <stddef.h>

/* Values below HISTOGRAM_STEPS have a bucket each. */
static size_t bucket_of(uint64_t value)
{
    if (value < HISTOGRAM_STEPS) {
        return (size_t)value;
    }
    const int doubling = 63 - __builtin_clzll(value) - 3; /* log2(value / STEPS) */
    const size_t bucket =
        (size_t)(doubling + 1) * HISTOGRAM_STEPS + (size_t)((value >> doubling) - HISTOGRAM_STEPS);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t bucket_end(size_t bucket)
{
    if (bucket < HISTOGRAM_STEPS) {
        return bucket;
    }
    const size_t doubling = bucket / HISTOGRAM_STEPS - 1;
    return ((uint64_t)(HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS + 1) << doubling) - 1;
}

void histogram_add(struct histogram *histogram, int64_t value_ns)
{
    const uint64_t value = value_ns > 0 ? (uint64_t)value_ns : 0;
    _Atomic uint32_t *bucket = &histogram->counts[bucket_of(value)];
    /* One writer: no need for atomic additions, which cost as much as the rest. */
    atomic_store_explicit(bucket, atomic_load_explicit(bucket, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    const uint64_t total = atomic_load_explicit(&histogram->total, memory_order_relaxed);
    atomic_store_explicit(&histogram->total, total + 1, memory_order_relaxed);
    if (value > atomic_load_explicit(&histogram->max_ns, memory_order_relaxed)) {
        atomic_store_explicit(&histogram->max_ns, value, memory_order_relaxed);
    }
}

uint64_t histogram_quantile_ns(const struct histogram *histogram, int per_mille)
{
    uint64_t total = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        total += atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
    }
    const uint64_t wanted = (total * (uint64_t)per_mille + 999) / 1000;
    const uint64_t max = histogram_max_ns(histogram);
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS && total > 0; i++) {
        seen += atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
        if (seen >= wanted && seen > 0) {
            return bucket_end(i) < max ? bucket_end(i) : max;
        }
    }
    return max;
}

uint64_t histogram_max_ns(const struct histogram *histogram)
{
    return atomic_load_explicit(&histogram->max_ns, memory_order_relaxed);
}

uint64_t histogram_total(const struct histogram *histogram)
{
    return atomic_load_explicit(&histogram->total, memory_order_relaxed);
}
