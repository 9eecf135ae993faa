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

static const struct report_item morning[] = {
    {1, 0, 1000, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
    {2, 1000, 1500, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 0},
    {3, 1500, 2500, EVENT_REPEAT, "L2", NULL, NULL, NULL, 0, 0},
    {4, 2500, 3000, EVENT_CARD, "EYE", NULL, NULL, NULL, 0, 0},
    {5, 3000, 4000, EVENT_LIVE, "L3", NULL, NULL, NULL, 0, 0},
    {6, 4000, 5000, EVENT_LESSON, "ZT", NULL, NULL, NULL, 0, 0},
    {7, 5000, 6000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 0},
};

enum { MORNING = sizeof(morning) / sizeof(morning[0]) };

/* The morning as it is meant; returns the record of item `i`. */
static struct as_run_record *whole_morning(struct report_world *world, size_t i)
{
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    for (size_t k = 0; k < MORNING; k++) {
        report_world_plan(plan, &morning[k]);
        report_world_air(world, &morning[k]);
    }
    return &world->lines[i].record;
}

/* Programme `i` of the morning's list: 0 L1, 1 L2, 2 EYE, 3 L3, 4 ZT. */
static void check_programme(const struct comparison *comparison, size_t i,
                            enum programme_status status, int64_t aired)
{
    assert_true(i < comparison->programme_count);
    const struct planned_programme *programme = &comparison->programmes[i];
    assert_int_equal(programme->status, status);
    assert_int_equal(programme->frames[CLASS_PLANNED], aired);
}

static const struct compared_span *span_of(const struct comparison *comparison,
                                           enum report_class class)
{
    for (size_t i = 0; i < comparison->span_count; i++) {
        if (comparison->spans[i].class == class) {
            return &comparison->spans[i];
        }
    }
    fail_msg("no span of class %d", (int)class);
    return NULL;
}

static void a_day_as_planned_has_no_incident(void **state)
{
    struct report_world *world = *state;
    whole_morning(world, 0);
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
    struct as_run_record *record = whole_morning(world, 2);
    report_world_replace_rest(record, record->start, "");
    record->part_count = 2;
    memcpy(record->parts[1].asset, record->asset, sizeof(record->asset));
    record->parts[1].from = record->start + 240;
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 1, PROGRAMME_LATE, 760);
    assert_int_equal(comparison->programmes[1].aired_from, DAY + 1740);
    assert_int_equal(comparison->frames[CLASS_SLATE], 240);
}

static void a_lesson_that_ends_early_is_cut(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = whole_morning(world, 0);
    report_world_replace_rest(record, record->end - 100, REPORT_FILLER);
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 0, PROGRAMME_CUT, 900);
    assert_int_equal(comparison->frames[CLASS_FILLER], 100);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.frames[ACCOUNT_DIANBO], 100);
    assert_int_equal(ledger.counted_centiframes, 5000); /* at half weight */
    assert_int_equal(ledger.incidents, 1);
}

static void off_air_and_muted_are_told(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = whole_morning(world, 0);
    assert_int_equal(frame_spans_add(&record->interrupted, DAY + 100, DAY + 150), 0);
    record = &world->lines[2].record;
    assert_int_equal(frame_spans_add(&record->muted, DAY + 1500, DAY + 2500), 0);
    report_world_interrupt(world, DAY + 900, DAY + 1100);
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 0, PROGRAMME_OFF_AIR, 850);
    check_programme(comparison, 1, PROGRAMME_MUTED, 0);
    assert_int_equal(comparison->frames[CLASS_OFF_AIR], 250);
    assert_int_equal(comparison->frames[CLASS_MUTED], 1000);
    assert_int_equal(ledger_of(comparison).frames[ACCOUNT_TINGBO], 1250);
}

static void what_nobody_called_for_is_wrong_content(void **state)
{
    struct report_world *world = *state;
    struct as_run_record *record = whole_morning(world, 0);
    report_world_replace_rest(record, record->start, STRANGE);
    record = &world->lines[2].record;
    report_world_replace_rest(record, record->start, STAND_IN);
    report_world_substitute(world, 3, record->start, STAND_IN);
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 0, PROGRAMME_REPLACED, 0);
    check_programme(comparison, 1, PROGRAMME_REPLACED, 0);
    assert_int_equal(comparison->frames[CLASS_WRONG], 1000);
    assert_int_equal(comparison->frames[CLASS_SUBSTITUTED], 1000);
    assert_int_equal(ledger_of(comparison).frames[ACCOUNT_CUOBO], 1000);
}

