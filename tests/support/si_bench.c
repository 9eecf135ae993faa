/* SPDX-License-Identifier: MIT */
#include "tests/support/si_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PACKET = 188 };

int si_bench_set_up(void **state)
{
    struct si_bench *bench = calloc(1, sizeof(*bench));
    *state = bench;
    if (bench != NULL) {
        bench->packets = malloc((size_t)SI_BENCH_PACKETS * PACKET);
    }
    return bench != NULL && bench->packets != NULL ? 0 : -1;
}

int si_bench_tear_down(void **state)
{
    struct si_bench *bench = *state;
    ts_check_destroy(bench->check);
    ts_report_destroy(bench->report);
    free(bench->packets);
    free(bench);
    return 0;
}

void si_bench_judge(struct si_bench *bench, const struct ts_check_options *options, FILE *out)
{
    ts_check_destroy(bench->check);
    ts_report_destroy(bench->report);
    bench->report = ts_report_create(out, 5);
    assert_non_null(bench->report);
    ts_report_ignore(bench->report, TS_MISSING_PID); /* there are tables only */
    ts_report_ignore(bench->report, TS_PCR_INTERVAL);
    bench->check = ts_check_create(options, bench->report);
    assert_non_null(bench->check);
    for (size_t i = 0; i < SI_BENCH_PACKETS; i++) {
        ts_check_packet(bench->check, bench->packets + i * PACKET);
    }
    ts_check_finish(bench->check);
}

struct ts_check_options si_bench_options(int64_t first_second)
{
    return (struct ts_check_options){
        .rate_bps = INT64_C(1504) * SI_MAKE_SLOTS,
        .slots_per_second = SI_MAKE_SLOTS,
        .has_first_slot = true,
        .first_slot = (uint64_t)first_second * SI_MAKE_SLOTS,
        .wants_cable_tables = true,
    };
}

void si_bench_make(struct si_bench *bench, si_make_harm harm, int64_t first_second, FILE *out)
{
    const struct ts_check_options options = si_bench_options(first_second);
    assert_int_equal(si_make(harm, first_second, SI_BENCH_SECONDS, bench->packets), 0);
    si_bench_judge(bench, &options, out);
}
