/* SPDX-License-Identifier: MIT */
#include "playout/ring.h"

#include "playout/tape.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define NO_DATAGRAM UINT64_MAX

struct ring {
    uint64_t capacity;
    uint8_t *bytes;
    _Atomic uint64_t *holds; /* written by the producer: which datagram a cell holds */
    _Alignas(64) _Atomic uint64_t position; /* written by the consumer */
};

struct ring *ring_create(uint64_t capacity, uint64_t position)
{
    struct ring *ring = aligned_alloc(_Alignof(struct ring), sizeof(*ring));
    if (ring == NULL) {
        return NULL;
    }
    memset(ring, 0, sizeof(*ring));
    ring->capacity = capacity;
    ring->bytes = malloc(capacity * DATAGRAM_SIZE);
    ring->holds = calloc(capacity, sizeof(ring->holds[0]));
    if (ring->bytes == NULL || ring->holds == NULL) {
        ring_destroy(ring);
        return NULL;
    }
    memset(ring->bytes, 0xff, capacity * DATAGRAM_SIZE); /* touches every page */
    for (uint64_t i = 0; i < capacity; i++) {
        atomic_init(&ring->holds[i], NO_DATAGRAM);
    }
    atomic_init(&ring->position, position);
    return ring;
}

void ring_destroy(struct ring *ring)
{
    if (ring == NULL) {
        return;
    }
    if (ring->bytes != NULL) {
        munlock(ring->bytes, ring->capacity * DATAGRAM_SIZE);
    }
    free(ring->bytes);
    free(ring->holds);
    free(ring);
}

int ring_lock_memory(struct ring *ring)
{
    const bool is_locked = mlock(ring->bytes, ring->capacity * DATAGRAM_SIZE) == 0 &&
                           mlock(ring->holds, ring->capacity * sizeof(ring->holds[0])) == 0 &&
                           mlock(ring, sizeof(*ring)) == 0;
    return is_locked ? 0 : -errno;
}

uint64_t ring_capacity(const struct ring *ring)
{
    return ring->capacity;
}

uint64_t ring_position(const struct ring *ring)
{
    return atomic_load_explicit(&ring->position, memory_order_acquire);
}

uint8_t *ring_reserve(struct ring *ring, uint64_t first, size_t *count)
{
    const uint64_t position = ring_position(ring);
    const uint64_t end = position + ring->capacity;
    if (first < position || first >= end) {
        *count = 0;
        return NULL;
    }
    const uint64_t cell = first % ring->capacity;
    uint64_t room = end - first;
    if (room > ring->capacity - cell) {
        room = ring->capacity - cell;
    }
    if (*count > room) {
        *count = (size_t)room;
    }
    for (size_t i = 0; i < *count; i++) {
        atomic_store_explicit(&ring->holds[cell + i], NO_DATAGRAM, memory_order_relaxed);
    }
    /* Whoever sees new bytes sees that the cell was empty. */
    atomic_thread_fence(memory_order_release);
    return ring->bytes + cell * DATAGRAM_SIZE;
}

void ring_publish(struct ring *ring, uint64_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        atomic_store_explicit(&ring->holds[(first + i) % ring->capacity], first + i,
                              memory_order_release);
    }
}

const uint8_t *ring_peek(const struct ring *ring, uint64_t datagram)
{
    const uint64_t cell = datagram % ring->capacity;
    if (atomic_load_explicit(&ring->holds[cell], memory_order_acquire) != datagram) {
        return NULL;
    }
    return ring->bytes + cell * DATAGRAM_SIZE;
}

void ring_advance(struct ring *ring, uint64_t position)
{
    atomic_store_explicit(&ring->position, position, memory_order_release);
}
