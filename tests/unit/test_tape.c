/* SPDX-License-Identifier: MIT */
/*
 * The tape of a multiplex with a service of every house format: counters and
 * time stamps run through every join, any stretch is a slice of any longer
 * one, and the state that is told of a service is that of the wire.
 *
 * KETANG_SEED chooses other plans; it is printed.
 */
#include "playout/eit_cycle.h"
#include "tests/support/must.h"
#include "tests/support/tape_judge.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum {
    STATIONS = 4,
    SLICES = 12,
    NULL_PID = 0x1fff,
    PIDS = 8192,
};

struct bench {
    struct tape_shelf shelf;
    struct dice dice;
};

/* A random multiplex, and its tape for the case's frames. */
struct scene {
    struct tape_case drawn;
    struct tape_world world;
    uint8_t *packets;
    size_t count;
};

static int set_up(void **state)
{
    static struct bench bench;
    const char *seed = getenv("KETANG_SEED");
    tape_shelf_init(&bench.shelf, 20261123);
    bench.dice.state = seed != NULL ? strtoull(seed, NULL, 10) : 20261123;
    printf("# KETANG_SEED=%" PRIu64 "\n", bench.dice.state);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    tape_shelf_finish(&bench->shelf);
    return 0;
}

static struct scene *make_scene(struct bench *bench)
{
    static struct scene scene;
    tape_case_draw_multiplex(&scene.drawn, &bench->shelf, dice_roll(&bench->dice));
    assert_int_equal(tape_world_create(&scene.world, &bench->shelf, &scene.drawn), 0);
    scene.count = judge_slot_count(&scene.world);
    scene.packets = malloc(scene.count * TS_PACKET_SIZE);
    assert_non_null(scene.packets);
    assert_int_equal(world_read(&scene.world, &bench->dice, judge_first_slot(&scene.world),
                                scene.count, scene.packets),
                     0);
    return &scene;
}

static void finish_scene(struct scene *scene)
{
    free(scene->packets);
    tape_world_destroy(&scene->world);
}

static void any_stretch_is_a_slice_of_a_longer_one(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < STATIONS; i++) {
        struct scene *scene = make_scene(bench);
        for (int k = 0; k < SLICES; k++) {
            const size_t from = (size_t)dice_between(&bench->dice, 0, (int64_t)scene->count - 1);
            const size_t most = scene->count - from < 5000 ? scene->count - from : 5000;
            uint8_t *part = malloc(most * TS_PACKET_SIZE);
            assert_non_null(part);
            assert_int_equal(world_read(&scene->world, &bench->dice,
                                        judge_first_slot(&scene->world) + from, most, part),
                             0);
            if (memcmp(part, scene->packets + from * TS_PACKET_SIZE, most * TS_PACKET_SIZE) != 0) {
                fail_msg("station %d: the stretch from packet %zu differs", i, from);
            }
            free(part);
        }
        finish_scene(scene);
    }
}

/* --- Counters and time stamps ------------------------------------------------ */

struct wire {
    int cc[PIDS];      /* -1 before the first packet */
    int64_t dts[PIDS]; /* likewise */
};

static int pid_of(const uint8_t *packet)
{
    return (packet[1] & 0x1f) << 8 | packet[2];
}

static bool has_payload(const uint8_t *packet)
{
    return (packet[3] & 0x10) != 0;
}

static int64_t timestamp(const uint8_t *bytes)
{
    return (int64_t)(bytes[0] & 0x0e) << 29 | (int64_t)bytes[1] << 22 |
           (int64_t)(bytes[2] & 0xfe) << 14 | (int64_t)bytes[3] << 7 | bytes[4] >> 1;
}

static void check_pes(struct wire *wire, const uint8_t *packet, const struct es_profile *es,
                      size_t n)
{
    const int64_t modulus = INT64_C(1) << 33;
    const uint8_t *payload = packet + 4 + ((packet[3] & 0x20) != 0 ? 1 + packet[4] : 0);
    const int64_t dts = timestamp((payload[7] & 0x40) != 0 ? payload + 14 : payload + 9);
    int64_t *last = &wire->dts[pid_of(packet)];
    const int64_t step = (dts - *last + modulus) % modulus;
    if (*last >= 0 && step != es->unit_ticks) {
        fail_msg("packet %zu, PID %d: a time stamp steps by %" PRId64, n, pid_of(packet), step);
    }
    *last = dts;
}

