/* SPDX-License-Identifier: MIT */
/*
 * Replacements through the planner: the lessons of the day, KT-02 among them, are repeated from
 * 15:30 until 08:00, one every 25 minutes: all ten of them, again and again.
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

enum { MINUTE = 60 * FRAMES_PER_SECOND };

/* Minutes after Monday 00:00. */
#define AT(minute) ((NOW_MS / 1000 - 8 * 3600 - 600) * FRAMES_PER_SECOND + (int64_t)(minute)*MINUTE)

static struct planner_bench bench;

static void replace(int minute, const char *house_number, struct order_answer *answer)
{
    const struct order_request request = {.kind = ORDER_REPLACE,
                                          .at = AT(minute),
                                          .house_number = house_number,
                                          .reason = "换课",
                                          .author = "a"};
    planner_bench_order(&bench, NOW_MS, &request, answer);
}

/* Those of another first run of the same lesson, on Thursday, are not meant. */
static void repeats_that_air_the_old_lesson_still_are_named(void **state)
{
    (void)state;
    struct order_answer answer;
    replace(8 * 60 + 45, "X-3", &answer);
    assert_said(answer.note,
                "Its repeats still air KT-02: 2026-11-23 15:55:00, 2026-11-23 20:05:00, 2026-11-24 "
                "00:15:00, 2026-11-24 04:25:00.  An order for each replaces them, too: `ketang "
                "replace zhangdian \"2026-11-23 15:55:00\" X-3 --reason TEXT`.\n");
    replace(15 * 60 + 55, "X-3", &answer);
    assert_said(answer.note, "Its repeats still air KT-02: 2026-11-23 20:05:00, ");
    replace(20 * 60 + 5, "KT-02", &answer); /* with itself */
    assert_null(strstr(answer.note, "repeats"));
    replace(8 * 60 + 45, "F-1", &answer); /* what was replaced already */
    assert_said(answer.note, "Its repeats still air KT-02: ");
    replace(28 * 60 + 25, "X-3", &answer); /* the last one */
    assert_null(strstr(answer.note, "repeats"));
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result < 0) {
        return result;
    }
    planner_bench_add_media(&bench, "KT-02", "", ASSET_LESSON, '6');
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_that_air_the_old_lesson_still_are_named),
    };
    return cmocka_run_group_tests_name("planner replace", tests, set_up, clean_up);
}
