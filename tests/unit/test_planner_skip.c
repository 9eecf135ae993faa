/* SPDX-License-Identifier: MIT */
/*
 * `skip --follow` of an insertion, through the planner: it ends that alone.  What lies below goes
 * on, nothing comes early, and no later revision thinks otherwise.
 */
#include "scheduler/planner.h"

#include "tests/support/assert_said.h"
#include "tests/support/planner_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, MOMENT = 3 * FRAMES_PER_SECOND };

/* KT-01 of 20 minutes airs twice from 08:00 on; KT-02 at 08:45, KT-03 at 09:30. */
#define MORNING_MS (NOW_MS - 10 * MINUTE_MS)
#define FRAME(minute_of_morning)                                                                   \
    ((MORNING_MS + (minute_of_morning)*MINUTE_MS) * FRAMES_PER_SECOND / SECOND_MS)

static struct planner_bench bench;

static void insert(int64_t now_ms, enum order_mode mode, const char *house_number,
                   struct order_answer *answer)
{
    const struct order_request request = {.kind = ORDER_INSERT,
                                          .mode = mode,
                                          .house_number = house_number,
                                          .reason = "test",
                                          .author = "a"};
    planner_bench_order(&bench, now_ms, &request, answer);
}

static void end_it(int64_t now_ms, struct order_answer *answer)
{
    const struct order_request request = {
        .kind = ORDER_SKIP, .mode = ORDER_FOLLOW, .reason = "wrong", .author = "a"};
    planner_bench_order(&bench, now_ms, &request, answer);
}

/* Whenever the next revision is made, what is to come stays as it is, up to 09:30. */
static void assert_stays(int64_t now_ms)
{
    static const int seconds[] = {40, 150, 310, 400, 500, 900};
    struct plan *plan = planner_bench_latest(&bench);
    for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
        const int64_t later_ms = now_ms + seconds[i] * SECOND_MS;
        planner_bench_plan(&bench, later_ms);
        struct plan *later = planner_bench_latest(&bench);
        for (int64_t frame = later->events[0].start; frame < FRAME(90);) {
            const struct plan_event *event = &later->events[plan_find(later, frame)];
            const struct plan_event *known = &plan->events[plan_find(plan, frame)];
            assert_int_equal(event->start, known->start);
            assert_int_equal(event->duration, known->duration);
            assert_int_equal(event->in_point, known->in_point);
            assert_string_equal(event->asset, known->asset);
            frame = event->start + event->duration;
        }
        plan_destroy(later);
    }
    plan_destroy(plan);
}

/* KT-02 is whole and in time. */
static void assert_next_in_time(const struct plan *plan)
{
    const struct plan_event *next = &plan->events[plan_find(plan, FRAME(45))];
    assert_int_equal(next->start, FRAME(45));
    assert_int_equal(next->in_point, 0);
    assert_int_equal(next->amendment, 0);
    assert_string_equal(next->house_number, "KT-02");
}

/* It is joined where it is by the clock, not where the insertion would have left it. */
static void an_interrupted_lesson_goes_on_where_it_would_be(void **state)
{
    (void)state;
    static const char *const notices[] = {"F-1", "X-3"}; /* a filler, and a lesson */
    for (int i = 0; i < 2; i++) {
        struct order_answer answer;
        const int64_t now_ms = NOW_MS + 5 * MINUTE_MS + 5 * SECOND_MS + i * DAY_MS * 7;
        const int64_t days = i * DAY_MS * 7 * FRAMES_PER_SECOND / SECOND_MS;
        insert(now_ms, ORDER_JOIN, notices[i], &answer);
        const int64_t begun = answer.frame;
        end_it(now_ms + 40 * SECOND_MS, &answer);
        assert_said(answer.note, "At once then: Monday 2026-11-");
        struct plan *plan = planner_bench_latest(&bench);
        const ptrdiff_t found = plan_find(plan, answer.frame);
        assert_true(found > 0);
        const struct plan_event *event = &plan->events[found];
        assert_int_equal(event->start, answer.frame);
        assert_true(event->start < begun + 50 * FRAMES_PER_SECOND);
        assert_string_equal(event[-1].house_number, notices[i]);
        assert_string_equal(event->house_number, "KT-01");
        assert_int_equal(event->in_point, event->start - FRAME(0) - days);
        assert_int_equal(event->start + event->duration, FRAME(20) + days);
        assert_int_equal(event[1].in_point, 0);
        if (i == 0) {
            assert_next_in_time(plan);
            assert_stays(now_ms + 40 * SECOND_MS);
        }
        plan_destroy(plan);
    }
}

/* It goes on where it was cut; what is pushed back is so by as long as the notice aired. */
static void a_pushed_lesson_goes_on_where_it_was(void **state)
{
    (void)state;
    struct order_answer answer;
    const int64_t now_ms = NOW_MS + 5 * MINUTE_MS + 5 * SECOND_MS;
    insert(now_ms, ORDER_PUSH, "F-1", &answer);
    const int64_t begun = answer.frame;
    end_it(now_ms + 40 * SECOND_MS, &answer);
    const int64_t aired = answer.frame - begun;
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_event *event = &plan->events[plan_find(plan, answer.frame)];
    assert_int_equal(event->start, answer.frame);
    assert_string_equal(event->house_number, "KT-01");
    assert_in_range(event->in_point, begun - FRAME(0) - MOMENT, begun - FRAME(0));
    assert_in_range(event[1].start, FRAME(20) + aired, FRAME(20) + aired + MOMENT);
    assert_string_equal(event[1].house_number, "KT-01");
    assert_next_in_time(plan);
    plan_destroy(plan);
    assert_stays(now_ms + 40 * SECOND_MS);
}