static void an_order_for_the_slate_is_no_plan(void **state)
{
    struct report_world *world = *state;
    whole_morning(world, 0);
    report_world_drop(world, 5);
    world->lines[4].record.end = DAY + 3600; /* the live lesson is cut */
    const struct report_item slate = {9, 3600, 5000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    struct plan *plan = report_world_adopt(world, DAY + 3500);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "slate",
                                         .from = DAY + 3600,
                                         .until = AMENDMENT_OPEN,
                                         .reason = "信号异常",
                                         .author = "示例值班员"};
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &morning[4]);
    plan->events[0].duration = 600;
    report_world_plan(plan, &slate);
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 3, PROGRAMME_CUT, 600);
    check_programme(comparison, 4, PROGRAMME_NOT_AIRED, 0);
    assert_int_equal(comparison->frames[CLASS_SLATE], 1400);
    bool is_told = false;
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        if (span->class == CLASS_SLATE) {
            assert_string_equal(span->reason, "信号异常");
            assert_string_equal(span->author, "示例值班员");
            is_told = true;
        }
    }
    assert_true(is_told);
}

/* Also when the order stands since the day before: revision 2 knows nothing of lessons. */
static void an_order_of_the_day_before_is_none_either(void **state)
{
    struct report_world *world = *state;
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    for (size_t k = 0; k < MORNING; k++) {
        report_world_plan(plan, &morning[k]);
    }
    const struct report_item slate = {9, -1000, 6000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    const struct plan_amendment order = {
        .id = 1, .kind = "slate", .from = DAY - 1000, .until = AMENDMENT_OPEN, .reason = "检修"};
    plan = report_world_adopt(world, DAY - 1100);
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &slate);
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->programme_count, 5);
    assert_int_equal(comparison->frames[CLASS_SLATE], 4000);
    assert_int_equal(comparison->frames[CLASS_FILLER], 500); /* the eye exercises */
    assert_int_equal(comparison->frames[CLASS_FILLING], 1500);
}

/* It was ingested as filler; over a lesson, fillers and the slate alike. */
static void the_notice_of_an_emergency_is_no_unplanned_filler(void **state)
{
    struct report_world *world = *state;
    whole_morning(world, 0);
    struct plan *plan = report_world_adopt(world, DAY - 10);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "emergency",
                                         .from = DAY,
                                         .until = AMENDMENT_OPEN,
                                         .house_number = "F1",
                                         .reason = "防汛通知",
                                         .author = "示例值班员"};
    const struct report_item notice = {9, 0, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 1};
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &notice);
    for (size_t i = MORNING; i-- > 0;) {
        report_world_drop(world, i);
    }
    report_world_air(world, &notice);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 6000);
    assert_string_equal(span_of(comparison, CLASS_CHANGED)->reason, "防汛通知");
    check_programme(comparison, 0, PROGRAMME_REPLACED, 0);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.counted_centiframes, 0);
    assert_true(ledger.incidents > 0);
}

static void an_order_that_says_so_marks_wrong_content(void **state)
{
    struct report_world *world = *state;
    whole_morning(world, 0);
    struct plan *plan = report_world_adopt(world, DAY + 2000);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "slate",
                                         .from = DAY + 2200,
                                         .until = DAY + 2500,
                                         .reason = "错播：放了别的课",
                                         .author = "示例值班员"};
    const struct report_item slate = {9, 2200, 2500, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &morning[2]);
    plan->events[0].duration = 700;
    report_world_plan(plan, &slate);
    for (size_t k = 3; k < MORNING; k++) {
        report_world_plan(plan, &morning[k]);
    }
    world->lines[2].record.end = DAY + 2200;
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 700);
    assert_int_equal(comparison->frames[CLASS_SLATE], 300);
    check_programme(comparison, 1, PROGRAMME_REPLACED, 0);
}