static void check_packet(struct wire *wire, const struct transport *transport,
                         const uint8_t *packet, size_t n)
{
    const int pid = pid_of(packet);
    const int cc = packet[3] & 0x0f;
    assert_int_equal(packet[0], 0x47);
    if (pid == NULL_PID) {
        return;
    }
    if (wire->cc[pid] >= 0 && cc != (wire->cc[pid] + has_payload(packet)) % 16) {
        fail_msg("packet %zu, PID %d: counter %d after %d", n, pid, cc, wire->cc[pid]);
    }
    wire->cc[pid] = cc;
    for (size_t i = 0; i < transport->service_count && (packet[1] & 0x40) != 0; i++) {
        const struct service *service = &transport->services[i];
        if (pid == service->video_pid) {
            check_pes(wire, packet, &service->profile->video.es, n);
        } else if (pid == service->audio_pid) {
            check_pes(wire, packet, &service->profile->audio.es, n);
        }
    }
}

/* The first packet of PID 0x12 in a cycle decides what the whole of it says. */
static void the_guide_is_decided_when_its_cycle_begins(void **state)
{
    enum { EIT_PID = 0x12 };
    struct bench *bench = *state;
    int begun = 0;
    for (int i = 0; i < STATIONS; i++) {
        struct scene *scene = make_scene(bench);
        const struct tape_format *format = world_format(&scene->world);
        const uint64_t cycle_slots =
            (uint64_t)tape_transport(format)->slots_per_second * EIT_CYCLE_S;
        const uint64_t first = judge_first_slot(&scene->world);
        uint64_t cycle = first / cycle_slots; /* has begun before */
        for (size_t k = 0; k < scene->count; k++) {
            const uint8_t *packet = scene->packets + k * TS_PACKET_SIZE;
            const int pid = (packet[1] & 0x1f) << 8 | packet[2];
            if (pid == EIT_PID && (first + k) / cycle_slots > cycle) {
                const int64_t frame = tape_frame_of_slot(format, first + k);
                cycle = (first + k) / cycle_slots;
                begun++;
                assert_int_equal(tape_guide_frame(format, frame), frame);
                assert_true(tape_guide_frame(format, frame - 1) < frame);
                assert_int_equal(tape_guide_frame(format, frame + 1), frame);
            }
        }
        finish_scene(scene);
    }
    assert_true(begun > 0);
}

static void counters_and_time_stamps_run_through_every_join(void **state)
{
    static struct wire wire;
    int64_t joins = 0;
    for (int i = 0; i < STATIONS; i++) {
        struct scene *scene = make_scene(*state);
        memset(&wire, 0xff, sizeof(wire));
        for (size_t n = 0; n < scene->count; n++) {
            check_packet(&wire, tape_transport(world_format(&scene->world)),
                         scene->packets + n * TS_PACKET_SIZE, n);
        }
        joins += world_joins(&scene->world, scene->drawn.first,
                             scene->drawn.first + scene->drawn.frames);
        finish_scene(scene);
    }
    print_message("# %" PRId64 " joins\n", joins);
    assert_true(joins > 2 * STATIONS);
}

/* --- State ------------------------------------------------------------------- */

/* The counter of the first packet with payload on a PID from packet `n` on, or -1. */
static int next_counter(const struct scene *scene, int pid, size_t n)
{
    for (; n < scene->count; n++) {
        const uint8_t *packet = scene->packets + n * TS_PACKET_SIZE;
        if (pid_of(packet) == pid && has_payload(packet)) {
            return packet[3] & 0x0f;
        }
    }
    return -1;
}