/* Between lessons fillers go on: the next one is not taken early. */
static void after_a_notice_over_fillers_the_next_lesson_keeps_its_time(void **state)
{
    (void)state;
    struct order_answer answer;
    const int64_t now_ms = NOW_MS + 30 * MINUTE_MS + 5 * SECOND_MS;
    insert(now_ms, ORDER_JOIN, "X-1", &answer);
    end_it(now_ms + 20 * SECOND_MS, &answer);
    assert_said(answer.note, "What comes next keeps its time; fillers air until then");
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_event *event = &plan->events[plan_find(plan, answer.frame)];
    assert_int_equal(event->start, answer.frame);
    assert_int_equal(event->amendment, answer.order);
    assert_int_equal(event->start + event->duration, FRAME(45));
    assert_next_in_time(plan);
    plan_destroy(plan);
    assert_stays(now_ms + 20 * SECOND_MS);
}

/* Of two notices, the later over the earlier, each ends alone. */
static void a_notice_over_another_ends_alone(void **state)
{
    (void)state;
    struct order_answer answer;
    const int64_t now_ms = NOW_MS + 5 * MINUTE_MS + 5 * SECOND_MS;
    insert(now_ms, ORDER_JOIN, "X-3", &answer);
    const int64_t begun = answer.frame;
    insert(now_ms + 30 * SECOND_MS, ORDER_JOIN, "X-1", &answer);
    end_it(now_ms + 60 * SECOND_MS, &answer);
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_event *event = &plan->events[plan_find(plan, answer.frame)];
    assert_string_equal(event->house_number, "X-3");
    assert_int_equal(event->start, answer.frame);
    assert_int_equal(event->in_point, event->start - begun);
    assert_next_in_time(plan);
    plan_destroy(plan);
    assert_stays(now_ms + 60 * SECOND_MS);
}

/* The lesson on air is extended then: the next one is behind the fillers still, with all its time.
 */
static void what_comes_next_has_room_behind_an_extension(void **state)
{
    (void)state;
    const struct order_request extend = {.kind = ORDER_EXTEND,
                                         .mode = ORDER_JOIN,
                                         .length = 60LL * FRAMES_PER_SECOND,
                                         .reason = "late",
                                         .author = "a"};
    struct order_answer answer;
    const int64_t now_ms = NOW_MS + 5 * MINUTE_MS + 5 * SECOND_MS;
    insert(now_ms, ORDER_JOIN, "F-1", &answer);
    end_it(now_ms + 40 * SECOND_MS, &answer);
    for (int i = 0; i < 2; i++) { /* while the notice would still be on air, and when it is over */
        planner_bench_order(&bench, now_ms + (2 + 4 * i) * MINUTE_MS, &extend, &answer);
        assert_null(strstr(answer.note, "No room is left"));
        struct plan *plan = planner_bench_latest(&bench);
        assert_int_equal(answer.frame, FRAME(40));
        assert_next_in_time(plan);
        plan_destroy(plan);
    }
    assert_stays(now_ms + 7 * MINUTE_MS);
}

/* One that is over stays below the one that was laid over what it left, as long as that lasts. */
static void what_is_over_stays_below_what_lasts(void **state)
{
    (void)state;
    struct order_answer answer;
    const int64_t now_ms = NOW_MS + 5 * MINUTE_MS + 5 * SECOND_MS;
    insert(now_ms, ORDER_JOIN, "X-1", &answer);
    insert(now_ms + 5 * SECOND_MS, ORDER_PUSH, "X-3", &answer);
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_event *event = &plan->events[plan_find(plan, answer.frame)];
    assert_string_equal(event->house_number, "X-3");
    assert_string_equal(event[1].house_number, "X-1");
    plan_destroy(plan);
    assert_stays(now_ms + 5 * SECOND_MS);
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result < 0) {
        return result;
    }
    planner_bench_add_media(&bench, "KT-01", "", ASSET_LESSON, '5');
    planner_bench_add_media(&bench, "KT-02", "", ASSET_LESSON, '6');
    planner_bench_add_media(&bench, "KT-03", "", ASSET_LESSON, '8');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "", ASSET_LESSON, '3');
    planner_bench_add_media(&bench, "F-1", "", ASSET_FILLER, '4');
    bench.media_minutes = 2;
    planner_bench_add_media(&bench, "X-1", "", ASSET_LESSON, '2');
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    planner_bench_clean_up(&bench);
    return 0;
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, set_up, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(an_interrupted_lesson_goes_on_where_it_would_be),
        ALONE(a_pushed_lesson_goes_on_where_it_was),
        ALONE(after_a_notice_over_fillers_the_next_lesson_keeps_its_time),
        ALONE(a_notice_over_another_ends_alone),
        ALONE(what_comes_next_has_room_behind_an_extension),
        ALONE(what_is_over_stays_below_what_lasts),
    };
    return cmocka_run_group_tests_name("planner: skip", tests, NULL, NULL);
}
