/* SPDX-License-Identifier: MIT */
/*
 * Random stations, plans, amendments, rates and times: everything that must
 * hold of a tape is checked on each, as tests/support/tape_judge.h lists it.
 *
 * KETANG_SEED chooses other ones, KETANG_PLANS how many, KETANG_PROCESSES on
 * how many processors.  What fails is made small and written to a folder.
 */
#include "tests/support/must.h"
#include "tests/support/tape_trial.h"
#include "tests/support/world_station.h"
#include "tools/rendering.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { PLANS = 200, SAVED = 6 };

static int set_up(void **state)
{
    static struct tape_shelf shelf;
    tape_shelf_init(&shelf, 20200217);
    *state = &shelf;
    return 0;
}

static int tear_down(void **state)
{
    tape_shelf_finish(*state);
    return 0;
}

static void every_random_plan_gives_a_faultless_tape(void **state)
{
    struct tape_trial trial;
    tape_trial_init(&trial, 20261125, PLANS);
    printf("# KETANG_SEED=%" PRIu64 " KETANG_PLANS=%" PRId64 " KETANG_PROCESSES=%d\n", trial.seed,
           trial.cases, trial.processes);
    tape_trial_run(&trial, *state);
    printf("# checked: %" PRId64 " random stations, %" PRId64 " plans, %" PRId64
           " steps of journals, %" PRId64 " packets, %" PRId64 " joins, %" PRId64
           " services read alone, %" PRId64 " with too much for their guide\n",
           trial.done, trial.totals.plans, trial.totals.steps, trial.totals.packets,
           trial.totals.joins, trial.totals.alone, trial.totals.shortened);
    assert_int_equal(trial.failed, 0);
    assert_int_equal(trial.done, trial.cases);
    assert_int_equal(trial.totals.refused, 0);
    assert_true(trial.cases < PLANS || trial.totals.shortened > 0);
}

/* From the folder that a case was written to, as `ketang render` does. */
static void check_rendering(const struct tape_world *world, const char *folder)
{
    struct rendering *rendering = NULL;
    struct problems problems;
    struct tape_fault fault;
    struct dice dice = {1};
    char path[4096];
    const size_t count = judge_slot_count(world);
    uint8_t *ours = malloc(count * TS_PACKET_SIZE);
    uint8_t *rendered = malloc(count * TS_PACKET_SIZE);
    MUST(ours != NULL && rendered != NULL);
    snprintf(path, sizeof(path), "%s/station.cfg", folder);
    problems_init(&problems);
    int result = rendering_open(path, "transport0", &rendering, &problems);
    if (result == 0) {
        result = rendering_load(rendering, world->of->first - FRAMES_PER_SECOND,
                                world->of->first + world->of->frames, &problems);
    }
    problems_print(&problems, stderr);
    assert_int_equal(result, 0);
    rendering_read(rendering, judge_first_slot(world), count, rendered, &fault);
    assert_int_equal(fault.error, 0);
    assert_int_equal(world_read(world, &dice, judge_first_slot(world), count, ours), 0);
    assert_memory_equal(ours, rendered, count * TS_PACKET_SIZE);
    free(ours);
    free(rendered);
    rendering_close(rendering);
    problems_finish(&problems);
}

static void a_case_that_is_written_down_is_rendered_the_same(void **state)
{
    static struct tape_case drawn;
    for (uint64_t seed = 1; seed <= SAVED; seed++) {
        struct tape_world world;
        tape_case_draw(&drawn, *state, seed);
        assert_int_equal(tape_world_create(&world, *state, &drawn), 0);
        char *folder = world_folder_create();
        tape_world_save(&world, folder);
        check_rendering(&world, folder);
        world_folder_remove(folder);
        free(folder);
        tape_world_destroy(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_random_plan_gives_a_faultless_tape),
        cmocka_unit_test(a_case_that_is_written_down_is_rendered_the_same),
    };
    return cmocka_run_group_tests_name("tape_plans", tests, set_up, tear_down);
}