/* How many packets of the access unit in hand were sent just before packet `n`. */
static int64_t sent_of_unit(const struct scene *scene, int pid, size_t n)
{
    int64_t sent = 0;
    while (n-- > 0) {
        const uint8_t *packet = scene->packets + n * TS_PACKET_SIZE;
        if (pid_of(packet) == pid && has_payload(packet)) {
            sent++;
            if ((packet[1] & 0x40) != 0) {
                return sent;
            }
        }
    }
    return -1;
}

static void check_state(const struct scene *scene, const struct world_service *service,
                        int64_t frame)
{
    const int pids[] = {service->service->video_pid, service->service->audio_pid};
    const struct tape_step *step = tape_inputs_step(service->inputs, frame);
    struct tape_state state;
    assert_int_equal(tape_state_at(service->format, service->number, service->inputs,
                                   step->timeline, frame, &state),
                     0);
    assert_true(tape_state_equal(&state, &state));
    const size_t n =
        (size_t)(tape_slot_of_frame(service->format, frame) - judge_first_slot(&scene->world));
    for (int i = 0; i < 2; i++) {
        const int counter = next_counter(scene, pids[i], n);
        const int64_t sent = sent_of_unit(scene, pids[i], n);
        if (counter >= 0 && counter != state.total[i] % 16) {
            fail_msg("frame %" PRId64 ", PID %d: counter %d after %" PRId64 " packets", frame,
                     pids[i], counter, state.total[i]);
        }
        /* Between two access units the state speaks of the one to come. */
        if (sent >= 0 && state.sent[i] > 0 && sent != state.sent[i]) {
            fail_msg("frame %" PRId64 ", PID %d: %" PRId64 " packets of the unit, not %" PRId64,
                     frame, pids[i], sent, state.sent[i]);
        }
    }
}

static void the_state_of_a_service_is_that_of_the_wire(void **state)
{
    for (int i = 0; i < STATIONS; i++) {
        struct scene *scene = make_scene(*state);
        for (int k = 0; k < scene->drawn.service_count; k++) {
            for (int64_t at = 1; at < scene->drawn.frames; at += 3) {
                check_state(scene, &scene->world.services[k], scene->drawn.first + at);
            }
        }
        finish_scene(scene);
    }
}

/* The first packet of an event leaves its lead before it. */
static void a_change_far_enough_ahead_leaves_the_state_alone(void **state)
{
    struct scene *scene = make_scene(*state);
    for (int k = 0; k < scene->drawn.service_count; k++) {
        struct world_service *service = &scene->world.services[k];
        struct timeline *timeline = service->history.steps[1].timeline;
        const struct plan *plan = timeline_plan(timeline);
        const struct plan_event *last = &plan->events[plan->event_count - 1];
        struct timeline *changed =
            timeline_substitute(timeline, last->seq, last->start, "", &service->media.lengths);
        const int lead = service->service->profile->video.es.lead_frames;
        struct tape_state before;
        struct tape_state after;
        for (int64_t frame = last->start - 200; frame < last->start + 40; frame++) {
            assert_int_equal(tape_state_at(service->format, service->number, service->probe,
                                           timeline, frame, &before),
                             0);
            assert_int_equal(tape_state_at(service->format, service->number, service->probe,
                                           changed, frame, &after),
                             0);
            const bool is_same = last->asset[0] == '\0' && last->in_point == 0;
            const bool is_equal = tape_state_equal(&before, &after);
            assert_int_equal(is_equal, is_same || frame < last->start - lead);
        }
        timeline_unref(changed);
    }
    finish_scene(scene);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_stretch_is_a_slice_of_a_longer_one),
        cmocka_unit_test(the_guide_is_decided_when_its_cycle_begins),
        cmocka_unit_test(counters_and_time_stamps_run_through_every_join),
        cmocka_unit_test(the_state_of_a_service_is_that_of_the_wire),
        cmocka_unit_test(a_change_far_enough_ahead_leaves_the_state_alone),
        cmocka_unit_test(pcr_is_the_time_of_its_slot),
    };
    return cmocka_run_group_tests_name("tape", tests, set_up, tear_down);
}
