/* SPDX-License-Identifier: MIT */
#include "playout/pacer.h"

#include "playout/pacing.h"
#include "playout/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define EPOCH INT64_C(1763942400000000000)

enum { RATE = 2325, OTHER_RATE = 25000, LANES = 2, CAPACITY = 400 };

/* A sink that writes down what it is given. */
struct recorder {
    struct pacer_sink sink; /* first */
    size_t added[LANES];
    uint64_t last[LANES]; /* number */
    size_t flushes;
};

static void record(struct pacer_sink *sink, size_t lane, uint64_t number, const uint8_t *datagram)
{
    struct recorder *recorder = (struct recorder *)sink;
    assert_int_equal(datagram[0], 0x47);
    assert_int_equal(datagram[1], (uint8_t)number);
    assert_true(recorder->added[lane] == 0 || number > recorder->last[lane]);
    recorder->last[lane] = number;
    recorder->added[lane]++;
}

static void record_flush(struct pacer_sink *sink)
{
    ((struct recorder *)sink)->flushes++;
}

/* The tests' own clock. */
static int64_t simulated_ns;

static int64_t simulated_now(void)
{
    return simulated_ns;
}

struct scene {
    struct air_clock clock;
    struct recorder recorder;
    struct pacer_lane lanes[LANES];
    struct pacer *pacer;
    uint64_t first;
};

static void fill(struct ring *ring, uint64_t from, uint64_t end)
{
    for (uint64_t m = from; m < end; m++) {
        size_t count = 1;
        uint8_t *bytes = ring_reserve(ring, m, &count);
        assert_non_null(bytes);
        bytes[0] = 0x47;
        bytes[1] = (uint8_t)m;
        ring_publish(ring, m, 1);
    }
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    air_clock_init(&scene->clock, 0, EPOCH);
    scene->recorder.sink = (struct pacer_sink){.add = record, .flush = record_flush};
    scene->first = pacing_first_from(RATE, EPOCH);
    for (size_t i = 0; i < LANES; i++) {
        scene->lanes[i].ring = ring_create(CAPACITY, scene->first);
        scene->lanes[i].slots_per_second = RATE;
        fill(scene->lanes[i].ring, scene->first, scene->first + CAPACITY);
    }
    scene->pacer = pacer_create(scene->lanes, LANES, &scene->clock, &scene->recorder.sink);
    *state = scene;
    return scene->pacer != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    pacer_destroy(scene->pacer);
    for (size_t i = 0; i < LANES; i++) {
        ring_destroy(scene->lanes[i].ring);
    }
    free(scene);
    return 0;
}

static int64_t turn(struct scene *scene, int64_t at_ns)
{
    simulated_ns = at_ns;
    return pacer_turn(scene->pacer, at_ns, simulated_now);
}

static void lanes_of_equal_rate_leave_together(void **state)
{
    struct scene *scene = *state;
    int64_t deadline = turn(scene, -1);
    assert_int_equal(scene->recorder.flushes, 0);
    for (size_t i = 1; i <= 300; i++) {
        assert_int_equal(EPOCH + deadline, pacing_due_ns(RATE, scene->first + i - 1));
        deadline = turn(scene, deadline);
        assert_int_equal(scene->recorder.flushes, i);
        assert_int_equal(scene->recorder.added[0], i);
        assert_int_equal(scene->recorder.added[1], i);
    }
    assert_int_equal(atomic_load(&scene->lanes[0].counters.sent), 300);
    assert_int_equal(atomic_load(&scene->lanes[0].counters.late), 0);
    assert_int_equal(histogram_max_ns(&scene->lanes[0].counters.lateness), 0);
    assert_int_equal(atomic_load(&scene->lanes[1].counters.last), scene->first + 299);
}

static void a_short_delay_is_counted_as_lateness(void **state)
{
    struct scene *scene = *state;
    const int64_t due = pacing_due_ns(RATE, scene->first) - EPOCH;
    turn(scene, due + 10 * NS_PER_MS);
    const struct pacer_counters *counters = &scene->lanes[0].counters;
    assert_int_equal(atomic_load(&counters->sent), 4); /* 3.01 ms each */
    assert_int_equal(histogram_max_ns(&counters->lateness), 10 * NS_PER_MS);
    assert_int_equal(atomic_load(&counters->late), 3);
    assert_int_equal(atomic_load(&counters->skipped), 0);
}

static void a_long_pause_is_skipped_not_made_up_for(void **state)
{
    struct scene *scene = *state;
    const int64_t pause = 500 * NS_PER_MS;
    const uint64_t missed = pacing_first_from(RATE, EPOCH + pause) - scene->first;
    int64_t deadline = turn(scene, pause);
    assert_int_equal(scene->recorder.added[0], 0);
    assert_int_equal(atomic_load(&scene->lanes[0].counters.skipped), missed);
    turn(scene, deadline);
    assert_int_equal(scene->recorder.added[0], 1);
    assert_int_equal(ring_position(scene->lanes[0].ring), scene->first + missed + 1);
}

static void a_datagram_that_is_not_ready_is_left_out(void **state)
{
    struct scene *scene = *state;
    int64_t deadline = turn(scene, -1);
    for (size_t i = 0; i < CAPACITY + 10; i++) {
        deadline = turn(scene, deadline);
    }
    assert_int_equal(atomic_load(&scene->lanes[0].counters.starved), 10);
    const uint64_t next = scene->first + CAPACITY + 10;
    assert_int_equal(ring_position(scene->lanes[0].ring), next);
    fill(scene->lanes[0].ring, next, next + 1);
    turn(scene, deadline);
    assert_int_equal(scene->recorder.added[0], CAPACITY + 1);
}

