/* SPDX-License-Identifier: MIT */
/*
 * Properties of the tape over random plans: any stretch is a slice of any
 * longer one, counters run through every join, PCR is exact to its slot, and
 * every byte of every access unit comes back in time.
 *
 * KETANG_SEED chooses other plans; it is printed.
 */
#include "playout/media.h"
#include "playout/proof.h"
#include "playout/tape.h"
#include "tests/support/fake_media.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ASSETS = 24,
    EVENTS = 14,
    PLANS = 40,
    NULL_PID = 0x1fff,
};

/* A weekday morning, on the grid of a minute. */
#define MORNING (INT64_C(1795392000) * FRAMES_PER_SECOND)

struct bench {
    char *station_path;
    struct station *station;
    struct problems problems;
    struct media media;
    struct asset *slate;
    struct tape_format *format;
    char sha256[ASSETS][SHA256_HEX_SIZE];
    int64_t frames[ASSETS];
    bool is_cut_anywhere[ASSETS];
    struct asset *assets[ASSETS];
    struct dice dice;
};

static void make_assets(struct bench *bench)
{
    const struct profile *profile = &bench->station->profiles[0];
    const char *folder = bench->station->media;
    const struct fake_spec slate = {ASSET_SLATE, FAKE_LIGHT, 240, "SLATE-sd"};
    char sha256[SHA256_HEX_SIZE];
    fake_asset(folder, profile, &bench->dice, &slate, sha256);
    for (int i = 0; i < ASSETS; i++) {
        const struct fake_spec spec = {
            .kind = i % 4 == 0 ? ASSET_FILLER : ASSET_LESSON,
            .load = (enum fake_load)(i % 3),
            .frames = dice_between(&bench->dice, 42, 100) * JOIN_GRID_FRAMES,
            .house_number = "TEST",
        };
        fake_asset(folder, profile, &bench->dice, &spec, bench->sha256[i]);
        bench->frames[i] = spec.frames;
        bench->is_cut_anywhere[i] = spec.kind == ASSET_FILLER;
        assert_int_equal(asset_open(folder, bench->sha256[i], false, &bench->assets[i]), 0);
        struct proof_result result;
        const struct asset_index *index = asset_index_of(bench->assets[i]);
        assert_int_equal(proof_check(profile, index, 0, spec.frames, &result), 0);
    }
}

static int set_up(void **state)
{
    static struct bench bench;
    const char *seed = getenv("KETANG_SEED");
    bench.dice.state = seed != NULL ? strtoull(seed, NULL, 10) : 20261123;
    print_message("# KETANG_SEED=%" PRIu64 "\n", bench.dice.state);
    problems_init(&bench.problems);
    bench.station_path = fake_station_file();
    int result = station_load(bench.station_path, &bench.station, &bench.problems);
    problems_print(&bench.problems, stderr);
    assert_int_equal(result, 0);
    make_assets(&bench);
    assert_int_equal(media_open_slate(bench.station->media, "sd", &bench.slate), 0);
    media_init(&bench.media, bench.station->media, 240);
    result = tape_format_create(bench.station, &bench.station->transports[0], bench.slate,
                                &bench.format, &bench.problems);
    problems_print(&bench.problems, stderr);
    assert_int_equal(result, 0);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    tape_format_destroy(bench->format);
    asset_unref(bench->slate);
    for (int i = 0; i < ASSETS; i++) {
        asset_unref(bench->assets[i]);
    }
    station_destroy(bench->station);
    problems_finish(&bench->problems);
    fake_station_remove(bench->station_path);
    free(bench->station_path);
    return 0;
}

/* Pieces cut out of an asset are proven when a plan is loaded; here as well. */
static bool is_proven(struct bench *bench, const struct plan_event *event, int64_t n)
{
    struct piece piece = {.start = event->start, .length = event->duration};
    for (int64_t frame = event->start; frame < event->start + event->duration;) {
        piece = (struct piece){.start = event->start, .length = event->duration};
        piece_cut(&piece, bench->frames[n], frame);
        struct proof_result result;
        if (proof_check(&bench->station->profiles[0], asset_index_of(bench->assets[n]),
                        piece.in_point, piece.length, &result) < 0) {
            return false;
        }
        frame = piece.start + piece.length;
    }
    return true;
}

