/* SPDX-License-Identifier: MIT */
/*
 * Random plans, some with a change on the way, read back by the independent
 * reader: tables, clocks, access units, and every buffer of the T-STD.
 *
 * KETANG_SEED chooses other plans, KETANG_PLANS how many.
 */
#include "tests/support/tape_bench.h"
#include "tools/meter/ts_check.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PLANS = 200, SECONDS = 60, AHEAD_S = 3 };

static int set_up(void **state)
{
    static struct tape_bench bench;
    tape_bench_init(&bench, 20200217);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    tape_bench_finish(*state);
    return 0;
}

/* A plan, and in every second one a stand-in for an event, journalled well before it. */
static struct tape_inputs *random_inputs(struct tape_bench *bench, int64_t start)
{
    struct tape_step steps[2] = {{.frame = INT64_MIN, .eit_version = 30}};
    struct plan *plan = tape_bench_plan(bench, start);
    const int64_t seq = dice_between(&bench->dice, 2, BENCH_EVENTS);
    const int64_t begins = plan->events[seq - 1].start;
    steps[0].timeline = timeline_create(plan, &bench->media.lengths);
    if (dice_between(&bench->dice, 0, 1) == 0) {
        return tape_bench_inputs(bench, steps, 1);
    }
    steps[1].frame = begins - dice_between(&bench->dice, 50, 100);
    steps[1].eit_version = tape_eit_version(&steps[0], steps[1].frame);
    steps[1].timeline =
        timeline_substitute(steps[0].timeline, seq, begins, "", &bench->media.lengths);
    return tape_bench_inputs(bench, steps, 2);
}

static void judge(struct tape_bench *bench, const uint8_t *packets, uint64_t first, size_t count,
                  int plan)
{
    const int64_t slots = tape_transport(bench->format)->slots_per_second;
    const struct ts_check_options options = {.rate_bps = slots * TS_PACKET_SIZE * 8,
                                             .slots_per_second = slots,
                                             .has_first_slot = true,
                                             .first_slot = first};
    struct ts_report *report = ts_report_create(stderr, 3);
    struct ts_check *check = ts_check_create(&options, report);
    assert_non_null(check);
    assert_int_equal(ts_check_learn(check, packets, (size_t)slots * AHEAD_S), 0);
    for (size_t i = 0; i < count; i++) {
        ts_check_packet(check, packets + i * TS_PACKET_SIZE);
    }
    ts_check_finish(check);
    if (ts_report_total(report) > 0 || ts_report_ungraded_count(report) > 0) {
        fail_msg("plan %d: %" PRIu64 " problems", plan, ts_report_total(report));
    }
    ts_check_destroy(check);
    ts_report_destroy(report);
}

static void the_independent_reader_finds_nothing_wrong(void **state)
{
    struct tape_bench *bench = *state;
    const char *wanted = getenv("KETANG_PLANS");
    const int plans = wanted != NULL ? atoi(wanted) : PLANS;
    for (int plan = 0; plan < plans; plan++) {
        /* Any time of the day: another phase of every period each time. */
        const int64_t start =
            BENCH_MORNING + dice_between(&bench->dice, 0, 700000) * JOIN_GRID_FRAMES;
        struct tape_inputs *inputs = random_inputs(bench, start);
        const uint64_t first = tape_slot_of_frame(bench->format, start - 50);
        const size_t count = (size_t)tape_transport(bench->format)->slots_per_second * SECONDS;
        uint8_t *packets = tape_bench_read(bench, inputs, first, count);
        judge(bench, packets, first, count, plan);
        free(packets);
        tape_inputs_unref(inputs);
    }
    print_message("# %d plans of %d s\n", plans, SECONDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_independent_reader_finds_nothing_wrong),
    };
    return cmocka_run_group_tests_name("tape_reader", tests, set_up, tear_down);
}
