/* SPDX-License-Identifier: MIT */
/*
 * tape_bench: a station of made-up assets and random plans for tests of the
 * tape.  Everything follows from one seed.
 */
#ifndef TESTS_SUPPORT_TAPE_BENCH_H
#define TESTS_SUPPORT_TAPE_BENCH_H

#include "playout/media.h"
#include "playout/tape.h"
#include "tests/support/fake_media.h"

enum { BENCH_ASSETS = 24, BENCH_EVENTS = 14 };

/* A weekday morning, on the grid of a minute. */
#define BENCH_MORNING (INT64_C(1795392000) * FRAMES_PER_SECOND)

struct tape_bench {
    char *station_path;
    struct station *station;
    struct problems problems;
    struct media media;
    struct asset *slate;
    struct tape_format *format;
    char sha256[BENCH_ASSETS][SHA256_HEX_SIZE];
    int64_t frames[BENCH_ASSETS];
    bool is_cut_anywhere[BENCH_ASSETS];
    struct asset *assets[BENCH_ASSETS];
    struct dice dice;
};

/*
 * KETANG_SEED, when set, chooses another seed; it is printed.  Aborts when
 * anything fails.
 */
void tape_bench_init(struct tape_bench *bench, uint64_t seed);
void tape_bench_finish(struct tape_bench *bench);

/*
 * Whole lessons, fillers cut or looped at any grid frame, slates; every piece
 * proven.  Events are numbered from 1, BENCH_EVENTS of them.
 */
struct plan *tape_bench_plan(struct tape_bench *bench, int64_t start);

/* Inputs with the bench's assets; takes over the timelines of the steps. */
struct tape_inputs *tape_bench_inputs(struct tape_bench *bench, const struct tape_step *steps,
                                      size_t count);

/* Reads a stretch in pieces of random length; the packets are to be freed. */
uint8_t *tape_bench_read(struct tape_bench *bench, struct tape_inputs *inputs, uint64_t first,
                         size_t count);

#endif
