/* SPDX-License-Identifier: MIT */
/*
 * Orders one after another, faster than the engine looks for revisions: whichever of them it has
 * taken over by then, the next one airs the same until its first cut, so that it can be taken over.
 */
#include "scheduler/planner.h"
#include "scheduler/revise.h"

#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEP_MS = 20, GAP_MS = 25, LOOKS_MS = 250, MINUTE_MS = 60000 };

static struct planner_bench bench;

static int64_t frame_at(int64_t time_ms)
{
    return time_ms * FRAMES_PER_SECOND / 1000;
}

static struct plan *load(int64_t revision)
{
    char path[128];
    struct plan *plan = NULL;
    struct problems problems;
    snprintf(path, sizeof(path), "%s/plans/zhangdian/%lld.yaml", bench.folder, (long long)revision);
    problems_init(&problems);
    assert_int_equal(plan_load(path, &plan, &problems), 0);
    problems_finish(&problems);
    return plan;
}

/* What airs at each frame is the same. */
static void assert_airs_same(const struct plan *one, const struct plan *other, int64_t from,
                             int64_t to)
{
    for (int64_t frame = from; frame < to; frame++) {
        const struct plan_event *a = &one->events[plan_find(one, frame)];
        const struct plan_event *b = &other->events[plan_find(other, frame)];
        assert_string_equal(a->asset, b->asset);
        assert_int_equal(a->start - a->in_point, b->start - b->in_point);
    }
}

/* The engine takes over the latest revision, if it has not yet. */
static void adopt(void)
{
    struct plan *plan = planner_bench_latest(&bench);
    if (plan->revision != bench.engine.revision) {
        bench.engine = (struct engine_channel){.is_known = true, .revision = plan->revision};
        planner_bench_adopt(&bench, plan->revision, plan->effective);
    }
    plan_destroy(plan);
}

/* As the scheduler gives it: again and again; the engine looks at `look_ms`.  When it was taken. */
static int64_t give(int64_t now_ms, int64_t look_ms, const char *json, bool *has_waited)
{
    struct planner_outcome outcome;
    int result = planner_bench_say(&bench, now_ms, json, &outcome);
    *has_waited = result == -EBUSY;
    while (result == -EBUSY) {
        now_ms += STEP_MS;
        if (now_ms >= look_ms) {
            adopt();
        }
        result = planner_bench_say(&bench, now_ms, json, &outcome);
    }
    if (result < 0) {
        fail_msg("%s: %d: %s", json, result, outcome.answer.text);
    }
    assert_true(outcome.is_written);
    return now_ms;
}

static const char slate[] = "{\"command\":\"slate\",\"reason\":\"x\"}";
static const char emergency[] =
    "{\"command\":\"emergency\",\"house_number\":\"X-1\",\"reason\":\"x\"}";
static const char back[] = "{\"command\":\"return\"}";

/* Ends what was ordered, so that the lesson is on air again. */
static void clear_air(int64_t now_ms)
{
    for (int i = 0; i < 2; i++) {
        bool has_waited;
        adopt();
        (void)give(now_ms + i * 20LL * 1000, INT64_MAX, back, &has_waited);
    }
    adopt();
}

static void the_next_order_airs_the_same_before_its_cut(void **state)
{
    (void)state;
    int waits = 0;
    int count = 0;
    for (int gap_ms = 0; gap_ms < LOOKS_MS; gap_ms += GAP_MS, count++) {
        const int64_t now_ms = NOW_MS + count * DAY_MS + count * 1013LL;
        bool has_waited;
        (void)give(now_ms, INT64_MAX, slate, &has_waited);
        const int64_t given_ms = give(now_ms + gap_ms, now_ms + LOOKS_MS, emergency, &has_waited);
        waits += has_waited;
        struct plan *made = planner_bench_latest(&bench);
        struct plan *adopted = load(bench.engine.revision);
        assert_true(adopted->revision < made->revision);
        assert_airs_same(adopted, made, frame_at(given_ms),
                         revise_earliest(made->effective, bench.service->profile));
        plan_destroy(adopted);
        plan_destroy(made);
        clear_air(now_ms + MINUTE_MS);
    }
    assert_in_range(waits, 1, count - 1);
    printf("# checked: %d orders on others, %d waited for the engine\n", count, waits);
}

/* One that takes nothing over is waited for until it would be too late, and not by the impatient.
 */
static void an_engine_that_hangs_is_not_waited_for_long(void **state)
{
    (void)state;
    int waits = 0;
    for (int i = 0; i < LOOKS_MS / GAP_MS; i++) {
        const int64_t now_ms = NOW_MS + (50 + i) * DAY_MS;
        bool has_waited;
        bench.is_impatient = i % 2 != 0;
        (void)give(now_ms, INT64_MAX, slate, &has_waited);
        const int64_t given_ms = give(now_ms + i * GAP_MS, INT64_MAX, emergency, &has_waited);
        assert_in_range(given_ms - now_ms, i * GAP_MS,
                        bench.is_impatient ? i * GAP_MS : 1000 + STEP_MS);
        waits += has_waited;
        clear_air(now_ms + MINUTE_MS);
    }
    bench.is_impatient = false;
    assert_in_range(waits, 1, LOOKS_MS / GAP_MS / 2);
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result < 0) {
        return result;
    }
    planner_bench_add_first_lessons(&bench);
    planner_bench_add_media(&bench, "X-1", "通知", ASSET_FILLER, '1');
    planner_bench_plan(&bench, NOW_MS - 20LL * MINUTE_MS);
    adopt();
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    planner_bench_clean_up(&bench);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_order_airs_the_same_before_its_cut),
        cmocka_unit_test(an_engine_that_hangs_is_not_waited_for_long),
    };
    return cmocka_run_group_tests_name("planner pending", tests, set_up, clean_up);
}
