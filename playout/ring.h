/* SPDX-License-Identifier: MIT */
/*
 * ring: datagrams that are ready, between a renderer and the pacer.
 *
 * Datagram m lies in cell m modulo the ring's size, and each cell says which
 * datagram it holds.  So both sides name datagrams by their number on the
 * tape, and either may jump ahead without asking the other:
 *
 *     sent ...  │ position ── ready ──▶ next │ free ...
 *               └────────── capacity ────────┘
 *
 * The producer may write any datagram in [position, position + capacity):
 * the consumer is done with what its cell held before.
 *
 * Thread: one producer, one consumer; C11 atomics, no locks.
 */
#ifndef PLAYOUT_RING_H
#define PLAYOUT_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

/*
 * `capacity` datagrams, all memory touched.  The consumer begins at
 * `position`.  NULL when out of memory.
 */
struct ring *ring_create(uint64_t capacity, uint64_t position);
void ring_destroy(struct ring *ring); /* accepts NULL */

/* Keeps the memory from being paged out: 0 or -errno. */
int ring_lock_memory(struct ring *ring);

uint64_t ring_capacity(const struct ring *ring);

/* The datagram that the consumer wants next.  Any thread. */
uint64_t ring_position(const struct ring *ring);

/*
 * Producer: where to put `count` datagrams from `first` on.  They are written
 * in one run, so the run must not cross the end of the memory: *count is
 * lowered to what fits, also into [position, position + capacity); 0 when
 * `first` is outside of it.  The cells hold nothing until ring_publish().
 */
uint8_t *ring_reserve(struct ring *ring, uint64_t first, size_t *count);
void ring_publish(struct ring *ring, uint64_t first, size_t count);

/*
 * Consumer: the bytes of a datagram, or NULL when it is not ready.  They stay
 * until ring_advance() goes beyond it.  RT-safe.
 */
const uint8_t *ring_peek(const struct ring *ring, uint64_t datagram);

/* Consumer: everything before `position` is done with.  RT-safe. */
void ring_advance(struct ring *ring, uint64_t position);

#endif
