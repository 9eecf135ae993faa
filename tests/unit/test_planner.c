/* SPDX-License-Identifier: MIT */
/* Orders and revisions through the planner, into plan files: when they hold, and who signs them. */
#include "scheduler/planner.h"

#include "playout/text_same.h"
#include "scheduler/planner_job.h"
#include "tests/support/planner_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct planner_bench bench;

static int ask(int64_t now_ms, const struct order_request *request, struct planner_outcome *outcome)
{
    return planner_bench_ask(&bench, now_ms, request, outcome);
}

/* Frames from the order to its cut. */
static int64_t slate_and_undo(int64_t now_ms)
{
    struct planner_outcome outcome;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    assert_int_equal(ask(now_ms, &slate, &outcome), 0);
    const int64_t wait = outcome.answer.frame - now_ms * FRAMES_PER_SECOND / 1000;
    const struct order_request undo = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(now_ms, &undo, &outcome), 0);
    return wait;
}

static void planning_that_takes_long_moves_orders_and_is_forgotten(void **state)
{
    (void)state;
    const int64_t before = slate_and_undo(NOW_MS);
    planner_note_planning(bench.planner, bench.service, 4000);
    const int64_t busy = slate_and_undo(NOW_MS + 60000);
    assert_in_range(busy - before, 3 * FRAMES_PER_SECOND, 5 * FRAMES_PER_SECOND);
    for (int i = 0; i < 60; i++) {
        planner_note_planning(bench.planner, bench.service, 0);
    }
    assert_true(slate_and_undo(NOW_MS + 120000) < before + FRAMES_PER_SECOND);
}

static void numbers_of_orders_never_come_again(void **state)
{
    (void)state;
    struct planner_outcome outcome;
    struct plan *plan = NULL;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    assert_int_equal(ask(NOW_MS + 200000, &slate, &outcome), 0);
    const int64_t first = outcome.answer.order;
    const struct order_request back = {.command = REQUEST_RETURN};
    assert_int_equal(ask(NOW_MS + 240000, &back, &outcome), 0);
    /* Three days later it is over, and forgotten but for its number. */
    const int64_t later_ms = NOW_MS + 3 * 86400000LL;
    assert_int_equal(ask(later_ms, &slate, &outcome), 0);
    assert_true(outcome.answer.order > first);
    plan = planner_bench_latest(&bench);
    assert_int_equal(plan->amendments[plan->amendment_count - 1].id, outcome.answer.order);
    assert_true(plan->amendment_count <= 2);
    plan_destroy(plan);
    assert_int_equal(ask(later_ms + 60000, &back, &outcome), 0);
}

static void assert_end(int64_t id, const char *author, const char *reason)
{
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_amendment *order = planner_bench_find_order(plan, id);
    assert_true(text_same(order->end_author, author));
    assert_true(text_same(order->end_reason, reason));
    plan_destroy(plan);
}

/* Returned from by mistake, and again; then an order that never begins. */
static void who_ends_an_order_signs_it(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 5 * DAY_MS;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test", .author = "a"};
    const struct order_request back = {.command = REQUEST_RETURN, .reason = "early", .author = "b"};
    const struct order_request again = {.command = REQUEST_RETURN};
    struct planner_outcome outcome;
    assert_int_equal(ask(now_ms, &slate, &outcome), 0);
    const struct order_request undo = {
        .command = REQUEST_UNDO, .id = outcome.answer.order, .reason = "", .author = "c"};
    assert_end(undo.id, NULL, NULL);
    assert_int_equal(ask(now_ms + 60000, &back, &outcome), 0);
    assert_end(undo.id, "b", "early");
    assert_int_equal(ask(now_ms + 60000, &undo, &outcome), 0);
    assert_end(undo.id, "c", NULL);
    assert_int_equal(ask(now_ms + 120000, &again, &outcome), 0);
    assert_end(undo.id, "?", NULL);
    assert_int_equal(ask(now_ms + 180000, &slate, &outcome), 0);
    assert_int_equal(ask(now_ms + 180000, &back, &outcome), 0);
    assert_end(outcome.answer.order, "b", "early");
}

/* The engine takes no revision over within a second of another: the second order must not ask. */
static void an_order_given_at_once_after_another_waits_for_its_second(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 6 * DAY_MS;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    const struct order_request live = {.kind = ORDER_LIVE, .live = "studio", .reason = "test"};
    const struct order_request back = {.command = REQUEST_RETURN};
    struct planner_outcome outcome;
    struct plan *plan = NULL;
    assert_int_equal(ask(now_ms, &slate, &outcome), 0);
    plan = planner_bench_latest(&bench);
    const int64_t first = plan->effective + 3; /* a little later than asked for */
    plan_destroy(plan);
    planner_bench_adopt(&bench, outcome.revision, first);
    assert_int_equal(ask(now_ms + 300, &live, &outcome), 0);
    plan = planner_bench_latest(&bench);
    assert_int_equal(plan->effective, first + PLAN_APART_FRAMES);
    plan_destroy(plan);
    /* Nor after another that it has not seen yet. */
    const struct order_request undo = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(now_ms + 320, &undo, &outcome), 0);
    assert_int_equal(ask(now_ms + 340, &live, &outcome), 0);
    plan = planner_bench_latest(&bench);
    assert_int_equal(plan->effective, first + PLAN_APART_FRAMES);
    plan_destroy(plan);
    planner_bench_adopt(&bench, outcome.revision, first + PLAN_APART_FRAMES);
    assert_int_equal(ask(now_ms + 60000, &back, &outcome), 0);
    assert_int_equal(ask(now_ms + 62000, &back, &outcome), 0);
}

