/* SPDX-License-Identifier: MIT */
/*
 * Properties of the tape over random plans: any stretch is a slice of any
 * longer one, counters and time stamps run through every join, PCR is exact
 * to its slot, and a change far enough ahead leaves the state alone.
 *
 * KETANG_SEED chooses other plans; it is printed.
 */
#include "tests/support/tape_bench.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    PLANS = 40,
    NULL_PID = 0x1fff,
};

static int set_up(void **state)
{
    static struct tape_bench bench;
    tape_bench_init(&bench, 20261123);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    tape_bench_finish(*state);
    return 0;
}

static struct tape_inputs *inputs_of(struct tape_bench *bench, struct timeline *timeline)
{
    const struct tape_step step = {.frame = INT64_MIN, .eit_version = 7, .timeline = timeline};
    return tape_bench_inputs(bench, &step, 1);
}

static void any_stretch_is_a_slice_of_a_longer_one(void **state)
{
    struct tape_bench *bench = *state;
    for (int plan = 0; plan < PLANS; plan++) {
        struct timeline *timeline =
            timeline_create(tape_bench_plan(bench, BENCH_MORNING), &bench->media.lengths);
        struct tape_inputs *inputs = inputs_of(bench, timeline);
        const uint64_t first = tape_slot_of_frame(bench->format, BENCH_MORNING - 100);
        const size_t count = 90 * 2325;
        uint8_t *whole = tape_bench_read(bench, inputs, first, count);
        for (int i = 0; i < 6; i++) {
            const size_t from = (size_t)dice_between(&bench->dice, 0, (int64_t)count - 1);
            const size_t most = count - from < 5000 ? count - from : 5000;
            uint8_t *part = tape_bench_read(bench, inputs, first + from, most);
            if (memcmp(part, whole + from * TS_PACKET_SIZE, most * TS_PACKET_SIZE) != 0) {
                fail_msg("plan %d: the stretch from packet %zu differs", plan, from);
            }
            free(part);
        }
        free(whole);
        tape_inputs_unref(inputs);
    }
}

struct wire {
    int cc[8192]; /* -1 before the first packet */
    int64_t dts[2];
};

static uint64_t timestamp(const uint8_t *bytes)
{
    return (uint64_t)(bytes[0] & 0x0e) << 29 | (uint64_t)bytes[1] << 22 |
           (uint64_t)(bytes[2] & 0xfe) << 14 | (uint64_t)bytes[3] << 7 | bytes[4] >> 1;
}

static void check_pes(struct wire *wire, const uint8_t *payload, bool is_video, size_t packet)
{
    const uint8_t *field = (payload[7] & 0x40) != 0 ? payload + 14 : payload + 9;
    const int64_t dts = (int64_t)timestamp(field);
    const int64_t step = is_video ? 3600 : 2160;
    const int64_t modulus = INT64_C(1) << 33;
    int64_t *last = &wire->dts[is_video];
    if (*last >= 0 && (dts - *last + modulus) % modulus != step) {
        fail_msg("packet %zu: %s steps by %" PRId64, packet, is_video ? "DTS" : "PTS",
                 (dts - *last + modulus) % modulus);
    }
    *last = dts;
}

static void check_packet(struct tape_bench *bench, struct wire *wire, const uint8_t *packet,
                         size_t n)
{
    const int pid = (packet[1] & 0x1f) << 8 | packet[2];
    assert_int_equal(packet[0], 0x47);
    if (pid == NULL_PID) {
        return;
    }
    const bool has_payload = (packet[3] & 0x10) != 0;
    const int cc = packet[3] & 0x0f;
    if (wire->cc[pid] >= 0 && cc != (wire->cc[pid] + has_payload) % 16) {
        fail_msg("packet %zu, PID %d: counter %d after %d", n, pid, cc, wire->cc[pid]);
    }
    wire->cc[pid] = cc;
    const size_t skip = (packet[3] & 0x20) != 0 ? 5 + (size_t)packet[4] : 4;
    const bool is_video = pid == tape_member(bench->format, 0)->video_pid;
    const bool is_audio = pid == tape_member(bench->format, 0)->audio_pid;
    if ((packet[1] & 0x40) != 0 && (is_video || is_audio)) {
        check_pes(wire, packet + skip, is_video, n);
    }
}

