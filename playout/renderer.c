/* SPDX-License-Identifier: MIT */
#include "playout/renderer.h"

#include "playout/pacing.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STACK_SIZE = 128 * 1024,
    PERIOD_NS = 200 * NS_PER_MS,
    CHUNK_FRAMES = 5, /* read at once: 200 ms */
    DRY_MS = 400,     /* a ring with less than this passes a fence */
};

#define NO_FENCE INT64_MAX

/* Mailboxes of one member, between control and renderer. */
struct render_member {
    _Atomic(struct tape_inputs *) inbox;
    _Atomic(struct tape_inputs *) outbox;
    atomic_bool has_fault; /* the control thread may read `fault` */
    struct tape_fault fault;
};

struct render_lane {
    const struct tape_format *format;
    struct ring *ring;
    uint64_t chunk; /* datagrams */
    uint64_t dry;   /* datagrams */

    struct render_member *members;
    size_t member_count;
    _Atomic int64_t fence; /* frame */
    atomic_bool is_fence_broken;
    _Atomic uint64_t next; /* first datagram not yet rendered */
    atomic_int guide;      /* enum tape_guide */

    /* Of the renderer. */
    struct tape_reader *reader;
    struct tape_inputs **inputs; /* of each member */
};

struct render_lane *render_lane_create(const struct tape_format *format, struct ring *ring,
                                       struct tape_inputs *const *inputs)
{
    struct render_lane *lane = calloc(1, sizeof(*lane));
    if (lane == NULL) {
        return NULL;
    }
    const int slots = tape_transport(format)->slots_per_second;
    const size_t count = tape_member_count(format);
    lane->format = format;
    lane->ring = ring;
    lane->chunk = (uint64_t)(slots / FRAMES_PER_SECOND * CHUNK_FRAMES / PACKETS_PER_DATAGRAM);
    lane->dry = pacing_datagrams_in(slots, DRY_MS);
    atomic_init(&lane->fence, NO_FENCE);
    atomic_init(&lane->next, ring_position(ring));
    lane->members = calloc(count, sizeof(lane->members[0]));
    lane->inputs = calloc(count, sizeof(lane->inputs[0]));
    lane->reader = tape_reader_create(format);
    if (lane->members == NULL || lane->inputs == NULL || lane->reader == NULL) {
        render_lane_destroy(lane);
        return NULL;
    }
    lane->member_count = count;
    for (size_t i = 0; i < count; i++) {
        lane->inputs[i] = tape_inputs_ref(inputs[i]);
    }
    return lane;
}

void render_lane_destroy(struct render_lane *lane)
{
    if (lane == NULL) {
        return;
    }
    tape_reader_destroy(lane->reader);
    for (size_t i = 0; i < lane->member_count; i++) {
        tape_inputs_unref(lane->inputs[i]);
        tape_inputs_unref(atomic_load(&lane->members[i].inbox));
        tape_inputs_unref(atomic_load(&lane->members[i].outbox));
    }
    free(lane->inputs);
    free(lane->members);
    free(lane);
}

void render_lane_publish(struct render_lane *lane, size_t member, struct tape_inputs *inputs)
{
    render_lane_tidy(lane);
    tape_inputs_unref(atomic_exchange(&lane->members[member].inbox, tape_inputs_ref(inputs)));
}

void render_lane_tidy(struct render_lane *lane)
{
    for (size_t i = 0; i < lane->member_count; i++) {
        tape_inputs_unref(atomic_exchange(&lane->members[i].outbox, NULL));
    }
}

void render_lane_fence(struct render_lane *lane, int64_t frame)
{
    atomic_store(&lane->is_fence_broken, false);
    atomic_store(&lane->fence, frame);
}

bool render_lane_lift(struct render_lane *lane)
{
    atomic_store(&lane->fence, NO_FENCE);
    return !atomic_load(&lane->is_fence_broken);
}

int64_t render_lane_frame(const struct render_lane *lane)
{
    const uint64_t next = atomic_load_explicit(&lane->next, memory_order_acquire);
    /* A frame that is begun counts as rendered. */
    return tape_frame_of_slot(lane->format, next * PACKETS_PER_DATAGRAM - 1) + 1;
}

enum tape_guide render_lane_guide(const struct render_lane *lane)
{
    return (enum tape_guide)atomic_load_explicit(&lane->guide, memory_order_relaxed);
}

bool render_lane_fault(struct render_lane *lane, size_t service, struct tape_fault *fault)
{
    struct render_member *member = &lane->members[service];
    if (!atomic_load_explicit(&member->has_fault, memory_order_acquire)) {
        return false;
    }
    *fault = member->fault;
    atomic_store_explicit(&member->has_fault, false, memory_order_release);
    return true;
}

static void take_inputs(struct render_lane *lane)
{
    for (size_t i = 0; i < lane->member_count; i++) {
        struct render_member *member = &lane->members[i];
        if (atomic_load_explicit(&member->inbox, memory_order_relaxed) == NULL) {
            continue;
        }
        struct tape_inputs *fresh = atomic_exchange(&member->inbox, NULL);
        if (fresh != NULL) {
            /* The control thread releases it, for the last reference closes files. */
            tape_inputs_unref(atomic_exchange(&member->outbox, lane->inputs[i]));
            lane->inputs[i] = fresh;
        }
    }
}

