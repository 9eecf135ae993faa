/* SPDX-License-Identifier: MIT */
/*
 * When one plan may take over from another: where it may, nobody can tell
 * from the wire.  Plans and cuts are drawn at random; KETANG_SEED chooses
 * others.
 */
#include "playout/adoption.h"

#include "playout/proof.h"
#include "tests/support/tape_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROUNDS = 60,
    TRIES = 40, /* frames at which a take-over is tried, in each round */
    NULL_PID = 0x1fff,
    LONGEST_LEAD = 25 + 17,
};

static int set_up(void **state)
{
    static struct tape_bench bench;
    tape_bench_init(&bench, 20261124);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    tape_bench_finish(*state);
    return 0;
}

static int asset_number(const struct tape_bench *bench, const char *sha256)
{
    for (int i = 0; i < BENCH_ASSETS; i++) {
        if (strcmp(bench->sha256[i], sha256) == 0) {
            return i;
        }
    }
    return -1;
}

/* A GOP at which an event of the plan may end early, or 0. */
static int64_t draw_cut(struct tape_bench *bench, const struct plan_event *event)
{
    const int n = asset_number(bench, event->asset);
    const int64_t gops = (event->duration - GOP_FRAMES) / GOP_FRAMES;
    struct proof_result result;
    if (n < 0 || gops < 4) {
        return 0;
    }
    const int64_t frames = dice_between(&bench->dice, 3, gops) * GOP_FRAMES;
    return frames <= bench->frames[n] && event->duration == bench->frames[n] &&
                   proof_check(&bench->station->profiles[0], asset_index_of(bench->assets[n]), 0,
                               frames, &result) == 0
               ? frames
               : 0;
}

/* The same plan, with the rest of one event on the slate. */
static struct plan *cut_plan(const struct plan *plan, size_t number, int64_t frames)
{
    struct plan *fresh = plan_create();
    fresh->channel = strdup(plan->channel);
    fresh->revision = plan->revision + 1;
    for (size_t i = 0; i < plan->event_count; i++) {
        struct plan_event event = plan->events[i];
        if (i == number) {
            event.duration = frames;
        }
        assert_int_equal(plan_append(fresh, &event), 0);
        if (i == number) {
            event = (struct plan_event){.seq = 1000,
                                        .programme = 1000,
                                        .start = event.start + frames,
                                        .duration = plan->events[i].duration - frames,
                                        .kind = EVENT_SLATE};
            assert_int_equal(plan_append(fresh, &event), 0);
        }
    }
    return fresh;
}

static void check_counters(const uint8_t *packets, size_t count, int64_t frame)
{
    static int counters[8192];
    memset(counters, -1, sizeof(counters));
    for (size_t i = 0; i < count; i++) {
        const uint8_t *packet = packets + i * TS_PACKET_SIZE;
        const int pid = (packet[1] & 0x1f) << 8 | packet[2];
        const int step = (packet[3] & 0x10) != 0 ? 1 : 0;
        if (pid == NULL_PID) {
            continue;
        }
        if (counters[pid] >= 0 && (packet[3] & 0x0f) != (counters[pid] + step) % 16) {
            fail_msg("taking over at frame %lld: PID %d is out of order at packet %zu",
                     (long long)frame, pid, i);
        }
        counters[pid] = packet[3] & 0x0f;
    }
}

/* Three seconds before the take-over and five after it, as they would be sent. */
static void check_wire(struct tape_bench *bench, struct timeline *old, struct timeline *next,
                       int64_t frame)
{
    const struct tape_step steps[] = {
        {.frame = INT64_MIN, .timeline = timeline_ref(old)},
        {.frame = frame, .timeline = timeline_ref(next)},
    };
    struct tape_inputs *inputs = tape_bench_inputs(bench, steps, 2);
    const uint64_t first =
        tape_slot_of_frame(bench->format, frame - (int64_t)3 * FRAMES_PER_SECOND);
    const size_t count = (size_t)8 * 2325;
    uint8_t *packets = tape_bench_read(bench, inputs, first, count);
    check_counters(packets, count, frame);
    free(packets);
    tape_inputs_unref(inputs);
}

struct scene {
    struct timeline *old;
    struct timeline *next;
    struct tape_inputs *inputs;
    int64_t cut; /* frame at which the two begin to differ */
    int64_t end; /* and from which they are the same again */
};

