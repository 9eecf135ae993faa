/* SPDX-License-Identifier: MIT */
/*
 * tape_trial: many random cases on all processors, and what becomes of one
 * that fails.
 *
 * Case number i has the seed KETANG_SEED + i x an odd constant, so that a
 * case that failed is the first one of its own seed.
 */
#ifndef TESTS_SUPPORT_TAPE_TRIAL_H
#define TESTS_SUPPORT_TAPE_TRIAL_H

#include "tests/support/tape_judge.h"

struct tape_trial {
    uint64_t seed;  /* KETANG_SEED, or the caller's */
    int64_t cases;  /* KETANG_PLANS, or the caller's */
    int processes;  /* KETANG_PROCESSES, or as many as there are processors */
    int64_t failed; /* of these, what came out */
    int64_t done;
    struct judge_totals totals;
};

/* Fills in seed, cases and processes. */
void tape_trial_init(struct tape_trial *trial, uint64_t seed, int64_t cases);

/*
 * Judges all cases, sharing the shelf with as many processes.  A process
 * stops at its first case that fails: it prints what is wrong and the seed,
 * makes the case small, writes it to KETANG_BUILD/failed/SEED (build/ when
 * not set) and prints how to render it.
 */
void tape_trial_run(struct tape_trial *trial, const struct tape_shelf *shelf);

#endif
