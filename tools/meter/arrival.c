/* SPDX-License-Identifier: MIT */
#include "tools/meter/arrival.h"

#include "tools/meter/stc.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLES = 4096, JUMP_TICKS = 27000000 };

static const int64_t WINDOW_NS = INT64_C(60000000000);

struct sample {
    int64_t stream_ns; /* since the line began, by the sender's clock */
    int64_t arrival_ns;
};

struct arrival {
    bool has_last;
    int64_t last_pcr;
    int64_t ticks; /* since the line began */
    int64_t used;  /* samples so far; number i is at i % SAMPLES */
    struct sample samples[SAMPLES];
    int64_t datagrams;
    int64_t last_datagram_ns;
    int64_t longest_ns;
    int64_t gaps[ARRIVAL_BUCKETS];
};

struct arrival *arrival_create(void)
{
    return calloc(1, sizeof(struct arrival));
}

void arrival_destroy(struct arrival *arrival)
{
    free(arrival);
}

void arrival_start(struct arrival *arrival)
{
    arrival->has_last = false;
    arrival->ticks = 0;
    arrival->used = 0;
    arrival->last_datagram_ns = 0;
}

void arrival_reset(struct arrival *arrival)
{
    *arrival = (struct arrival){0};
}

void arrival_pcr(struct arrival *arrival, int64_t pcr, int64_t arrival_ns)
{
    const int64_t since = arrival->has_last ? stc_difference(pcr, arrival->last_pcr, STC_WRAP) : 0;
    if (since < 0 || since > JUMP_TICKS) {
        arrival_start(arrival);
    } else {
        arrival->ticks += since;
    }
    arrival->has_last = true;
    arrival->last_pcr = pcr;
    arrival->samples[arrival->used++ % SAMPLES] =
        (struct sample){arrival->ticks * 1000 / 27, arrival_ns};
}

void arrival_datagram(struct arrival *arrival, int64_t arrival_ns)
{
    const int64_t gap = arrival_ns - arrival->last_datagram_ns;
    if (arrival->last_datagram_ns > 0 && gap >= 0) {
        int bucket = 0;
        while (bucket < ARRIVAL_BUCKETS - 1 && gap >= INT64_C(1000) << bucket) {
            bucket++;
        }
        arrival->gaps[bucket]++;
        arrival->longest_ns = gap > arrival->longest_ns ? gap : arrival->longest_ns;
    }
    arrival->last_datagram_ns = arrival_ns;
    arrival->datagrams++;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Distances from the straight line, in microseconds; false: no line. */
static bool distances(const struct sample *samples, int64_t count, double *off, double *slope)
{
    double mean_x = 0;
    double mean_y = 0;
    for (int64_t i = 0; i < count; i++) {
        mean_x += (double)(samples[i].stream_ns - samples[0].stream_ns) / (double)count;
        mean_y += (double)(samples[i].arrival_ns - samples[0].arrival_ns) / (double)count;
    }
    double xx = 0;
    double xy = 0;
    for (int64_t i = 0; i < count; i++) {
        const double x = (double)(samples[i].stream_ns - samples[0].stream_ns) - mean_x;
        xx += x * x;
        xy += x * ((double)(samples[i].arrival_ns - samples[0].arrival_ns) - mean_y);
    }
    if (xx <= 0) {
        return false;
    }
    *slope = xy / xx;
    for (int64_t i = 0; i < count; i++) {
        const double x = (double)(samples[i].stream_ns - samples[0].stream_ns) - mean_x;
        const double y = (double)(samples[i].arrival_ns - samples[0].arrival_ns) - mean_y;
        off[i] = (y - *slope * x) / 1000;
    }
    return true;
}

static void measure(const struct sample *samples, int64_t count, struct arrival_summary *summary)
{
    double slope = 1;
    double *off = calloc((size_t)count, sizeof(*off));
    if (off == NULL || !distances(samples, count, off, &slope)) {
        free(off);
        return;
    }
    qsort(off, (size_t)count, sizeof(*off), compare);
    summary->peak_us = off[count - 1] - off[0];
    for (int64_t i = 0; i < count; i++) {
        off[i] = fabs(off[i]);
    }
    qsort(off, (size_t)count, sizeof(*off), compare);
    summary->count = count;
    summary->p50_us = off[count / 2];
    summary->p99_us = off[count * 99 / 100];
    summary->drift_ppm = (1 / slope - 1) * 1e6;
    free(off);
}

void arrival_summary(const struct arrival *arrival, struct arrival_summary *summary)
{
    *summary = (struct arrival_summary){.datagrams = arrival->datagrams,
                                        .longest_gap_ms = (double)arrival->longest_ns * 1e-6};
    for (int i = 0; i < ARRIVAL_BUCKETS; i++) {
        summary->gaps[i] = arrival->gaps[i];
    }
    int64_t first = arrival->used > SAMPLES ? arrival->used - SAMPLES : 0;
    const int64_t last = arrival->used - 1;
    while (first < last && arrival->samples[last % SAMPLES].arrival_ns -
                                   arrival->samples[first % SAMPLES].arrival_ns >
                               WINDOW_NS) {
        first++;
    }
    const int64_t count = arrival->used - first;
    struct sample *samples = count >= 3 ? calloc((size_t)count, sizeof(*samples)) : NULL;
    for (int64_t i = 0; samples != NULL && i < count; i++) {
        samples[i] = arrival->samples[(first + i) % SAMPLES];
    }
    if (samples != NULL) {
        measure(samples, count, summary);
    }
    free(samples);
}
