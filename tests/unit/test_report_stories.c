/* SPDX-License-Identifier: MIT */
/* As-run against plan: what becomes of a morning, story by story. */
#include "scheduler/report/report_ledger.h"
#include "tests/support/report_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = REPORT_DAY };

#define STRANGE  "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define STAND_IN "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static int set_up(void **state)
{
    *state = report_world_create();
    return 0;
}

static int tear_down(void **state)
{
    report_world_destroy(*state);
    return 0;
}

static void a_day_as_planned_has_no_incident(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    const struct comparison *comparison = report_world_compare(world);
    static const enum planned_category categories[] = {
        PLANNED_FIRST_RUN, PLANNED_REPEAT, PLANNED_OTHER, PLANNED_LIVE, PLANNED_SPECIAL};
    assert_int_equal(comparison->programme_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(comparison->programmes[i].category, categories[i]);
        assert_int_equal(comparison->programmes[i].status, PROGRAMME_AS_PLANNED);
    }
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.incidents, 0);
    assert_true(ledger_is_nil(&ledger));
    assert_int_equal(comparison->frames[CLASS_PLANNED], 4500);
    assert_int_equal(comparison->frames[CLASS_FILLING], 1500);
}

static void a_lesson_that_begins_late_is_late(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = report_world_morning(world, 2);
    report_world_replace_rest(record, record->start, "");
    record->part_count = 2;
    memcpy(record->parts[1].asset, record->asset, sizeof(record->asset));
    record->parts[1].from = record->start + 240;
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 1, PROGRAMME_LATE, 760);
    assert_int_equal(comparison->programmes[1].aired_from, DAY + 1740);
    assert_int_equal(comparison->frames[CLASS_SLATE], 240);
}

static void a_lesson_that_ends_early_is_cut(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = report_world_morning(world, 0);
    report_world_replace_rest(record, record->end - 100, REPORT_FILLER);
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 0, PROGRAMME_CUT, 900);
    assert_int_equal(comparison->frames[CLASS_FILLER], 100);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.frames[ACCOUNT_DIANBO], 100);
    assert_int_equal(ledger.counted_centiframes, 5000); /* at half weight */
    assert_int_equal(ledger.incidents, 1);
}

static void off_air_and_muted_are_told(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = report_world_morning(world, 0);
    assert_int_equal(frame_spans_add(&record->interrupted, DAY + 100, DAY + 150), 0);
    record = &world->lines[2].record;
    assert_int_equal(frame_spans_add(&record->muted, DAY + 1500, DAY + 2500), 0);
    report_world_interrupt(world, DAY + 900, DAY + 1100);
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 0, PROGRAMME_OFF_AIR, 850);
    report_world_check_programme(comparison, 1, PROGRAMME_MUTED, 0);
    assert_int_equal(comparison->frames[CLASS_OFF_AIR], 250);
    assert_int_equal(comparison->frames[CLASS_MUTED], 1000);
    assert_int_equal(ledger_of(comparison).frames[ACCOUNT_TINGBO], 1250);
}

static void what_nobody_called_for_is_wrong_content(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = report_world_morning(world, 0);
    report_world_replace_rest(record, record->start, STRANGE);
    record = &world->lines[2].record;
    report_world_replace_rest(record, record->start, STAND_IN);
    report_world_substitute(world, 3, record->start, STAND_IN);
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 0, PROGRAMME_REPLACED, 0);
    report_world_check_programme(comparison, 1, PROGRAMME_REPLACED, 0);
    assert_int_equal(comparison->frames[CLASS_WRONG], 1000);
    assert_int_equal(comparison->frames[CLASS_SUBSTITUTED], 1000);
    assert_int_equal(ledger_of(comparison).frames[ACCOUNT_CUOBO], 1000);
}

static void a_later_plan_that_changes_a_lesson_is_told_but_counts_nothing(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    const struct report_item other = {9, 4000, 5000, EVENT_LESSON, "L9", NULL, "换课", NULL, 0, 0};
    struct plan *plan = report_world_adopt(world, DAY + 2000);
    for (size_t k = 2; k < 5; k++) {
        report_world_plan(plan, &report_morning[k]);
    }
    report_world_plan(plan, &other);
    report_world_plan(plan, &report_morning[6]);
    report_world_drop(world, 5);
    report_world_air(world, &other);
    const struct comparison *comparison = report_world_compare(world);
    assert_string_equal(comparison->programmes[4].house_number, "L9");
    report_world_check_programme(comparison, 4, PROGRAMME_AS_PLANNED, 1000);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1000);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.counted_centiframes, 0);
    assert_int_equal(ledger.incidents, 1);
    assert_true(ledger_is_nil(&ledger));
}