static void tell_fault(struct render_lane *lane, const struct tape_fault *fault)
{
    struct render_member *member = &lane->members[fault->service];
    if (fault->error != 0 && !atomic_load_explicit(&member->has_fault, memory_order_acquire)) {
        member->fault = *fault;
        atomic_store_explicit(&member->has_fault, true, memory_order_release);
    }
}

/* How many datagrams from `next` on may be rendered, a fence respected. */
static size_t before_fence(struct render_lane *lane, uint64_t next, uint64_t position)
{
    const int64_t fence = atomic_load(&lane->fence);
    if (fence == NO_FENCE) {
        return (size_t)lane->chunk;
    }
    const uint64_t end = tape_slot_of_frame(lane->format, fence) / PACKETS_PER_DATAGRAM;
    if (next < end) {
        return end - next < lane->chunk ? (size_t)(end - next) : (size_t)lane->chunk;
    }
    if (next - position >= lane->dry) {
        return 0;
    }
    atomic_store(&lane->is_fence_broken, true);
    return (size_t)lane->chunk;
}

/* Renders one run of datagrams; false when the ring is full. */
static bool render_run(struct render_lane *lane)
{
    uint64_t next = atomic_load_explicit(&lane->next, memory_order_relaxed);
    const uint64_t position = ring_position(lane->ring);
    if (next < position || next > position + ring_capacity(lane->ring)) {
        next = position; /* the pacer has skipped */
        atomic_store_explicit(&lane->next, next, memory_order_release);
    }
    size_t count = before_fence(lane, next, position);
    uint8_t *bytes = count > 0 ? ring_reserve(lane->ring, next, &count) : NULL;
    if (bytes == NULL || count == 0) {
        return false;
    }
    /* Told before it is done: what is being rendered can no longer be changed. */
    atomic_store_explicit(&lane->next, next + count, memory_order_seq_cst);
    /* Either the control thread has seen that, or its fence is seen here. */
    const size_t allowed = before_fence(lane, next, position);
    if (allowed < count) {
        count = allowed;
        atomic_store_explicit(&lane->next, next + count, memory_order_seq_cst);
    }
    if (count == 0) {
        return false;
    }
    take_inputs(lane);
    struct tape_fault fault;
    tape_read(lane->reader, lane->inputs, next * PACKETS_PER_DATAGRAM, count * PACKETS_PER_DATAGRAM,
              bytes, &fault);
    ring_publish(lane->ring, next, count);
    atomic_store_explicit(&lane->guide, tape_reader_guide(lane->reader), memory_order_relaxed);
    tell_fault(lane, &fault);
    return true;
}

void render_lane_fill(struct render_lane *lane)
{
    while (render_run(lane)) {
    }
}

struct renderer {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_stopping; /* under the mutex */
    size_t count;
    struct render_lane *lanes[];
};

static void *run(void *argument)
{
    struct renderer *renderer = argument;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&renderer->mutex);
    while (!renderer->is_stopping) {
        pthread_mutex_unlock(&renderer->mutex);
        for (size_t i = 0; i < renderer->count; i++) {
            render_lane_fill(renderer->lanes[i]);
        }
        until.tv_nsec += PERIOD_NS;
        if (until.tv_nsec >= NS_PER_S) {
            until.tv_nsec -= NS_PER_S;
            until.tv_sec++;
        }
        pthread_mutex_lock(&renderer->mutex);
        if (!renderer->is_stopping) {
            pthread_cond_timedwait(&renderer->wake, &renderer->mutex, &until);
        }
    }
    pthread_mutex_unlock(&renderer->mutex);
    return NULL;
}

static void init_wake(struct renderer *renderer)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&renderer->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&renderer->mutex, NULL);
}

int renderer_start(struct render_lane *const *lanes, size_t count, struct renderer **renderer)
{
    struct renderer *fresh = calloc(1, sizeof(*fresh) + count * sizeof(fresh->lanes[0]));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    memcpy(fresh->lanes, lanes, count * sizeof(lanes[0]));
    fresh->count = count;
    init_wake(fresh);

    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    const int result = pthread_create(&fresh->thread, &attributes, run, fresh);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_cond_destroy(&fresh->wake);
        pthread_mutex_destroy(&fresh->mutex);
        free(fresh);
        return -result;
    }
    *renderer = fresh;
    return 0;
}

void renderer_stop(struct renderer *renderer)
{
    if (renderer == NULL) {
        return;
    }
    pthread_mutex_lock(&renderer->mutex);
    renderer->is_stopping = true;
    pthread_cond_signal(&renderer->wake);
    pthread_mutex_unlock(&renderer->mutex);
    pthread_join(renderer->thread, NULL);
    pthread_cond_destroy(&renderer->wake);
    pthread_mutex_destroy(&renderer->mutex);
    free(renderer);
}
