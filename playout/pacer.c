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

/*
 * The lanes of one rate.  All tapes begin at the epoch, so the datagrams of
 * equal number are due at the same instant: a turn looks at rates, not lanes,
 * and each division is done once for all of them.
 */
struct group {
    int64_t due_ns; /* of the next datagram, UTC */
    uint64_t next;
    uint64_t begin; /* in one turn: what was next before, and */
    bool is_due;    /* whether there is anything to do */
    int slots_per_second;
    const size_t *lanes; /* their numbers */
    size_t lane_count;
};

struct pacer {
    struct pacer_lane *lanes;
    size_t lane_count;
    const struct air_clock *clock;
    struct pacer_sink *sink;
    struct group *groups;
    size_t group_count;
    size_t *order; /* the groups' numbers of lanes */
    size_t *sent;  /* datagrams of each lane handed to the sink in one turn */
    atomic_bool is_stopping;
    bool is_running;
    pthread_t thread;
};

/* The lanes of the rate of lane `first`, from `first` on, become a group. */
static void make_group(struct pacer *pacer, size_t first, size_t *used)
{
    struct group *group = &pacer->groups[pacer->group_count++];
    group->slots_per_second = pacer->lanes[first].slots_per_second;
    group->lanes = pacer->order + *used;
    group->next = 0;
    for (size_t i = first; i < pacer->lane_count; i++) {
        if (pacer->lanes[i].slots_per_second == group->slots_per_second) {
            const uint64_t position = ring_position(pacer->lanes[i].ring);
            group->next = position > group->next ? position : group->next;
            pacer->order[(*used)++] = i;
            group->lane_count++;
        }
    }
    group->due_ns = pacing_due_ns(group->slots_per_second, group->next);
}

static bool has_group(const struct pacer *pacer, int slots_per_second)
{
    for (size_t i = 0; i < pacer->group_count; i++) {
        if (pacer->groups[i].slots_per_second == slots_per_second) {
            return true;
        }
    }
    return false;
}

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
    pacer->groups = calloc(lane_count, sizeof(pacer->groups[0]));
    pacer->order = calloc(lane_count, sizeof(pacer->order[0]));
    pacer->sent = calloc(lane_count, sizeof(pacer->sent[0]));
    if (pacer->groups == NULL || pacer->order == NULL || pacer->sent == NULL) {
        pacer_destroy(pacer);
        return NULL;
    }
    size_t used = 0;
    for (size_t i = 0; i < lane_count; i++) {
        if (!has_group(pacer, lanes[i].slots_per_second)) {
            make_group(pacer, i, &used);
        }
    }
    return pacer;
}

void pacer_destroy(struct pacer *pacer)
{
    if (pacer == NULL) {
        return;
    }
    pacer_stop(pacer);
    free(pacer->groups);
    free(pacer->order);
    free(pacer->sent);
    free(pacer);
}

static void count(_Atomic uint64_t *counter, uint64_t amount)
{
    /* One writer: no need for an atomic addition. */
    const uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, old + amount, memory_order_relaxed);
}

/* After too long a pause: on with what is due now. */
static void skip_missed(struct pacer *pacer, struct group *group, int64_t utc_ns)
{
    if (utc_ns - group->due_ns <= PACER_SKIP_NS) {
        return;
    }
    const uint64_t next = pacing_first_from(group->slots_per_second, utc_ns);
    for (size_t i = 0; i < group->lane_count; i++) {
        count(&pacer->lanes[group->lanes[i]].counters.skipped, next - group->next);
    }
    group->next = next;
    group->begin = next;
    group->due_ns = pacing_due_ns(group->slots_per_second, next);
}

/* Hands one datagram of a lane to the sink. */
static void send_one(struct pacer *pacer, size_t index, uint64_t datagram)
{
    struct pacer_lane *lane = &pacer->lanes[index];
    const uint8_t *bytes = ring_peek(lane->ring, datagram);
    if (bytes == NULL) {
        count(&lane->counters.starved, 1);
    } else if (atomic_load_explicit(&lane->is_muted, memory_order_relaxed)) {
        count(&lane->counters.muted, 1);
    } else {
        pacer->sink->add(pacer->sink, index, datagram, bytes);
        atomic_store_explicit(&lane->counters.last, datagram, memory_order_relaxed);
        pacer->sent[index]++;
    }
}