/* By the timetable of 1200 on, L2 comes at 4000 and ZT not at all. */
static void a_lesson_that_was_moved_before_it_began_is_missed_in_its_new_place(void **state)
{
    struct report_world *world = *state;
    static const struct report_item free_time = {
        8, 1500, 2500, EVENT_FILLER, "F1", NULL, "此时段没有安排", NULL, 0, 0};
    static const struct report_item moved = {9,    4000, 5000, EVENT_LESSON, "L2", NULL, NULL,
                                             NULL, 0,    0};
    report_world_morning(world, 0);
    const struct report_item *const items[] = {&report_morning[0], &report_morning[1], &free_time,
                                               &report_morning[3], &report_morning[4], &moved,
                                               &report_morning[6]};
    struct plan *plan = report_world_adopt(world, DAY + 1200);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(plan, items[i]);
    }
    report_world_drop(world, 5);
    report_world_drop(world, 2);
    report_world_air(world, &free_time);
    report_world_replace_rest(report_world_air(world, &moved), DAY + 4400, "");
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->programme_count, 4); /* L1, EYE, L3, L2 */
    report_world_check_programme(comparison, 3, PROGRAMME_CUT, 400);
    assert_int_equal(comparison->frames[CLASS_FILLER], 0);
    assert_int_equal(comparison->frames[CLASS_SLATE], 600);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1400);
    const struct compared_span *span = report_world_span(comparison, CLASS_CHANGED);
    assert_int_equal(span->from, DAY + 1500);
    assert_string_equal(span->was->house_number, "L2");
    assert_string_equal(span->reason, "此时段没有安排");
}

/* What has begun without its media is missed to its end, although it is struck off then. */
static void a_lesson_that_is_moved_away_after_it_began_is_missed(void **state)
{
    struct report_world *world = *state;
    struct report_item filler = {1, 0, 3000, EVENT_FILLER, "F1", "L1", "缺素材", NULL, 0, 0};
    struct report_item rest = {2, 3000, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 0};
    struct plan *plan = report_world_adopt(world, DAY - 10);
    report_world_plan(plan, &filler);
    report_world_plan(plan, &rest);
    filler.end = 1000;
    rest.start = 1000;
    plan = report_world_adopt(world, DAY + 900);
    report_world_plan(plan, &filler);
    report_world_plan(plan, &rest);
    report_world_air(world, &filler);
    report_world_air(world, &rest);
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 0, PROGRAMME_NOT_AIRED, 0);
    assert_int_equal(comparison->frames[CLASS_FILLER], 3000);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 0);
}

/* Not beside the name of the lesson that was there in the morning. */
static void a_lesson_of_a_later_plan_without_media_is_told_by_its_own_name(void **state)
{
    struct report_world *world = *state;
    static const struct report_item filler = {9,    4000, 5000, EVENT_FILLER, "F1", "L9", "缺素材",
                                              NULL, 0,    0};
    report_world_morning(world, 0);
    report_world_plan(report_world_adopt(world, DAY + 2000), &filler);
    report_world_drop(world, 5);
    report_world_air(world, &filler);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = report_world_span(comparison, CLASS_FILLER);
    assert_string_equal(comparison->programmes[span->programme].house_number, "L9");
    assert_string_equal(span->reason, "缺素材");
}

static void what_stands_in_for_a_lesson_is_unplanned_filler(void **state)
{
    struct report_world *world = *state;
    static const struct report_item items[] = {
        {1, 0, 400, EVENT_FILLER, "F1", "L1", "缺素材", NULL, 50, 0},
        {2, 400, 1000, EVENT_FILLER, "F1", "L1", "缺素材", NULL, 50, 0},
        {3, 1000, 2000, EVENT_FILLER, "F1", "L2", "缺素材", "重播，授课教师：示例教师", 51, 0},
        {4, 2000, 3000, EVENT_SLATE, NULL, "F1", "no filler has media", NULL, 52, 0},
        {5, 3000, 4000, EVENT_LESSON, "L8", "L4", "替补", NULL, 53, 0},
        {6, 4000, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 54, 0},
    };
    struct plan *plan = report_world_adopt(world, DAY - 10);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(plan, &items[i]);
        report_world_air(world, &items[i]);
    }
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->programme_count, 3);
    assert_int_equal(comparison->programmes[0].category, PLANNED_FIRST_RUN);
    assert_int_equal(comparison->programmes[1].category, PLANNED_REPEAT);
    report_world_check_programme(comparison, 0, PROGRAMME_NOT_AIRED, 0);
    report_world_check_programme(comparison, 1, PROGRAMME_NOT_AIRED, 0);
    report_world_check_programme(comparison, 2, PROGRAMME_REPLACED, 0);
    assert_int_equal(comparison->frames[CLASS_FILLER], 2000);
    assert_int_equal(comparison->frames[CLASS_SUBSTITUTED], 1000);
    assert_int_equal(comparison->frames[CLASS_FILLING], 3000);
}