/* What was wrong in its second round was so in the first. */
static void wrong_content_that_was_repeated_is_marked_from_its_first_round(void **state)
{
    struct report_world *world = *state;
    static const struct report_item before = {1,    0, 500, EVENT_FILLER, "F1", NULL, NULL,
                                              NULL, 0, 0};
    static const struct report_item rounds[] = {
        {2, 500, 1100, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
        {3, 1100, 1400, EVENT_LESSON, "L1", NULL, NULL, NULL, 2, 0}};
    static const struct report_item right = {4,    1400, 3000, EVENT_LESSON, "L2", "L1", NULL,
                                             NULL, 0,    1};
    const struct plan_amendment order = {.id = 1,
                                         .kind = "replace",
                                         .house_number = "L2",
                                         .from = DAY + 1400,
                                         .until = DAY + 3000,
                                         .reason = "错播：放了别的课",
                                         .author = "示例值班员"};
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    report_world_plan(plan, &before);
    report_world_plan(plan, &rounds[0]);
    report_world_plan(plan, &rounds[1]);
    plan->events[2].duration = 1900;
    plan = report_world_adopt(world, DAY + 1200);
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &rounds[1]);
    report_world_plan(plan, &right);
    report_world_air(world, &before);
    report_world_air(world, &rounds[0]);
    report_world_air(world, &rounds[1]);
    report_world_air(world, &right);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 900);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1600);
    assert_string_equal(span_of(comparison, CLASS_WRONG)->reason, "错播：放了别的课");
}

/* The slot before ended with the same fillers: nobody said that those were wrong. */
static void wrong_content_is_marked_from_the_begin_of_its_slot(void **state)
{
    struct report_world *world = *state;
    static const struct report_item items[] = {
        {1, 0, 1000, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
        {2, 1000, 1300, EVENT_FILLER, "F1", NULL, NULL, NULL, 1, 0},
        {3, 1300, 1700, EVENT_FILLER, "F1", "L3", NULL, NULL, 0, 0},
        {4, 1700, 2100, EVENT_FILLER, "F1", "L3", NULL, NULL, 3, 0}};
    static const struct report_item right = {5,    2100, 3000, EVENT_LESSON, "L2", "L3", NULL,
                                             NULL, 3,    1};
    const struct plan_amendment order = {.id = 1,
                                         .kind = "replace",
                                         .house_number = "L2",
                                         .from = DAY + 2100,
                                         .until = DAY + 3000,
                                         .reason = "错播",
                                         .author = "示例值班员"};
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(plan, &items[i]);
        report_world_air(world, &items[i]);
    }
    plan->events[3].duration = 1300;
    plan = report_world_adopt(world, DAY + 1900);
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &items[3]);
    report_world_plan(plan, &right);
    report_world_air(world, &right);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 800);
    assert_int_equal(span_of(comparison, CLASS_WRONG)->from, DAY + 1300);
}

static void a_later_plan_that_changes_a_lesson_is_told_but_counts_nothing(void **state)
{
    struct report_world *world = *state;
    whole_morning(world, 0);
    const struct report_item other = {9, 4000, 5000, EVENT_LESSON, "L9", NULL, "换课", NULL, 0, 0};
    struct plan *plan = report_world_adopt(world, DAY + 2000);
    for (size_t k = 2; k < 5; k++) {
        report_world_plan(plan, &morning[k]);
    }
    report_world_plan(plan, &other);
    report_world_plan(plan, &morning[6]);
    report_world_drop(world, 5);
    report_world_air(world, &other);
    const struct comparison *comparison = report_world_compare(world);
    assert_string_equal(comparison->programmes[4].house_number, "L9");
    check_programme(comparison, 4, PROGRAMME_AS_PLANNED, 1000);
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
    whole_morning(world, 0);
    const struct report_item *const items[] = {&morning[0], &morning[1], &free_time, &morning[3],
                                               &morning[4], &moved,      &morning[6]};
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
    check_programme(comparison, 3, PROGRAMME_CUT, 400);
    assert_int_equal(comparison->frames[CLASS_FILLER], 0);
    assert_int_equal(comparison->frames[CLASS_SLATE], 600);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1400);
    const struct compared_span *span = span_of(comparison, CLASS_CHANGED);
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
    check_programme(comparison, 0, PROGRAMME_NOT_AIRED, 0);
    assert_int_equal(comparison->frames[CLASS_FILLER], 3000);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 0);
}

