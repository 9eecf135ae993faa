/* SPDX-License-Identifier: MIT */
/* Where a file that was sent back airs all the same, and the line that ends it. */
#include "tools/approve_airs.h"

#include "scheduler/order.h"
#include "scheduler/store/store_approval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { M = 60 * FRAMES_PER_SECOND };

/* A lesson by the timetable, then by an insertion, a lesson of another file, an emergency. */
static struct plan *make_plan(void)
{
    static const struct plan_amendment orders[] = {
        {.id = 1, .kind = "insert", .from = 10 * M, .until = 20 * M, .asset = "a"},
        {.id = 2, .kind = "replace", .from = 30 * M, .until = 40 * M, .asset = "b"},
        {.id = 3,
         .kind = "insert",
         .from = 40 * M,
         .until = 50 * M,
         .asset = "a",
         .is_undone = true},
        {.id = 4, .kind = "emergency", .from = 50 * M, .until = AMENDMENT_OPEN, .asset = "a"}};
    static const struct plan_event events[] = {
        {.start = 0, .asset = "a"},
        {.start = 10 * M, .asset = "c"},
        {.start = 12 * M, .asset = "a", .amendment = 1}, /* as by a later order */
        {.start = 20 * M, .asset = "c"},
        {.start = 30 * M, .asset = "b", .amendment = 2},
        {.start = 40 * M, .asset = "c"},
        {.start = 50 * M, .asset = "a", .amendment = 4}};
    enum { COUNT = sizeof(events) / sizeof(events[0]) };
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("zhangdian");
    for (size_t i = 0; i < COUNT; i++) {
        struct plan_event event = events[i];
        event.seq = (int64_t)i + 1;
        event.kind = EVENT_LESSON;
        event.duration = (i + 1 < COUNT ? events[i + 1].start : 90 * M) - event.start;
        assert_int_equal(plan_append(plan, &event), 0);
    }
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        assert_int_equal(plan_append_amendment(plan, &orders[i]), 0);
    }
    return plan;
}

static void what_still_airs_is_listed_with_the_line_that_ends_it(void **state)
{
    (void)state;
    static const char head[] =
        "But this file still airs: what is on air goes on, and so do orders:\n";
    static const char emergency[] =
        "  zhangdian: order 4 (emergency), from 1970-01-01 08:50:00; to take it back before: "
        "ketang undo zhangdian 4\n";
    static const struct {
        int minute;
        const char *lines[3];
    } cases[] = {
        {5,
         {"  zhangdian: on air until 1970-01-01 08:10:00; to end it now: ketang replace "
          "zhangdian now HOUSE_NUMBER --reason 错播\n",
          "  zhangdian: order 1 (insert), from 1970-01-01 08:12:00; to take it back before: "
          "ketang undo zhangdian 1\n",
          emergency}},
        {11, /* it was to begin, and is late */
         {"  zhangdian: order 1 (insert), from 1970-01-01 08:12:00; to end it then: ketang "
          "replace zhangdian now HOUSE_NUMBER --reason 错播\n",
          emergency, ""}},
        {25, {emergency, "", ""}},
        {60,
         {"  zhangdian: on air until 1970-01-01 09:30:00; to end it now: ketang return "
          "zhangdian\n",
          "", ""}}};
    struct plan *plan = make_plan();
    struct zone *zone = NULL;
    struct station *station = calloc(1, sizeof(*station));
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    assert_non_null(station);
    station->path = strdup(station_default_path());
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[1024];
        char *text = NULL;
        size_t size = 0;
        struct approve_airs airs = {.out = open_memstream(&text, &size),
                                    .zone = zone,
                                    .station = station,
                                    .sha256 = "a",
                                    .run = APPROVAL_FIRST_RUN,
                                    .now_ms = cases[i].minute * 60000LL};
        assert_non_null(airs.out);
        approve_airs_tell_plan(&airs, plan);
        (void)fclose(airs.out);
        snprintf(expected, sizeof(expected), "%s%s%s%s", head, cases[i].lines[0], cases[i].lines[1],
                 cases[i].lines[2]);
        assert_string_equal(text, expected);
        free(text);
    }
    free(station->path);
    free(station);
    zone_close(zone);
    plan_destroy(plan);
}

static void of_what_airs_nowhere_nothing_is_said(void **state)
{
    (void)state;
    struct plan *plan = make_plan();
    struct zone *zone = NULL;
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    struct approve_airs airs = {.out = open_memstream(&text, &size),
                                .zone = zone,
                                .sha256 = "d",
                                .run = APPROVAL_FIRST_RUN,
                                .now_ms = 300000};
    assert_non_null(airs.out);
    approve_airs_tell_plan(&airs, plan);
    (void)fclose(airs.out);
    assert_string_equal(text, "");
    free(text);
    zone_close(zone);
    plan_destroy(plan);
}

/* A repeat of that file, on the air at 08:05: of the days' repeats only that one is told. */
static void of_a_repeat_only_itself_is_told(void **state)
{
    (void)state;
    static const char *const runs[] = {"1970-01-01", "1970-01-02"};
    struct plan *plan = make_plan();
    struct zone *zone = NULL;
    struct station *station = calloc(1, sizeof(*station));
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    assert_non_null(station);
    station->path = strdup(station_default_path());
    for (int is_repeat = 0; is_repeat < 2; is_repeat++) {
        plan->events[0].kind = is_repeat ? EVENT_REPEAT : EVENT_LESSON;
        for (int i = 0; i < 2; i++) {
            char *text = NULL;
            size_t size = 0;
            struct approve_airs airs = {.out = open_memstream(&text, &size),
                                        .zone = zone,
                                        .station = station,
                                        .sha256 = "a",
                                        .run = runs[i],
                                        .now_ms = 300000};
            assert_non_null(airs.out);
            approve_airs_tell_plan(&airs, plan);
            (void)fclose(airs.out);
            assert_int_equal(strstr(text, "on air until") != NULL, is_repeat && i == 0);
            assert_null(strstr(text, "undo"));
            free(text);
        }
    }
    free(station->path);
    free(station);
    zone_close(zone);
    plan_destroy(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_still_airs_is_listed_with_the_line_that_ends_it),
        cmocka_unit_test(of_a_repeat_only_itself_is_told),
        cmocka_unit_test(of_what_airs_nowhere_nothing_is_said),
    };
    return cmocka_run_group_tests_name("approve_airs", tests, NULL, NULL);
}