static bool draw_scene(struct tape_bench *bench, struct scene *scene)
{
    struct plan *plan = tape_bench_plan(bench, BENCH_MORNING);
    const size_t number = (size_t)dice_between(&bench->dice, 0, BENCH_EVENTS - 2);
    const struct plan_event event = plan->events[number];
    const int64_t frames = draw_cut(bench, &event);
    if (frames == 0) {
        plan_destroy(plan);
        return false;
    }
    scene->cut = event.start + frames;
    scene->end = event.start + event.duration;
    scene->next = timeline_create(cut_plan(plan, number, frames), &bench->media.lengths);
    scene->old = timeline_create(plan, &bench->media.lengths);
    const struct tape_step step = {.frame = INT64_MIN, .timeline = timeline_ref(scene->old)};
    scene->inputs = tape_bench_inputs(bench, &step, 1);
    return true;
}

static void finish_scene(struct scene *scene)
{
    timeline_unref(scene->old);
    timeline_unref(scene->next);
    tape_inputs_unref(scene->inputs);
}

static void a_take_over_cannot_be_seen_on_the_wire(void **state)
{
    struct tape_bench *bench = *state;
    int taken = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene scene;
        if (!draw_scene(bench, &scene)) {
            continue;
        }
        for (int i = 0; i < TRIES; i++) {
            const int64_t frame = dice_between(&bench->dice, scene.cut - 80, scene.end + 20);
            if (adoption_may_be(bench->format, 0, scene.inputs, scene.old, scene.next, frame)) {
                check_wire(bench, scene.old, scene.next, frame);
                taken++;
            } else {
                refused++;
            }
        }
        finish_scene(&scene);
    }
    print_message("%d taken, %d refused\n", taken, refused);
    assert_true(taken > ROUNDS && refused > ROUNDS);
}

static void far_enough_ahead_of_a_change_it_is_always_possible(void **state)
{
    struct tape_bench *bench = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene scene;
        if (draw_scene(bench, &scene)) {
            const int64_t frame = scene.cut - LONGEST_LEAD;
            assert_true(
                adoption_may_be(bench->format, 0, scene.inputs, scene.old, scene.next, frame));
            assert_int_equal(
                adoption_find(bench->format, 0, scene.inputs, scene.old, scene.next, frame, 250),
                frame);
            finish_scene(&scene);
        }
    }
}

static void what_is_on_air_already_cannot_be_changed(void **state)
{
    struct tape_bench *bench = *state;
    const int lead = bench->station->profiles[0].video.es.lead_frames;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene scene;
        if (draw_scene(bench, &scene)) {
            for (int64_t frame = scene.cut - lead; frame < scene.end - lead; frame++) {
                assert_false(
                    adoption_may_be(bench->format, 0, scene.inputs, scene.old, scene.next, frame));
            }
            const int64_t possible =
                adoption_possible_from(bench->format, 0, scene.old, scene.next, scene.cut - 1);
            assert_true(possible > scene.cut - 1 && possible <= scene.end);
            check_wire(bench, scene.old, scene.next, possible);
            finish_scene(&scene);
        }
    }
}

static void a_plan_that_never_joins_is_possible_never(void **state)
{
    struct tape_bench *bench = *state;
    struct timeline *old =
        timeline_create(tape_bench_plan(bench, BENCH_MORNING), &bench->media.lengths);
    struct timeline *next =
        timeline_create(tape_bench_plan(bench, BENCH_MORNING + 1), &bench->media.lengths);
    const int64_t possible =
        adoption_possible_from(bench->format, 0, old, next, BENCH_MORNING + 30);
    assert_true(possible == -1 || possible > BENCH_MORNING + 30);
    timeline_unref(old);
    timeline_unref(next);
}

static void frames_are_rounded_up(void **state)
{
    (void)state;
    assert_int_equal(frame_from_ns(0), 0);
    assert_int_equal(frame_from_ns(1), 1);
    assert_int_equal(frame_from_ns(40000000), 1);
    assert_int_equal(frame_from_ns(40000001), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_take_over_cannot_be_seen_on_the_wire),
        cmocka_unit_test(far_enough_ahead_of_a_change_it_is_always_possible),
        cmocka_unit_test(what_is_on_air_already_cannot_be_changed),
        cmocka_unit_test(a_plan_that_never_joins_is_possible_never),
        cmocka_unit_test(frames_are_rounded_up),
    };
    return cmocka_run_group_tests_name("adoption", tests, set_up, tear_down);
}