/* Not beside the name of the lesson that was there in the morning. */
static void a_lesson_of_a_later_plan_without_media_is_told_by_its_own_name(void **state)
{
    struct report_world *world = *state;
    static const struct report_item filler = {9,    4000, 5000, EVENT_FILLER, "F1", "L9", "缺素材",
                                              NULL, 0,    0};
    whole_morning(world, 0);
    report_world_plan(report_world_adopt(world, DAY + 2000), &filler);
    report_world_drop(world, 5);
    report_world_air(world, &filler);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = span_of(comparison, CLASS_FILLER);
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
    check_programme(comparison, 0, PROGRAMME_NOT_AIRED, 0);
    check_programme(comparison, 1, PROGRAMME_NOT_AIRED, 0);
    check_programme(comparison, 2, PROGRAMME_REPLACED, 0);
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
    whole_morning(world, 0);
    report_world_drop(world, 2);
    world->lines[3].record.start = DAY + 2950;
    const struct comparison *comparison = report_world_compare(world);
    check_programme(comparison, 1, PROGRAMME_UNRECORDED, 0);
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
    struct as_run_record *record = whole_morning(world, 0);
    report_world_replace_rest(record, DAY + 600, REPORT_FILLER);
    report_world_substitute(world, 1, DAY + 600, REPORT_FILLER);
    world->journal.entries[0].reason = copy("its media is missing");
    assert_int_equal(frame_spans_add(&record->interrupted, DAY + 100, DAY + 150), 0);
    assert_int_equal(frame_spans_add(&record->muted, DAY + 200, DAY + 250), 0);
    record->reason = copy("its media is missing; off the air");
    const struct comparison *comparison = report_world_compare(world);
    assert_string_equal(span_of(comparison, CLASS_FILLER)->reason, "its media is missing");
    assert_null(span_of(comparison, CLASS_OFF_AIR)->reason);
    assert_null(span_of(comparison, CLASS_MUTED)->reason);
}

/* An order that stands somewhere in the hour is not why a lesson has no media. */
static void an_order_is_the_reason_of_what_it_did_alone(void **state)
{
    struct report_world *world = *state;
    const struct report_item lesson = {
        .seq = 1, .end = 3000, .kind = EVENT_LESSON, .house_number = "L1"};
    const struct report_item filler = {.seq = 2,
                                       .start = 3000,
                                       .end = 4000,
                                       .kind = EVENT_FILLER,
                                       .house_number = "F1",
                                       .instead_of = "L2",
                                       .reason = "缺素材"};
    const struct report_item other = {.seq = 3,
                                      .start = 4000,
                                      .end = 6000,
                                      .kind = EVENT_LESSON,
                                      .house_number = "L9",
                                      .reason = "教师外出; joined in progress",
                                      .amendment = 7};
    const struct report_item third = {
        .seq = 4, .start = 4000, .end = 6000, .kind = EVENT_LESSON, .house_number = "L3"};
    const struct plan_amendment order = {.id = 7,
                                         .kind = "replace",
                                         .from = DAY + 3000,
                                         .until = DAY + 6000,
                                         .reason = "教师外出",
                                         .author = "示例值班员"};
    struct plan *plan = report_world_adopt(world, DAY - 10);
    report_world_plan(plan, &lesson);
    report_world_plan(plan, &filler);
    report_world_plan(plan, &third);
    plan = report_world_adopt(world, DAY + 1000);
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &lesson);
    report_world_plan(plan, &filler);
    report_world_plan(plan, &other);
    report_world_air(world, &lesson);
    report_world_air(world, &filler);
    report_world_air(world, &other);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = span_of(comparison, CLASS_FILLER);
    assert_string_equal(span->reason, "缺素材");
    assert_null(span->author);
    span = span_of(comparison, CLASS_CHANGED);
    assert_string_equal(span->reason, "教师外出");
    assert_string_equal(span->author, "示例值班员");
}

/* What replaces a lesson is named after it, and is the order's all the same. */
static void a_replacement_of_a_missing_lesson_has_its_author(void **state)
{
    struct report_world *world = *state;
    const struct report_item filler = {.seq = 1,
                                       .end = 6000,
                                       .kind = EVENT_FILLER,
                                       .house_number = "F1",
                                       .instead_of = "L1",
                                       .reason = "缺素材"};
    const struct report_item other = {.seq = 2,
                                      .start = 2000,
                                      .end = 6000,
                                      .kind = EVENT_LESSON,
                                      .house_number = "L9",
                                      .instead_of = "L1",
                                      .reason = "改播",
                                      .amendment = 7};
    struct report_item before = filler;
    const struct plan_amendment order = {.id = 7,
                                         .kind = "replace",
                                         .house_number = "L9",
                                         .from = DAY + 2000,
                                         .until = DAY + 6000,
                                         .reason = "改播",
                                         .author = "示例值班员"};
    before.end = 2000;
    report_world_plan(report_world_adopt(world, DAY - 10), &filler);
    struct plan *plan = report_world_adopt(world, DAY + 1000);
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    report_world_plan(plan, &before);
    report_world_plan(plan, &other);
    report_world_air(world, &before);
    report_world_air(world, &other);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->span_count, 2);
    assert_null(comparison->spans[0].author);
    assert_string_equal(comparison->spans[1].reason, "改播");
    assert_string_equal(comparison->spans[1].author, "示例值班员");
}