/* Whole lessons, fillers cut or looped at any grid frame, slates; now and then an in-point. */
static struct plan *random_plan(struct bench *bench, int64_t start)
{
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("zhangdian");
    plan->revision = 1;
    for (int64_t i = 0; i < EVENTS; i++) {
        const int64_t n = dice_between(&bench->dice, 0, ASSETS - 1);
        struct plan_event event = {.seq = i + 1, .start = start, .programme = i + 1};
        char title[] = "语文 示例";
        event.title = title;
        event.duration = bench->frames[n];
        if (dice_between(&bench->dice, 0, 9) == 0) {
            event.kind = EVENT_SLATE;
            event.duration = dice_between(&bench->dice, 8, 300) * JOIN_GRID_FRAMES;
        } else if (bench->is_cut_anywhere[n]) {
            event.kind = EVENT_FILLER;
            event.duration = dice_between(&bench->dice, 8, 200) * JOIN_GRID_FRAMES;
            memcpy(event.asset, bench->sha256[n], sizeof(event.asset));
            if (!is_proven(bench, &event, n)) {
                event.duration = bench->frames[n];
            }
        } else {
            memcpy(event.asset, bench->sha256[n], sizeof(event.asset));
        }
        assert_int_equal(plan_append(plan, &event), 0);
        start += event.duration;
    }
    return plan;
}

static struct tape_inputs *inputs_of(struct bench *bench, struct timeline *timeline)
{
    const struct tape_step step = {.frame = INT64_MIN, .eit_version = 7, .timeline = timeline};
    struct tape_inputs *inputs = tape_inputs_create(&step, 1, bench->assets, ASSETS);
    assert_non_null(inputs);
    timeline_unref(timeline);
    return inputs;
}

static uint8_t *read_tape(struct bench *bench, struct tape_inputs *inputs, uint64_t first,
                          size_t count)
{
    struct tape_reader *reader = tape_reader_create(bench->format);
    uint8_t *packets = malloc(count * TS_PACKET_SIZE);
    assert_non_null(reader);
    assert_non_null(packets);
    for (size_t done = 0; done < count;) {
        const size_t most = (size_t)dice_between(&bench->dice, 1, 3000);
        const size_t chunk = most < count - done ? most : count - done;
        struct tape_fault fault;
        tape_read(reader, inputs, first + done, chunk, packets + done * TS_PACKET_SIZE, &fault);
        assert_int_equal(fault.error, 0);
        done += chunk;
    }
    tape_reader_destroy(reader);
    return packets;
}

static void any_stretch_is_a_slice_of_a_longer_one(void **state)
{
    struct bench *bench = *state;
    for (int plan = 0; plan < PLANS; plan++) {
        struct timeline *timeline =
            timeline_create(random_plan(bench, MORNING), &bench->media.lengths);
        struct tape_inputs *inputs = inputs_of(bench, timeline);
        const uint64_t first = tape_slot_of_frame(bench->format, MORNING - 100);
        const size_t count = 90 * 2325;
        uint8_t *whole = read_tape(bench, inputs, first, count);
        for (int i = 0; i < 6; i++) {
            const size_t from = (size_t)dice_between(&bench->dice, 0, (int64_t)count - 1);
            const size_t most = count - from < 5000 ? count - from : 5000;
            uint8_t *part = read_tape(bench, inputs, first + from, most);
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
    const int64_t step = is_video ? TICKS_PER_FRAME : AUDIO_TICKS;
    const int64_t modulus = INT64_C(1) << 33;
    int64_t *last = &wire->dts[is_video];
    if (*last >= 0 && (dts - *last + modulus) % modulus != step) {
        fail_msg("packet %zu: %s steps by %" PRId64, packet, is_video ? "DTS" : "PTS",
                 (dts - *last + modulus) % modulus);
    }
    *last = dts;
}

static void check_packet(struct bench *bench, struct wire *wire, const uint8_t *packet, size_t n)
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
    const bool is_video = pid == tape_transport(bench->format)->video_pid;
    const bool is_audio = pid == tape_transport(bench->format)->audio_pid;
    if ((packet[1] & 0x40) != 0 && (is_video || is_audio)) {
        check_pes(wire, packet + skip, is_video, n);
    }
}

static void counters_and_time_stamps_run_through_every_join(void **state)
{
    struct bench *bench = *state;
    for (int plan = 0; plan < PLANS; plan++) {
        struct timeline *timeline =
            timeline_create(random_plan(bench, MORNING), &bench->media.lengths);
        struct tape_inputs *inputs = inputs_of(bench, timeline);
        const size_t count = 120 * 2325;
        uint8_t *packets =
            read_tape(bench, inputs, tape_slot_of_frame(bench->format, MORNING - 300), count);
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
    struct bench *bench = *state;
    struct plan *plan = random_plan(bench, MORNING);
    const int64_t end = plan->events[EVENTS - 1].start;
    struct timeline *timeline = timeline_create(plan, &bench->media.lengths);
    struct timeline *changed =
        timeline_substitute(timeline, EVENTS, end, "", &bench->media.lengths);
    struct tape_inputs *inputs = inputs_of(bench, timeline_ref(timeline));
    struct tape_state before;
    struct tape_state after;
    for (int64_t frame = end - 200; frame < end + 40; frame++) {
        assert_int_equal(tape_state_at(bench->format, inputs, timeline, frame, &before), 0);
        assert_int_equal(tape_state_at(bench->format, inputs, changed, frame, &after), 0);
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