static void mute_silences_one_lane_at_once_and_the_tape_runs_on(void **state)
{
    struct scene *scene = *state;
    int64_t deadline = turn(scene, turn(scene, -1));
    atomic_store(&scene->lanes[1].is_muted, true);
    for (size_t i = 0; i < 9; i++) {
        deadline = turn(scene, deadline);
    }
    atomic_store(&scene->lanes[1].is_muted, false);
    turn(scene, deadline);
    assert_int_equal(scene->recorder.added[0], 11);
    assert_int_equal(scene->recorder.added[1], 2);
    assert_int_equal(atomic_load(&scene->lanes[1].counters.muted), 9);
    assert_int_equal(atomic_load(&scene->lanes[1].counters.last), scene->first + 10);
}

static void a_slewed_clock_moves_the_deadlines(void **state)
{
    struct scene *scene = *state;
    const int64_t before = turn(scene, -1);
    air_clock_watch(&scene->clock, NS_PER_S, EPOCH + NS_PER_MS);
    assert_int_equal(turn(scene, -1 - AIR_CLOCK_SLEW_NS), before - AIR_CLOCK_SLEW_NS);
}

static void what_came_before_the_beginning_is_not_missed(void **state)
{
    struct scene *scene = *state;
    const int64_t begin_ns = 3 * PACER_SKIP_NS;
    pacer_begin(scene->pacer, begin_ns);
    int64_t deadline = turn(scene, begin_ns);
    assert_int_equal(EPOCH + deadline,
                     pacing_due_ns(RATE, pacing_first_from(RATE, EPOCH + begin_ns)));
    for (int i = 0; i < 20; i++) {
        deadline = turn(scene, deadline);
    }
    for (size_t i = 0; i < LANES; i++) {
        const struct pacer_counters *counters = &scene->lanes[i].counters;
        assert_int_equal(scene->recorder.added[i], 20);
        assert_int_equal(atomic_load(&counters->skipped), 0);
        assert_int_equal(atomic_load(&counters->late), 0);
    }
}

/* The thread too, by the machine's clock: the rings have been full for two seconds. */
static void a_late_start_misses_nothing(void **state)
{
    struct scene *scene = *state;
    const struct timespec moment = {.tv_nsec = NS_PER_MS};
    bool is_realtime = false;
    air_clock_init(&scene->clock, system_monotonic_ns(), EPOCH + 2 * NS_PER_S);
    assert_int_equal(pacer_start(scene->pacer, &is_realtime), 0);
    for (int i = 0; i < 5000 && atomic_load(&scene->lanes[0].counters.starved) == 0; i++) {
        nanosleep(&moment, NULL);
    }
    pacer_stop(scene->pacer);
    for (size_t i = 0; i < LANES; i++) {
        const uint64_t begin = pacing_first_from(RATE, EPOCH + 2 * NS_PER_S);
        assert_true(ring_position(scene->lanes[i].ring) > begin);
        assert_true(atomic_load(&scene->lanes[i].counters.starved) > 0); /* nothing is rendered */
        assert_int_equal(atomic_load(&scene->lanes[i].counters.skipped), 0);
    }
}

/* Two rates: each datagram leaves in the turn that is at its own instant. */
static void lanes_of_other_rates_keep_their_own_time(void **state)
{
    struct scene *scene = *state;
    const uint64_t first = pacing_first_from(OTHER_RATE, EPOCH);
    struct ring *ring = ring_create(2 * CAPACITY, first);
    assert_non_null(ring);
    fill(ring, first, first + 2 * CAPACITY);
    ring_destroy(scene->lanes[1].ring);
    scene->lanes[1].ring = ring;
    scene->lanes[1].slots_per_second = OTHER_RATE;
    pacer_destroy(scene->pacer);
    scene->pacer = pacer_create(scene->lanes, LANES, &scene->clock, &scene->recorder.sink);
    assert_non_null(scene->pacer);

    int64_t deadline = turn(scene, -1);
    for (size_t i = 0; i < 700; i++) {
        const uint64_t a = scene->first + scene->recorder.added[0];
        const uint64_t b = first + scene->recorder.added[1];
        const int64_t due_a = pacing_due_ns(RATE, a);
        const int64_t due_b = pacing_due_ns(OTHER_RATE, b);
        assert_int_equal(EPOCH + deadline, due_a < due_b ? due_a : due_b);
        deadline = turn(scene, deadline);
    }
    assert_true(scene->recorder.added[0] > 50);
    assert_true(scene->recorder.added[1] > 600);
    for (size_t i = 0; i < LANES; i++) {
        const struct pacer_counters *counters = &scene->lanes[i].counters;
        assert_int_equal(histogram_total(&counters->lateness), scene->recorder.added[i]);
        assert_int_equal(histogram_max_ns(&counters->lateness), 0);
        assert_int_equal(atomic_load(&counters->starved), 0);
    }
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(lanes_of_equal_rate_leave_together),
        IN_SCENE(lanes_of_other_rates_keep_their_own_time),
        IN_SCENE(a_short_delay_is_counted_as_lateness),
        IN_SCENE(a_long_pause_is_skipped_not_made_up_for),
        IN_SCENE(a_datagram_that_is_not_ready_is_left_out),
        IN_SCENE(mute_silences_one_lane_at_once_and_the_tape_runs_on),
        IN_SCENE(a_slewed_clock_moves_the_deadlines),
        IN_SCENE(what_came_before_the_beginning_is_not_missed),
        IN_SCENE(a_late_start_misses_nothing),
    };
    return cmocka_run_group_tests_name("pacer", tests, NULL, NULL);
}
