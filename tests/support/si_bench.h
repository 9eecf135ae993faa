/* SPDX-License-Identifier: MIT */
/*
 * si_bench: the independent reader over tables of si_make, as the fixture of a cmocka test.
 */
#ifndef TESTS_SUPPORT_SI_BENCH_H
#define TESTS_SUPPORT_SI_BENCH_H

#include "tests/support/si_make.h"
#include "tools/meter/ts_check.h"

#include <stdint.h>
#include <stdio.h>

enum { SI_BENCH_SECONDS = 40, SI_BENCH_PACKETS = SI_BENCH_SECONDS * SI_MAKE_SLOTS };

/* 2026-11-24 02:59:50 UTC: the next event begins 10 s later. */
#define SI_BENCH_MORNING INT64_C(1795489190)

struct si_bench {
    uint8_t *packets; /* SI_BENCH_PACKETS of them */
    struct ts_report *report;
    struct ts_check *check;
};

int si_bench_set_up(void **state);
int si_bench_tear_down(void **state);

struct ts_check_options si_bench_options(int64_t first_second);

/* Judges the packets that are there.  What is told goes to `out`, which may be NULL. */
void si_bench_judge(struct si_bench *bench, const struct ts_check_options *options, FILE *out);

/* Makes the packets, and judges them by si_bench_options(). */
void si_bench_make(struct si_bench *bench, si_make_harm harm, int64_t first_second, FILE *out);

#endif
