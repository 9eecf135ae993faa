/* SPDX-License-Identifier: MIT */
/*
 * wire: the tape of a random station as what was received of it, for tests
 * that plant faults and hold it against the station.
 *
 * KETANG_SEED chooses other stations and places.
 */
#ifndef TESTS_SUPPORT_WIRE_H
#define TESTS_SUPPORT_WIRE_H

#include "tests/support/tape_judge.h"
#include "tools/against.h"

enum { WIRE_EVENTS = 16, WIRE_EDGE = 2500 };

struct wire {
    struct tape_case drawn;
    struct tape_world world;
    char *folder; /* station, journals and media */
    uint8_t *packets;
    size_t count;
    uint64_t first; /* slot */
    struct dice dice;
};

/* What is told of it. */
struct told {
    struct against_listener listener; /* first */
    struct against_event events[WIRE_EVENTS];
    size_t count;
    struct against_totals totals;
    int result;
};

/* KETANG_SEED, or 1. */
uint64_t wire_seed(void);

/* For groups of tests: the state is the shelf that all share. */
int wire_set_up(void **state);
int wire_tear_down(void **state);

/* The tape of the case in wire->drawn; of random case number `number`; of so many seconds of it. */
void wire_make(struct wire *wire, const struct tape_shelf *shelf);
void wire_open(struct wire *wire, const struct tape_shelf *shelf, uint64_t number);
void wire_open_long(struct wire *wire, const struct tape_shelf *shelf, uint64_t number,
                    int64_t seconds);
void wire_close(struct wire *wire);

uint8_t *wire_packet(const struct wire *wire, size_t i);
size_t wire_slots_per_second(const struct wire *wire);

/* The first packet with a PCR from `from` on; there must be one. */
size_t wire_find_pcr(const struct wire *wire, size_t from);
bool wire_has_pcr(const struct wire *wire, size_t i);
void wire_set_pcr(struct wire *wire, size_t i, uint64_t pcr);

/* A place with WIRE_EDGE packets before and behind it: some clock references. */
size_t wire_draw_place(struct wire *wire);

/*
 * A loss told at `said` is that planted at `at`: where the tape repeats
 * itself, any place will do.
 */
void wire_check_place(const struct wire *wire, size_t said, size_t at);

void wire_lose(struct wire *wire, size_t at, size_t count);

/* The station file; 4096 bytes. */
void wire_station(const struct wire *wire, char *path);

/* Holds packets [from, to) against the station, in pieces; then ends and fills *told. */
struct against *wire_start(const struct wire *wire, struct told *told);
void wire_feed(struct wire *wire, struct against *against, size_t from, size_t to,
               struct told *told);
void wire_end(struct against *against, struct told *told);

/* All of it.  The result is 0, or MUST. */
void wire_hold(struct wire *wire, struct told *told);

#endif
