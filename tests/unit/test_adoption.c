/* SPDX-License-Identifier: MIT */
/*
 * When one plan of a service may take over from another: where it may, nobody
 * can tell from the wire.  Plans and cuts are drawn at random, in a multiplex
 * with a service of every house format; KETANG_SEED chooses others.
 */
#include "playout/adoption.h"

#include "tests/support/must.h"
#include "tests/support/tape_judge.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROUNDS = 8, /* multiplexes, with a change on each service */
    TRIES = 12, /* frames at which a take-over is tried, for each change */
    NULL_PID = 0x1fff,
    BEFORE = 2 * FRAMES_PER_SECOND, /* what is read of the wire around a take-over */
    AFTER = 3 * FRAMES_PER_SECOND,
    LAST_UNITS = 15, /* access units of at most a frame that bring a counter to its end */
};

struct bench {
    struct tape_shelf shelf;
    struct dice dice;
};

static int set_up(void **state)
{
    static struct bench bench;
    const char *seed = getenv("KETANG_SEED");
    tape_shelf_init(&bench.shelf, 20261124);
    bench.dice.state = seed != NULL ? strtoull(seed, NULL, 10) : 20261124;
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

/* Where an event of the plan may end early, or 0. */
static int64_t draw_cut(struct bench *bench, const struct world_service *service,
                        const struct plan_event *event)
{
    const struct asset *asset = shelf_find(service->shelf, event->asset);
    const int64_t gops = (event->duration - GOP_FRAMES) / GOP_FRAMES;
    if (event->asset[0] == '\0' || gops < 2) {
        return 0; /* the slate after a part of the slate is no change at all */
    }
    const int64_t frames = dice_between(&bench->dice, 1, gops) * GOP_FRAMES;
    return shelf_is_legal(service->shelf, asset, event->in_point, frames) ? frames : 0;
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

/* A service and a change of its plan. */
struct scene {
    const struct tape_world *world;
    const struct world_service *service;
    struct timeline *old;
    struct timeline *next;
    int64_t cut; /* frame at which the two begin to differ */
    int64_t end; /* and from which they are the same again */
};

/* Around the take-over, as it would be sent; all other services as they are. */
static void check_wire(struct bench *bench, const struct scene *scene, int64_t frame)
{
    const struct tape_format *format = world_format(scene->world);
    struct tape_world world = *scene->world;
    struct asset *assets[SHELF_ASSETS];
    const struct tape_step steps[] = {
        {.frame = INT64_MIN, .timeline = scene->old},
        {.frame = frame, .timeline = scene->next},
    };
    for (int i = 0; i < SHELF_ASSETS; i++) {
        assets[i] = scene->service->shelf->assets[i].asset;
    }
    struct tape_inputs *inputs = tape_inputs_create(steps, 2, assets, SHELF_ASSETS);
    world.members[scene->service->number] = inputs;
    const uint64_t first = tape_slot_of_frame(format, frame - BEFORE);
    const size_t count = (size_t)(tape_slot_of_frame(format, frame + AFTER) - first);
    uint8_t *packets = malloc(count * TS_PACKET_SIZE);
    MUST(inputs != NULL && packets != NULL);
    assert_int_equal(world_read(&world, &bench->dice, first, count, packets), 0);
    check_counters(packets, count, frame);
    free(packets);
    tape_inputs_unref(inputs);
}

static bool draw_scene(struct bench *bench, const struct tape_world *world, int service,
                       struct scene *scene)
{
    *scene = (struct scene){.world = world, .service = &world->services[service]};
    scene->old = scene->service->history.steps[1].timeline;
    const struct plan *plan = timeline_plan(scene->old);
    const size_t number = (size_t)dice_between(&bench->dice, 0, (int64_t)plan->event_count - 1);
    const struct plan_event *event = &plan->events[number];
    const int64_t frames = draw_cut(bench, scene->service, event);
    if (frames == 0) {
        return false;
    }
    scene->cut = event->start + frames;
    scene->end = event->start + event->duration;
    struct media media = scene->service->media;
    scene->next = timeline_create(cut_plan(plan, number, frames), &media.lengths);
    assert_non_null(scene->next);
    return true;
}

typedef void scene_test(struct bench *bench, const struct scene *scene);

/* On a change of each service of many multiplexes. */
static void on_many_scenes(struct bench *bench, scene_test *test)
{
    static struct tape_case drawn;
    int scenes = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct tape_world world;
        tape_case_draw_multiplex(&drawn, &bench->shelf, dice_roll(&bench->dice));
        assert_int_equal(tape_world_create(&world, &bench->shelf, &drawn), 0);
        for (int i = 0; i < drawn.service_count; i++) {
            struct scene scene;
            if (draw_scene(bench, &world, i, &scene)) {
                test(bench, &scene);
                timeline_unref(scene.next);
                scenes++;
            }
        }
        tape_world_destroy(&world);
    }
    assert_true(scenes >= ROUNDS);
}

static bool may_be(const struct scene *scene, int64_t frame)
{
    return adoption_may_be(scene->service->format, scene->service->number, scene->service->probe,
                           scene->old, scene->next, frame);
}

static int taken;
static int refused;

static void try_frames(struct bench *bench, const struct scene *scene)
{
    for (int i = 0; i < TRIES; i++) {
        const int64_t frame = dice_between(&bench->dice, scene->cut - 80, scene->end + 20);
        if (may_be(scene, frame)) {
            check_wire(bench, scene, frame);
            taken++;
        } else {
            refused++;
        }
    }
}

static void a_take_over_cannot_be_seen_on_the_wire(void **state)
{
    on_many_scenes(*state, try_frames);
    print_message("# %d taken, %d refused\n", taken, refused);
    assert_true(taken > ROUNDS && refused > ROUNDS);
}

/* Frames before a change from which no access unit of what runs is touched by it. */
static int64_t longest_lead(const struct profile *profile)
{
    const struct es_profile *video = &profile->video.es;
    return (int64_t)video->max_lead_ms * FRAMES_PER_SECOND / 1000 + video->reorder_units + 1 +
           LAST_UNITS;
}

static void try_far_ahead(struct bench *bench, const struct scene *scene)
{
    (void)bench;
    const struct world_service *service = scene->service;
    const int64_t frame = scene->cut - longest_lead(service->service->profile);
    assert_true(may_be(scene, frame));
    assert_int_equal(adoption_find(service->format, service->number, service->probe, scene->old,
                                   scene->next, frame, 250),
                     frame);
}

static void far_enough_ahead_of_a_change_it_is_always_possible(void **state)
{
    on_many_scenes(*state, try_far_ahead);
}

static void try_on_air(struct bench *bench, const struct scene *scene)
{
    const struct world_service *service = scene->service;
    const int lead = service->service->profile->video.es.lead_frames;
    for (int64_t frame = scene->cut - lead; frame < scene->end - lead; frame++) {
        assert_false(may_be(scene, frame));
    }
    const int64_t possible = adoption_possible_from(service->format, service->number, scene->old,
                                                    scene->next, scene->cut - 1);
    assert_true(possible > scene->cut - 1 && possible <= scene->end);
    check_wire(bench, scene, possible);
}

static void what_is_on_air_already_cannot_be_changed(void **state)
{
    on_many_scenes(*state, try_on_air);
}

static void try_plan_beside(struct bench *bench, const struct scene *scene)
{
    (void)bench;
    const struct world_service *service = scene->service;
    const struct plan *plan = timeline_plan(scene->old);
    struct plan *moved = plan_create();
    struct media media = service->media;
    moved->channel = strdup(plan->channel);
    for (size_t i = 0; i < plan->event_count; i++) {
        struct plan_event event = plan->events[i];
        event.start += service->service->profile->join_grid_frames;
        assert_int_equal(plan_append(moved, &event), 0);
    }
    struct timeline *next = timeline_create(moved, &media.lengths);
    const int64_t begin = plan->events[0].start;
    const struct plan_event *last = &plan->events[plan->event_count - 1];
    for (int64_t frame = begin; frame < last->start + last->duration; frame++) {
        assert_false(adoption_may_be(service->format, service->number, service->probe, scene->old,
                                     next, frame));
    }
    timeline_unref(next);
}

static void a_plan_that_lies_beside_the_old_one_never_takes_over(void **state)
{
    on_many_scenes(*state, try_plan_beside);
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
        cmocka_unit_test(a_plan_that_lies_beside_the_old_one_never_takes_over),
        cmocka_unit_test(frames_are_rounded_up),
    };
    return cmocka_run_group_tests_name("adoption", tests, set_up, tear_down);
}
