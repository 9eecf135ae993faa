/* SPDX-License-Identifier: MIT */
#include "playout/pacer.h"

#include "playout/pacing.h"
#include "playout/tape.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

enum {
    STACK_SIZE = 64 * 1024,
    NAP_NS = 200 * 1000000, /* longest sleep, so that a stop is noticed */
};

/* One lane in one turn. */
struct turn {
    int64_t due_ns; /* of the next datagram, UTC */
    uint64_t next;
    size_t sent; /* datagrams handed to the sink in this turn */
};

struct pacer {
    struct pacer_lane *lanes;
    size_t lane_count;
    const struct air_clock *clock;
    struct pacer_sink *sink;
    struct turn *turns; /* of each lane */
    atomic_bool is_stopping;
    bool is_running;
    pthread_t thread;
};

struct pacer *pacer_create(struct pacer_lane *lanes, size_t lane_count,
                           const struct air_clock *clock, struct pacer_sink *sink)
{
    struct pacer *pacer = calloc(1, sizeof(*pacer));
    if (pacer == NULL) {
        return NULL;
    }
    pacer->lanes = lanes;
    pacer->lane_count = lane_count;
    pacer->clock = clock;
    pacer->sink = sink;
    pacer->turns = calloc(lane_count, sizeof(pacer->turns[0]));
    if (pacer->turns == NULL) {
        pacer_destroy(pacer);
        return NULL;
    }
    for (size_t i = 0; i < lane_count; i++) {
        struct turn *turn = &pacer->turns[i];
        turn->next = ring_position(lanes[i].ring);
        turn->due_ns = pacing_due_ns(lanes[i].slots_per_second, turn->next);
    }
    return pacer;
}

void pacer_destroy(struct pacer *pacer)
{
    if (pacer == NULL) {
        return;
    }
    pacer_stop(pacer);
    free(pacer->turns);
    free(pacer);
}

static void count(_Atomic uint64_t *counter, uint64_t amount)
{
    /* One writer: no need for an atomic addition. */
    const uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, old + amount, memory_order_relaxed);
}

/* Where the lane goes on: `datagram`, or what is due now after too long a pause. */
static uint64_t skip_missed(struct pacer_lane *lane, uint64_t datagram, int64_t utc_ns)
{
    if (utc_ns - pacing_due_ns(lane->slots_per_second, datagram) <= PACER_SKIP_NS) {
        return datagram;
    }
    const uint64_t next = pacing_first_from(lane->slots_per_second, utc_ns);
    count(&lane->counters.skipped, next - datagram);
    return next;
}

/* Hands everything of one lane that is due to the sink. */
static void send_due(struct pacer *pacer, size_t index, int64_t utc_ns)
{
    struct pacer_lane *lane = &pacer->lanes[index];
    struct turn *turn = &pacer->turns[index];
    const bool is_muted = atomic_load_explicit(&lane->is_muted, memory_order_relaxed);
    turn->sent = 0;
    if (turn->due_ns > utc_ns) {
        return;
    }
    turn->next = skip_missed(lane, turn->next, utc_ns);
    /* At most PACER_SKIP_NS worth of datagrams. */
    while ((turn->due_ns = pacing_due_ns(lane->slots_per_second, turn->next)) <= utc_ns) {
        const uint8_t *bytes = ring_peek(lane->ring, turn->next);
        if (bytes == NULL) {
            count(&lane->counters.starved, 1);
        } else if (is_muted) {
            count(&lane->counters.muted, 1);
        } else {
            pacer->sink->add(pacer->sink, index, bytes);
            atomic_store_explicit(&lane->counters.last, turn->next, memory_order_relaxed);
            turn->sent++;
        }
        turn->next++;
    }
}

static void record_lateness(struct pacer_lane *lane, const struct turn *turn, int64_t utc_ns)
{
    const int64_t datagram_ns = (int64_t)PACKETS_PER_DATAGRAM * NS_PER_S / lane->slots_per_second;
    for (uint64_t i = 1; i <= turn->sent; i++) {
        const int64_t late = utc_ns - pacing_due_ns(lane->slots_per_second, turn->next - i);
        histogram_add(&lane->counters.lateness, late);
        count(&lane->counters.late, late > datagram_ns);
    }
    count(&lane->counters.sent, turn->sent);
}

int64_t pacer_turn(struct pacer *pacer, int64_t monotonic_ns, int64_t (*now)(void))
{
    const int64_t utc_ns = air_clock_utc_ns(pacer->clock, monotonic_ns);
    int64_t sent_ns = utc_ns;
    int64_t next_ns = INT64_MAX;
    size_t sent = 0;
    for (size_t i = 0; i < pacer->lane_count; i++) {
        send_due(pacer, i, utc_ns);
        sent += pacer->turns[i].sent;
    }
    if (sent > 0) {
        pacer->sink->flush(pacer->sink);
        sent_ns = air_clock_utc_ns(pacer->clock, now());
    }
    for (size_t i = 0; i < pacer->lane_count; i++) {
        const struct turn *turn = &pacer->turns[i];
        record_lateness(&pacer->lanes[i], turn, sent_ns);
        ring_advance(pacer->lanes[i].ring, turn->next);
        next_ns = turn->due_ns < next_ns ? turn->due_ns : next_ns;
    }
    return air_clock_monotonic_ns(pacer->clock, next_ns);
}

static void *run(void *argument)
{
    struct pacer *pacer = argument;
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); /* for when there is no real-time priority */
    while (!atomic_load_explicit(&pacer->is_stopping, memory_order_relaxed)) {
        const int64_t now = system_monotonic_ns();
        int64_t deadline = pacer_turn(pacer, now, system_monotonic_ns);
        if (deadline > now + NAP_NS) {
            deadline = now + NAP_NS;
        }
        const struct timespec until = {.tv_sec = deadline / NS_PER_S,
                                       .tv_nsec = deadline % NS_PER_S};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    return NULL;
}

static int start_thread(struct pacer *pacer, bool is_realtime)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);
    if (result != 0) {
        return -result;
    }
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (is_realtime) {
        const struct sched_param parameters = {.sched_priority = PACER_PRIORITY};
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
        pthread_attr_setschedparam(&attributes, &parameters);
    }
    result = pthread_create(&pacer->thread, &attributes, run, pacer);
    pthread_attr_destroy(&attributes);
    return -result;
}

/* As much as the limits permit; failing is no error. */
static bool lock_memory(struct pacer *pacer)
{
    bool is_locked = mlock(pacer->lanes, pacer->lane_count * sizeof(pacer->lanes[0])) == 0;
    for (size_t i = 0; i < pacer->lane_count; i++) {
        is_locked = ring_lock_memory(pacer->lanes[i].ring) == 0 && is_locked;
    }
    return is_locked;
}

int pacer_start(struct pacer *pacer, bool *is_realtime)
{
    const bool is_locked = lock_memory(pacer);
    atomic_store(&pacer->is_stopping, false);
    int result = start_thread(pacer, true);
    *is_realtime = result == 0 && is_locked;
    if (result < 0) {
        result = start_thread(pacer, false);
    }
    pacer->is_running = result == 0;
    return result;
}

void pacer_stop(struct pacer *pacer)
{
    if (pacer->is_running) {
        atomic_store(&pacer->is_stopping, true);
        pthread_join(pacer->thread, NULL);
        pacer->is_running = false;
    }
}