/* A later revision has each later round of it in place of the filler that the list has by then. */
static void a_replacement_is_of_one_class_in_all_its_rounds(void **state)
{
    struct report_world *world = *state;
    const struct report_item lesson = {
        .seq = 1, .end = 6000, .kind = EVENT_LESSON, .house_number = "L1"};
    struct report_item rounds[] = {{2, 0, 3000, EVENT_LESSON, "L9", "L1", "改播", NULL, 0, 7},
                                   {3, 3000, 6000, EVENT_LESSON, "L9", "L1", "改播", NULL, 2, 7}};
    const struct plan_amendment order = {.id = 7,
                                         .kind = "replace",
                                         .house_number = "L9",
                                         .from = DAY,
                                         .until = DAY + 6000,
                                         .reason = "改播",
                                         .author = "示例值班员"};
    report_world_plan(report_world_adopt(world, DAY - 10), &lesson);
    for (int64_t frame = DAY - 5; frame <= DAY + 1000; frame += 1005) {
        struct plan *plan = report_world_adopt(world, frame);
        assert_int_equal(plan_append_amendment(plan, &order), 0);
        report_world_plan(plan, &rounds[0]);
        report_world_plan(plan, &rounds[1]);
        rounds[1].seq = 4;
        rounds[1].instead_of = "F1";
    }
    report_world_air(world, &rounds[0]);
    report_world_air(world, &rounds[1]);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 6000);
    assert_int_equal(comparison->span_count, 1);
    assert_string_equal(comparison->spans[0].author, "示例值班员");
}

/* A stand-in that an order cuts is one incident up to the cut, for the reason that it always had.
 */
static void a_stand_in_that_is_cut_later_is_one_incident(void **state)
{
    struct report_world *world = *state;
    struct report_item filler = {.seq = 1,
                                 .end = 6000,
                                 .kind = EVENT_FILLER,
                                 .house_number = "F1",
                                 .instead_of = "L1",
                                 .reason = "缺素材"};
    report_world_plan(report_world_adopt(world, DAY - 10), &filler);
    report_world_air(world, &filler);
    filler.reason = "缺素材; cut at its frame 4000 by order 2";
    report_world_plan(report_world_adopt(world, DAY + 2000), &filler);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->span_count, 1);
    assert_string_equal(comparison->spans[0].reason, "缺素材");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* What fills without the list: how a later revision cuts it makes no second incident of it. */
static void one_event_on_air_is_one_incident(void **state)
{
    struct report_world *world = *state;
    struct report_item filler = {5, 4000, 5000, EVENT_FILLER, "F1", "ZT", NULL, NULL, 0, 0};
    whole_morning(world, 0);
    struct plan *plan = report_world_adopt(world, DAY + 3000);
    report_world_plan(plan, &filler);
    plan = report_world_adopt(world, DAY + 4500);
    filler.reason = "cut at its frame 1000 by order 2";
    report_world_plan(plan, &filler);
    report_world_drop(world, 5);
    report_world_air(world, &filler);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = span_of(comparison, CLASS_FILLER);
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
        IN_WORLD(an_order_for_the_slate_is_no_plan),
        IN_WORLD(each_incident_has_its_own_reason_once),
        IN_WORLD(an_order_is_the_reason_of_what_it_did_alone),
        IN_WORLD(a_replacement_of_a_missing_lesson_has_its_author),
        IN_WORLD(a_replacement_is_of_one_class_in_all_its_rounds),
        IN_WORLD(a_stand_in_that_is_cut_later_is_one_incident),
        IN_WORLD(one_event_on_air_is_one_incident),
        IN_WORLD(an_order_of_the_day_before_is_none_either),
        IN_WORLD(the_notice_of_an_emergency_is_no_unplanned_filler),
        IN_WORLD(an_order_that_says_so_marks_wrong_content),
        IN_WORLD(wrong_content_that_was_repeated_is_marked_from_its_first_round),
        IN_WORLD(wrong_content_is_marked_from_the_begin_of_its_slot),
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
