/* SPDX-License-Identifier: MIT */
/*
 * The pace of most intervals says roughly what the rate is, and whether there
 * is one at all; a least-squares line through the references that keep that
 * pace says it exactly.
 */
#include "tools/meter/rate_scan.h"

#include "tools/meter/stc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { SLOT_BITS = 1504 };

static const double NS_PER_TICK = 1000.0 / 27.0;
/* Of the pace: jitter of the references moves a short interval by some per mille. */
static const double PACE_TOLERANCE = 0.01;
static const double PACE_SHARE = 0.8;
/* References are rounded, or rounded down, to whole ticks. */
static const double ROUNDING_TICKS = 1.1;
static const double INTERVAL_MAX_TICKS = 27e6;

struct line {
    double slope;  /* ticks a byte */
    double offset; /* ticks at the first sample */
    double low;    /* residuals */
    double high;
};

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Ticks and bytes from sample i to the next; false when they are on no common line. */
static bool interval(const struct rate_sample *samples, size_t i, double *bytes, double *ticks)
{
    *bytes = (double)(samples[i + 1].byte - samples[i].byte);
    *ticks = (double)stc_difference(samples[i + 1].pcr, samples[i].pcr, STC_WRAP);
    return *bytes > 0 && *ticks > 0 && *ticks < INTERVAL_MAX_TICKS;
}

/* The median pace in bits a second; how many intervals are about as fast. */
static double median_pace(const struct rate_sample *samples, size_t count, double *paces,
                          double *share)
{
    double bytes = 0;
    double ticks = 0;
    size_t used = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        if (interval(samples, i, &bytes, &ticks)) {
            paces[used++] = bytes * (double)STC_SCALE / ticks;
        }
    }
    if (used < 2) {
        return 0;
    }
    qsort(paces, used, sizeof(*paces), compare);
    const double median = paces[used / 2];
    size_t near = 0;
    for (size_t i = 0; i < used; i++) {
        near += fabs(paces[i] - median) <= PACE_TOLERANCE * median;
    }
    *share = (double)near / (double)used;
    return median;
}

/* The longest run of samples with one pace: from *first, returns how many. */
static size_t longest_run(const struct rate_sample *samples, size_t count, double pace,
                          size_t *first)
{
    double bytes = 0;
    double ticks = 0;
    size_t best = 0;
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 - start > best) {
            best = i + 1 - start;
            *first = start;
        }
        if (i + 1 < count &&
            (!interval(samples, i, &bytes, &ticks) ||
             fabs(bytes * (double)STC_SCALE / ticks - pace) > PACE_TOLERANCE * pace)) {
            start = i + 1;
        }
    }
    return best;
}

static void residuals(const struct rate_sample *samples, size_t count, struct line *line)
{
    line->low = 0;
    line->high = 0;
    for (size_t i = 0; i < count; i++) {
        const double bytes = (double)(samples[i].byte - samples[0].byte);
        const double ticks = (double)stc_difference(samples[i].pcr, samples[0].pcr, STC_WRAP);
        const double off = ticks - line->offset - line->slope * bytes;
        line->low = i == 0 || off < line->low ? off : line->low;
        line->high = i == 0 || off > line->high ? off : line->high;
    }
}

static struct line least_squares(const struct rate_sample *samples, size_t count)
{
    double mean_x = 0;
    double mean_y = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += (double)(samples[i].byte - samples[0].byte) / (double)count;
        mean_y += (double)stc_difference(samples[i].pcr, samples[0].pcr, STC_WRAP) / (double)count;
    }
    double xx = 0;
    double xy = 0;
    for (size_t i = 0; i < count; i++) {
        const double x = (double)(samples[i].byte - samples[0].byte) - mean_x;
        const double y = (double)stc_difference(samples[i].pcr, samples[0].pcr, STC_WRAP) - mean_y;
        xx += x * x;
        xy += x * y;
    }
    struct line line = {.slope = xy / xx};
    line.offset = mean_y - line.slope * mean_x;
    residuals(samples, count, &line);
    return line;
}

/* The roundest rate whose line fits within the rounding of the references. */
static bool round_rate(const struct rate_sample *samples, size_t count, double rate_bps,
                       int64_t *rounded)
{
    static const int STEPS[] = {25 * SLOT_BITS, 1000000, 100000, SLOT_BITS, 1000, 100, 10, 1};
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
        const int64_t candidate = llround(rate_bps / STEPS[i]) * STEPS[i];
        struct line line = {.slope = candidate > 0 ? (double)STC_SCALE / (double)candidate : 0};
        if (candidate > 0) {
            residuals(samples, count, &line);
            if (line.high - line.low <= ROUNDING_TICKS) {
                *rounded = candidate;
                return true;
            }
        }
    }
    return false;
}

/* Over the intervals that are on a common line. */
static double mean_pace(const struct rate_sample *samples, size_t count)
{
    double all_bytes = 0;
    double all_ticks = 0;
    double bytes = 0;
    double ticks = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        if (interval(samples, i, &bytes, &ticks)) {
            all_bytes += bytes;
            all_ticks += ticks;
        }
    }
    return all_ticks > 0 ? all_bytes * (double)STC_SCALE / all_ticks : 0;
}

static bool is_rate(double bps)
{
    return bps >= (double)RATE_MIN_BPS && bps <= (double)RATE_MAX_BPS;
}

/* The line through samples of one pace; -ENODATA: it says no rate. */
static int fit(const struct rate_sample *samples, size_t count, struct rate_estimate *found)
{
    const struct line line = least_squares(samples, count);
    found->exact_bps = (double)STC_SCALE / line.slope;
    found->scatter_ns = fmax(line.high, -line.low) * NS_PER_TICK;
    if (!is_rate(found->exact_bps)) {
        return -ENODATA;
    }
    found->rate_bps = llround(found->exact_bps);
    found->is_round = round_rate(samples, count, found->exact_bps, &found->rate_bps);
    if (found->is_round) {
        found->exact_bps = (double)found->rate_bps;
    }
    return is_rate(found->exact_bps) ? 0 : -ENODATA;
}

int rate_scan(const struct rate_sample *samples, size_t count, struct rate_estimate *estimate)
{
    double share = 0;
    size_t first = 0;
    double *paces = count >= 3 ? calloc(count, sizeof(*paces)) : NULL;
    const double pace = paces != NULL ? median_pace(samples, count, paces, &share) : 0;
    free(paces);
    if (pace <= 0) {
        return -ENODATA;
    }
    const size_t run = longest_run(samples, count, pace, &first);
    struct rate_estimate found = {.is_constant = share >= PACE_SHARE && run >= 3};
    if (found.is_constant) {
        const int result = fit(samples + first, run, &found);
        if (result < 0) {
            return result;
        }
    } else {
        found.exact_bps = mean_pace(samples, count);
        if (!is_rate(found.exact_bps)) {
            return -ENODATA;
        }
        found.rate_bps = llround(found.exact_bps);
    }
    *estimate = found;
    return 0;
}