/* Hands everything that is due to the sink; the number of datagrams. */
static size_t send_due(struct pacer *pacer, struct group *group, int64_t utc_ns)
{
    size_t sent = 0;
    group->begin = group->next;
    group->is_due = group->due_ns <= utc_ns;
    if (!group->is_due) {
        return 0;
    }
    skip_missed(pacer, group, utc_ns);
    for (size_t i = 0; i < group->lane_count; i++) {
        pacer->sent[group->lanes[i]] = 0;
    }
    /* At most PACER_SKIP_NS worth of datagrams. */
    while (group->due_ns <= utc_ns) {
        for (size_t i = 0; i < group->lane_count; i++) {
            send_one(pacer, group->lanes[i], group->next);
        }
        group->next++;
        group->due_ns = pacing_due_ns(group->slots_per_second, group->next);
    }
    for (size_t i = 0; i < group->lane_count; i++) {
        sent += pacer->sent[group->lanes[i]];
    }
    return sent;
}

/* The lateness of datagram `datagram` for all lanes that sent it: the last ones of the turn. */
static void record_lateness(struct pacer *pacer, const struct group *group, uint64_t datagram,
                            int64_t sent_ns)
{
    const int64_t datagram_ns = (int64_t)PACKETS_PER_DATAGRAM * NS_PER_S / group->slots_per_second;
    const int64_t late = sent_ns - pacing_due_ns(group->slots_per_second, datagram);
    for (size_t i = 0; i < group->lane_count; i++) {
        struct pacer_lane *lane = &pacer->lanes[group->lanes[i]];
        if (group->next - datagram <= pacer->sent[group->lanes[i]]) {
            histogram_add(&lane->counters.lateness, late);
            count(&lane->counters.late, late > datagram_ns);
            count(&lane->counters.sent, 1);
        }
    }
}

static void finish_group(struct pacer *pacer, const struct group *group, int64_t sent_ns)
{
    for (uint64_t datagram = group->begin; datagram < group->next; datagram++) {
        record_lateness(pacer, group, datagram, sent_ns);
    }
    for (size_t i = 0; i < group->lane_count; i++) {
        ring_advance(pacer->lanes[group->lanes[i]].ring, group->next);
    }
}

int64_t pacer_turn(struct pacer *pacer, int64_t monotonic_ns, int64_t (*now)(void))
{
    const int64_t utc_ns = air_clock_utc_ns(pacer->clock, monotonic_ns);
    int64_t sent_ns = utc_ns;
    int64_t next_ns = INT64_MAX;
    size_t sent = 0;
    for (size_t i = 0; i < pacer->group_count; i++) {
        sent += send_due(pacer, &pacer->groups[i], utc_ns);
    }
    if (sent > 0) {
        pacer->sink->flush(pacer->sink);
        sent_ns = air_clock_utc_ns(pacer->clock, now());
    }
    for (size_t i = 0; i < pacer->group_count; i++) {
        const struct group *group = &pacer->groups[i];
        if (group->is_due) {
            finish_group(pacer, group, sent_ns);
        }
        next_ns = group->due_ns < next_ns ? group->due_ns : next_ns;
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

void pacer_begin(struct pacer *pacer, int64_t monotonic_ns)
{
    const int64_t utc_ns = air_clock_utc_ns(pacer->clock, monotonic_ns);
    for (size_t i = 0; i < pacer->group_count; i++) {
        struct group *group = &pacer->groups[i];
        if (group->due_ns < utc_ns) {
            group->next = pacing_first_from(group->slots_per_second, utc_ns);
            group->due_ns = pacing_due_ns(group->slots_per_second, group->next);
        }
        for (size_t k = 0; k < group->lane_count; k++) {
            ring_advance(pacer->lanes[group->lanes[k]].ring, group->next);
        }
    }
}

int pacer_start(struct pacer *pacer, bool *is_realtime)
{
    const bool is_locked = lock_memory(pacer);
    pacer_begin(pacer, system_monotonic_ns());
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