struct race {
    int64_t revision; /* that the engine adopts while the next is planned */
    int64_t effective;
    int tries;
};

static int plan_in_a_race(struct planner_job *job, void *context, struct planner_outcome *outcome)
{
    struct race *race = context;
    enum revise_verdict verdict;
    assert_int_equal(planner_job_make(job, &verdict), 0);
    if (race->tries++ == 0) {
        race->effective = job->latest->effective;
        planner_bench_adopt(&bench, race->revision, race->effective);
    }
    return planner_job_save(job, outcome);
}

/* The engine takes a revision over while the next one is made: that one would come too soon. */
static void what_is_adopted_while_the_next_is_planned_is_seen(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 6 * DAY_MS + 120000;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    const struct planner_job asked = {.planner = bench.planner,
                                      .service = bench.service,
                                      .now_ms = now_ms + 300,
                                      .days = PLANNER_DAYS};
    struct planner_outcome outcome;
    assert_int_equal(ask(now_ms, &slate, &outcome), 0);
    struct race race = {.revision = outcome.revision};
    assert_int_equal(planner_job_run(&asked, plan_in_a_race, &race, &outcome), 0);
    assert_int_equal(race.tries, 2);
    assert_int_equal(outcome.revision, race.revision + 1);
    struct plan *plan = planner_bench_latest(&bench);
    assert_int_equal(plan->effective, race.effective + PLAN_APART_FRAMES);
    plan_destroy(plan);
    const struct order_request back = {.command = REQUEST_RETURN};
    assert_int_equal(ask(now_ms + 60000, &back, &outcome), 0);
}

/* Someone planned for tomorrow, by hand or by a wrong clock: today's orders do not wait for it. */
static void a_revision_for_tomorrow_holds_nothing_up(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 7 * DAY_MS;
    const struct order_request live = {.kind = ORDER_LIVE, .live = "studio", .reason = "test"};
    struct planner_outcome outcome;
    assert_int_equal(
        planner_update(bench.planner, bench.service, NULL, now_ms, PLANNER_DAYS, true, &outcome),
        0);
    planner_bench_adopt(&bench, outcome.revision, 1);
    assert_int_equal(planner_update(bench.planner, bench.service, NULL, now_ms + DAY_MS,
                                    PLANNER_DAYS, true, &outcome),
                     0);
    assert_true(outcome.is_written);
    const struct order_request back = {.command = REQUEST_RETURN};
    assert_int_equal(ask(now_ms + 60000, &live, &outcome), 0);
    assert_in_range(outcome.answer.frame * 1000 / FRAMES_PER_SECOND - now_ms, 60000, 90000);
    assert_int_equal(ask(now_ms + 120000, &back, &outcome), 0);
    planner_bench_forget_adoptions(&bench);
}

/* The plan ended years ago: what is written must be read again by the engine. */
static void a_station_that_was_off_for_years_gets_a_plan(void **state)
{
    (void)state;
    const int64_t later_ms = NOW_MS + 1500 * DAY_MS;
    struct planner_outcome outcome;
    struct plan *plan = NULL;
    assert_int_equal(
        planner_update(bench.planner, bench.service, NULL, later_ms, PLANNER_DAYS, true, &outcome),
        0);
    assert_true(outcome.is_written);
    plan = planner_bench_latest(&bench);
    assert_int_equal(plan->revision, outcome.revision);
    assert_true(plan_find(plan, later_ms / 1000 * FRAMES_PER_SECOND) >= 0);
    plan_destroy(plan);
}

static int set_up(void **state)
{
    (void)state;
    return planner_bench_set_up(&bench);
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
        cmocka_unit_test(planning_that_takes_long_moves_orders_and_is_forgotten),
        cmocka_unit_test(numbers_of_orders_never_come_again),
        cmocka_unit_test(who_ends_an_order_signs_it),
        cmocka_unit_test(an_order_given_at_once_after_another_waits_for_its_second),
        cmocka_unit_test(what_is_adopted_while_the_next_is_planned_is_seen),
        cmocka_unit_test(a_revision_for_tomorrow_holds_nothing_up),
        cmocka_unit_test(a_station_that_was_off_for_years_gets_a_plan),
    };
    return cmocka_run_group_tests_name("planner", tests, set_up, clean_up);
}
