/* SPDX-License-Identifier: MIT */
/*
 * What the answers to orders say airs then, through the planner: each time it is what the plan has.
 * The lesson of 20 minutes airs twice from 08:00 to 08:40, or once before fillers; after five
 * minutes of break comes the next one.  Minutes count from 08:40.
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

enum { MINUTE_MS = 60000, MINUTE = 60 * FRAMES_PER_SECOND };

#define AT_MS(minute)    (NOW_MS + (30LL + (minute)) * MINUTE_MS)
#define AT_FRAME(minute) (AT_MS(minute) * FRAMES_PER_SECOND / 1000)

static struct planner_bench bench;

/* What several tests order. */
static const struct order_request insert_now = {
    .kind = ORDER_INSERT, .house_number = "X-3", .reason = "test", .author = "a"};

static struct order_answer ask(int now, const struct order_request *request)
{
    struct order_answer answer;
    planner_bench_order(&bench, AT_MS(now), request, &answer);
    return answer;
}

static struct order_answer extend(int now, int minutes, enum order_mode mode)
{
    const struct order_request request = {.kind = ORDER_EXTEND,
                                          .mode = mode,
                                          .length = (int64_t)minutes * MINUTE,
                                          .reason = "late",
                                          .author = "a"};
    return ask(now, &request);
}

/* --- What follows --------------------------------------------------------------- */

/* Between it and the next lesson there are fillers: nothing of that is lost. */
static void what_follows_fillers_is_not_joined(void **state)
{
    (void)state;
    planner_bench_change_rule(&bench, "rest: loop", "rest: filler");
    planner_bench_plan(&bench, AT_MS(-60));
    const struct order_answer answer = extend(-25, 2, ORDER_JOIN);
    assert_said(answer.note, "It ends itself at 2026-11-23 08:20:00; fillers air in that "
                             "time.\nWhat follows keeps its time.\n");
    assert_null(strstr(answer.note, "joined"));
}

/* Of ten minutes the break takes five. */
static void what_is_joined_is_named_with_what_it_loses(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    const struct order_answer answer = extend(-5, 10, ORDER_JOIN);
    assert_said(answer.note,
                "What follows is joined in progress, its first 5:01 do not air: Monday "
                "2026-11-23 08:45 KT-02 ");
}

/* The break takes up the first one; of the second, nothing. */
static void an_insertion_that_pushes_says_how_much_later_what_follows_comes(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    struct order_request push = insert_now;
    push.mode = ORDER_PUSH;
    struct order_answer answer = ask(-20, &push);
    assert_said(answer.note, "What follows keeps its time.\n");
    answer = ask(-10, &push);
    assert_said(answer.note, "What follows comes 5:00 later, until fillers take that up: Monday "
                             "2026-11-23 08:50 KT-02 ");
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
    planner_bench_add_media(&bench, "FILL-01", "", ASSET_FILLER, '9');
    bench.media_minutes = 15;
    planner_bench_add_media(&bench, "B-15", "讲座", ASSET_LESSON, '7');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "通知", ASSET_LESSON, '3');
    planner_bench_add_media(&bench, "F-1", "通知", ASSET_FILLER, '4');
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
        ALONE(what_follows_fillers_is_not_joined),
        ALONE(what_is_joined_is_named_with_what_it_loses),
        ALONE(an_insertion_that_pushes_says_how_much_later_what_follows_comes),
    };
    return cmocka_run_group_tests_name("planner told", tests, NULL, NULL);
}
