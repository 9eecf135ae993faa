/* SPDX-License-Identifier: MIT */
#include "playout/air_clock.h"

#include "playout/pacing.h"

#include <sys/timex.h>
#include <time.h>

enum { READINGS = 16 };

void air_clock_init(struct air_clock *clock, int64_t monotonic_ns, int64_t offset_ns)
{
    atomic_init(&clock->offset_ns, offset_ns);
    clock->watched_ns = monotonic_ns;
    clock->error_ns = 0;
}

void air_clock_watch(struct air_clock *clock, int64_t monotonic_ns, int64_t offset_ns)
{
    const int64_t offset = atomic_load_explicit(&clock->offset_ns, memory_order_relaxed);
    const int64_t elapsed_ms = (monotonic_ns - clock->watched_ns) / NS_PER_MS;
    /* A machine that slept for a day must not make up for it in one go. */
    const int64_t elapsed_capped_ms = elapsed_ms < 2000 ? elapsed_ms : 2000;
    const int64_t most = elapsed_capped_ms * AIR_CLOCK_SLEW_NS / 1000;
    const int64_t error = offset_ns - offset;
    const int64_t step = error > most ? most : error < -most ? -most : error;

    clock->watched_ns = monotonic_ns;
    clock->error_ns = error - step;
    atomic_store_explicit(&clock->offset_ns, offset + step, memory_order_relaxed);
}

int64_t air_clock_utc_ns(const struct air_clock *clock, int64_t monotonic_ns)
{
    return monotonic_ns + atomic_load_explicit(&clock->offset_ns, memory_order_relaxed);
}

int64_t air_clock_monotonic_ns(const struct air_clock *clock, int64_t utc_ns)
{
    return utc_ns - atomic_load_explicit(&clock->offset_ns, memory_order_relaxed);
}

bool air_clock_is_off(const struct air_clock *clock)
{
    return clock->error_ns > AIR_CLOCK_ALARM_NS || clock->error_ns < -AIR_CLOCK_ALARM_NS;
}

static int64_t read_clock_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec; /* < 2^63 until the year 2262 */
}

int64_t system_monotonic_ns(void)
{
    return read_clock_ns(CLOCK_MONOTONIC);
}

int64_t system_utc_offset_ns(void)
{
    int64_t best = 0;
    int64_t least = INT64_MAX;
    for (int i = 0; i < READINGS; i++) {
        const int64_t before = read_clock_ns(CLOCK_MONOTONIC);
        const int64_t utc = read_clock_ns(CLOCK_REALTIME);
        const int64_t after = read_clock_ns(CLOCK_MONOTONIC);
        if (after - before < least) {
            least = after - before;
            best = utc - (before + (after - before) / 2);
        }
    }
    return best;
}

bool system_clock_is_synchronised(void)
{
    struct timex state = {0};
    const int result = adjtimex(&state);
    return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}