/* A lesson that loops is one programme, and one whose media came in time is as planned. */
static void media_that_comes_in_time_is_no_change(void **state)
{
    struct report_world *world = *state;
    const struct report_item before = {9, 0, 500, EVENT_FILLER, "F1", NULL, NULL, NULL, 49, 0};
    const struct report_item filler = {1,    500,      1500, EVENT_FILLER, "F1",
                                       "L1", "缺素材", NULL, 50,           0};
    const struct report_item whole = {2, 500, 1100, EVENT_LESSON, "L1", NULL, NULL, NULL, 50, 0};
    const struct report_item rest = {3, 1100, 1500, EVENT_LESSON, "L1", NULL, NULL, NULL, 50, 0};
    struct plan *plan = report_world_adopt(world, DAY - 500);
    report_world_plan(plan, &before);
    report_world_plan(plan, &filler);
    plan = report_world_adopt(world, DAY + 100);
    report_world_plan(plan, &before);
    report_world_plan(plan, &whole);
    report_world_plan(plan, &rest);
    report_world_air(world, &before);
    report_world_air(world, &whole);
    report_world_air(world, &rest);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->programme_count, 1);
    assert_int_equal(comparison->programmes[0].status, PROGRAMME_AS_PLANNED);
    assert_int_equal(comparison->frames[CLASS_PLANNED], 1000);
}

static void a_missing_line_and_times_that_run_backwards_are_told(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    report_world_drop(world, 2);
    world->lines[3].record.start = DAY + 2950;
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 1, PROGRAMME_UNRECORDED, 0);
    assert_int_equal(comparison->frames[CLASS_UNRECORDED], 1000);
    assert_int_equal(comparison->backwards.count, 1);
    assert_int_equal(comparison->backwards.ended, DAY + 3000);
    assert_int_equal(comparison->backwards.started, DAY + 2950);
    const struct ledger ledger = ledger_of(comparison);
    assert_false(ledger_is_nil(&ledger));
}

static char *copy(const char *text)
{
    char *result = strdup(text);
    assert_non_null(result);
    return result;
}

/* Of all that became of an event its line has one reason; each incident has its own. */
static void each_incident_has_its_own_reason_once(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = report_world_morning(world, 0);
    report_world_replace_rest(record, DAY + 600, REPORT_FILLER);
    report_world_substitute(world, 1, DAY + 600, REPORT_FILLER);
    world->journal.entries[0].reason = copy("its media is missing");
    assert_int_equal(frame_spans_add(&record->interrupted, DAY + 100, DAY + 150), 0);
    assert_int_equal(frame_spans_add(&record->muted, DAY + 200, DAY + 250), 0);
    record->reason = copy("its media is missing; off the air");
    const struct comparison *comparison = report_world_compare(world);
    assert_string_equal(report_world_span(comparison, CLASS_FILLER)->reason,
                        "its media is missing");
    assert_null(report_world_span(comparison, CLASS_OFF_AIR)->reason);
    assert_null(report_world_span(comparison, CLASS_MUTED)->reason);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* What fills without the list: how a later revision cuts it makes no second incident of it. */
static void one_event_on_air_is_one_incident(void **state)
{
    struct report_world *world = *state;
    struct report_item filler = {5, 4000, 5000, EVENT_FILLER, "F1", "ZT", NULL, NULL, 0, 0};
    report_world_morning(world, 0);
    struct plan *plan = report_world_adopt(world, DAY + 3000);
    report_world_plan(plan, &filler);
    plan = report_world_adopt(world, DAY + 4500);
    filler.reason = "cut at its frame 1000 by order 2";
    report_world_plan(plan, &filler);
    report_world_drop(world, 5);
    report_world_air(world, &filler);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = report_world_span(comparison, CLASS_FILLER);
    assert_non_null(span);
    assert_int_equal(span->from, DAY + 4000);
    assert_int_equal(span->to, DAY + 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_day_as_planned_has_no_incident),
        IN_WORLD(a_lesson_that_begins_late_is_late),
        IN_WORLD(a_lesson_that_ends_early_is_cut),
        IN_WORLD(off_air_and_muted_are_told),
        IN_WORLD(what_nobody_called_for_is_wrong_content),
        IN_WORLD(each_incident_has_its_own_reason_once),
        IN_WORLD(one_event_on_air_is_one_incident),
        IN_WORLD(a_later_plan_that_changes_a_lesson_is_told_but_counts_nothing),
        IN_WORLD(a_lesson_that_was_moved_before_it_began_is_missed_in_its_new_place),
        IN_WORLD(a_lesson_that_is_moved_away_after_it_began_is_missed),
        IN_WORLD(a_lesson_of_a_later_plan_without_media_is_told_by_its_own_name),
        IN_WORLD(what_stands_in_for_a_lesson_is_unplanned_filler),
        IN_WORLD(media_that_comes_in_time_is_no_change),
        IN_WORLD(a_missing_line_and_times_that_run_backwards_are_told),
    };
    return cmocka_run_group_tests_name("report_stories", tests, NULL, NULL);
}
