/* SPDX-License-Identifier: MIT */
/* Orders through the planner, into plan files; without media and without an engine. */
#include "scheduler/planner.h"

#include "playout/station.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Monday 2026-11-23 08:10 +0800, in ms: a lesson's time. */
#define NOW_MS ((1795363200LL + 8 * 3600 + 600) * 1000)

static char folder[] = "/tmp/test_planner.XXXXXX";
static struct station *station;
static struct planner *planner;
static const struct service *service;

static int ask(int64_t now_ms, const struct order_request *request, struct planner_outcome *outcome)
{
    return planner_order(planner, service, NULL, now_ms, request, outcome);
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
    planner_note_planning(planner, service, 4000);
    const int64_t busy = slate_and_undo(NOW_MS + 60000);
    assert_in_range(busy - before, 3 * FRAMES_PER_SECOND, 5 * FRAMES_PER_SECOND);
    for (int i = 0; i < 60; i++) {
        planner_note_planning(planner, service, 0);
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
    assert_int_equal(planner_latest(planner, service, &plan), 0);
    assert_int_equal(plan->amendments[plan->amendment_count - 1].id, outcome.answer.order);
    assert_true(plan->amendment_count <= 2);
    plan_destroy(plan);
}

static void what_cannot_be_is_refused_with_a_sentence(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 4 * 86400000LL;
    struct planner_outcome outcome;
    const struct {
        struct order_request request;
        const char *words;
    } cases[] = {
        {{.kind = ORDER_EMERGENCY}, "a reason is missing"},
        {{.kind = ORDER_LIVE, .reason = "test"}, "name the live source"},
        {{.kind = ORDER_INSERT, .reason = "test", .house_number = "NONE"}, "NONE has no media"},
        {{.command = REQUEST_RELEASE}, "nothing is held"},
        {{.command = REQUEST_UNDO, .id = 99}, "no order 99"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ask(now_ms, &cases[i].request, &outcome), -ECANCELED);
        assert_non_null(strstr(outcome.answer.text, cases[i].words));
        assert_false(outcome.is_written);
    }
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    const char *const paths[] = {"schedules/zhangdian.yaml"};
    problems_init(&problems);
    int result = station_load("schedules/station.cfg", &station, &problems);
    if (result == 0 && mkdtemp(folder) != NULL) {
        free(station->state);
        free(station->media);
        station->state = strdup(folder);
        station->media = strdup(folder);
        result = planner_create(station, &planner);
    }
    if (result == 0) {
        result = planner_load_files(planner, paths, 1, &problems);
        service = station_service(station, "zhangdian");
    }
    problems_finish(&problems);
    return result;
}

static int clean_up(void **state)
{
    (void)state;
    char command[64];
    planner_destroy(planner);
    station_destroy(station);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planning_that_takes_long_moves_orders_and_is_forgotten),
        cmocka_unit_test(numbers_of_orders_never_come_again),
        cmocka_unit_test(what_cannot_be_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests_name("planner", tests, set_up, clean_up);
}