static void counters_and_time_stamps_run_through_every_join(void **state)
{
    struct tape_bench *bench = *state;
    for (int plan = 0; plan < PLANS; plan++) {
        struct timeline *timeline =
            timeline_create(tape_bench_plan(bench, BENCH_MORNING), &bench->media.lengths);
        struct tape_inputs *inputs = inputs_of(bench, timeline);
        const size_t count = 120 * 2325;
        uint8_t *packets = tape_bench_read(
            bench, inputs, tape_slot_of_frame(bench->format, BENCH_MORNING - 300), count);
        static struct wire wire;
        memset(wire.cc, 0xff, sizeof(wire.cc));
        wire.dts[0] = wire.dts[1] = -1;
        for (size_t i = 0; i < count; i++) {
            check_packet(bench, &wire, packets + i * TS_PACKET_SIZE, i);
        }
        free(packets);
        tape_inputs_unref(inputs);
    }
}

static void pcr_is_the_time_of_its_slot(void **state)
{
    (void)state;
    /* 2325 slots: 27e6 / 2325 is no whole number; the 2nd second starts exactly. */
    assert_int_equal(tape_pcr(2325, 0), 0);
    assert_int_equal(tape_pcr(2325, 2325), 27000000);
    assert_int_equal(tape_pcr(2325, 1), 11613); /* 11612.9 */
    assert_int_equal(tape_pcr(2325, 2), 23226); /* 23225.8 */
    /* The wrap, 2^33 x 300 ticks: 95443 s and a rest after the epoch. */
    const uint64_t wrap = (UINT64_C(1) << 33) * 300;
    const uint64_t second = wrap / 27000000 + 1;
    assert_int_equal(tape_pcr(2325, second * 2325), second * 27000000 - wrap);
    /* A century on air. */
    const uint64_t century = UINT64_C(4102444800);
    assert_int_equal(tape_pcr(25000, century * 25000), century * 27000000 % wrap);
}

static void a_change_far_enough_ahead_leaves_the_state_alone(void **state)
{
    struct tape_bench *bench = *state;
    struct plan *plan = tape_bench_plan(bench, BENCH_MORNING);
    const int64_t end = plan->events[BENCH_EVENTS - 1].start;
    struct timeline *timeline = timeline_create(plan, &bench->media.lengths);
    struct timeline *changed =
        timeline_substitute(timeline, BENCH_EVENTS, end, "", &bench->media.lengths);
    struct tape_inputs *inputs = inputs_of(bench, timeline_ref(timeline));
    struct tape_state before;
    struct tape_state after;
    for (int64_t frame = end - 200; frame < end + 40; frame++) {
        assert_int_equal(tape_state_at(bench->format, 0, inputs, timeline, frame, &before), 0);
        assert_int_equal(tape_state_at(bench->format, 0, inputs, changed, frame, &after), 0);
        const bool is_equal = tape_state_equal(&before, &after);
        /* The first byte of the last event leaves 14 frames before it. */
        assert_int_equal(is_equal, frame < end - 14);
    }
    timeline_unref(timeline);
    timeline_unref(changed);
    tape_inputs_unref(inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_stretch_is_a_slice_of_a_longer_one),
        cmocka_unit_test(counters_and_time_stamps_run_through_every_join),
        cmocka_unit_test(pcr_is_the_time_of_its_slot),
        cmocka_unit_test(a_change_far_enough_ahead_leaves_the_state_alone),
    };
    return cmocka_run_group_tests_name("tape", tests, set_up, tear_down);
}
