/* SPDX-License-Identifier: MIT */
/* What orders say was wrong content, by their reasons. */
#include "tests/support/report_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { DAY = REPORT_DAY };

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

/* The plan of an order, which holds from `frame` on. */
static struct plan *adopt_order(struct report_world *world, int64_t frame,
                                const struct plan_amendment *order)
{
    struct plan *plan = report_world_adopt(world, frame);
    assert_int_equal(plan_append_amendment(plan, order), 0);
    return plan;
}

static void an_order_that_says_so_marks_wrong_content(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "slate",
                                         .from = DAY + 2200,
                                         .until = DAY + 2500,
                                         .reason = "错播：放了别的课",
                                         .author = "示例值班员"};
    const struct report_item slate = {9, 2200, 2500, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    struct plan *plan = adopt_order(world, DAY + 2000, &order);
    report_world_plan(plan, &report_morning[2]);
    plan->events[0].duration = 700;
    report_world_plan(plan, &slate);
    for (size_t k = 3; k < REPORT_MORNING; k++) {
        report_world_plan(plan, &report_morning[k]);
    }
    world->lines[2].record.end = DAY + 2200;
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 700);
    assert_int_equal(comparison->frames[CLASS_SLATE], 300);
    report_world_check_programme(comparison, 1, PROGRAMME_REPLACED, 0);
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
    plan = adopt_order(world, DAY + 1200, &order);
    report_world_plan(plan, &rounds[1]);
    report_world_plan(plan, &right);
    report_world_air(world, &before);
    report_world_air(world, &rounds[0]);
    report_world_air(world, &rounds[1]);
    report_world_air(world, &right);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 900);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1600);
    assert_string_equal(report_world_span(comparison, CLASS_WRONG)->reason, "错播：放了别的课");
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
    plan = adopt_order(world, DAY + 1900, &order);
    report_world_plan(plan, &items[3]);
    report_world_plan(plan, &right);
    report_world_air(world, &right);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 800);
    assert_int_equal(report_world_span(comparison, CLASS_WRONG)->from, DAY + 1300);
}

/* --- Wrong content, and what lay over it ------------------------------------------ */

static const struct plan_amendment notice_order = {.id = 1,
                                                   .kind = "insert",
                                                   .house_number = "L2",
                                                   .from = DAY + 1000,
                                                   .until = DAY + 1200,
                                                   .reason = "通知",
                                                   .author = "示例值班员"};
static const struct report_item wrong_lesson = {1,    0, 3000, EVENT_LESSON, "L1", NULL, NULL,
                                                NULL, 0, 0};
static const struct report_item before_notice = {1,    0, 1000, EVENT_LESSON, "L1", NULL, NULL,
                                                 NULL, 0, 0};
static const struct report_item after_notice = {4,    1250, 3000, EVENT_LESSON, "L1", NULL, NULL,
                                                NULL, 0,    0};

/* The asset of a house number, with the order that airs it. */
static void append_order(struct plan *plan, const struct plan_amendment *order)
{
    char asset[SHA256_HEX_SIZE];
    struct plan_amendment with_asset = *order;
    if (order->house_number != NULL) {
        with_asset.asset = report_world_asset(order->house_number, asset);
    }
    assert_int_equal(plan_append_amendment(plan, &with_asset), 0);
}

static void plan_and_air(struct report_world *world, struct plan *plan,
                         const struct report_item *item)
{
    report_world_plan(plan, item);
    report_world_air(world, item);
}

/* A lesson, then a notice over it with some filler until the lesson can be joined. */
static struct plan *interrupt_lesson(struct report_world *world, const char *notice)
{
    const struct report_item items[] = {
        {2, 1000, 1200, EVENT_LESSON, notice, NULL, "通知", NULL, 0, 1},
        {3, 1200, 1250, EVENT_FILLER, "F1", NULL, "通知", NULL, 0, 1}};
    struct plan_amendment order = notice_order;
    order.house_number = notice;
    report_world_plan(report_world_adopt(world, DAY - 5000), &wrong_lesson);
    struct plan *plan = report_world_adopt(world, DAY + 900);
    append_order(plan, &order);
    plan_and_air(world, plan, &before_notice);
    plan_and_air(world, plan, &items[0]);
    plan_and_air(world, plan, &items[1]);
    report_world_plan(plan, &after_notice);
    return plan;
}

/* A revision with what the one before has up to `frame`. */
static struct plan *adopt_after(struct report_world *world, int64_t frame)
{
    const struct plan *last = world->plans[world->revision_count - 1];
    struct plan *plan = report_world_adopt(world, DAY + frame - 50);
    append_order(plan, &notice_order);
    for (size_t i = 0; i < last->event_count && last->events[i].start < DAY + frame; i++) {
        struct plan_event event = last->events[i];
        const int64_t left = DAY + frame - event.start;
        event.duration = event.duration < left ? event.duration : left;
        assert_int_equal(plan_append(plan, &event), 0);
    }
    return plan;
}

/* Replaced at `frame`, because it was wrong. */
static void replace_wrong(struct report_world *world, int64_t frame)
{
    const struct report_item right = {9, frame, 3000, EVENT_LESSON, "L3", "L1", "错播", NULL, 0, 2};
    const struct plan_amendment order = {.id = 2,
                                         .kind = "replace",
                                         .house_number = "L3",
                                         .from = DAY + frame,
                                         .until = DAY + 3000,
                                         .reason = "错播",
                                         .author = "示例值班员"};
    struct plan *plan = adopt_after(world, frame);
    append_order(plan, &order);
    plan_and_air(world, plan, &right);
}

static void wrong_content_is_marked_before_an_interruption_too(void **state)
{
    struct report_world *world = *state;
    struct report_item again = after_notice;
    again.end = 2000;
    (void)interrupt_lesson(world, "L2");
    report_world_air(world, &again);
    replace_wrong(world, 2000);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 1750);
    assert_int_equal(report_world_span(comparison, CLASS_WRONG)->from, DAY);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 200 + 1000);
    assert_int_equal(comparison->frames[CLASS_FILLER], 50);
}

/* A notice lies over it when it is replaced: nobody said that the notice was wrong. */
static void wrong_is_the_lesson_and_no_notice_that_lies_over_it(void **state)
{
    struct report_world *world = *state;
    (void)interrupt_lesson(world, "L2");
    report_world_drop(world, 2);
    world->lines[1].record.end = DAY + 1100;
    replace_wrong(world, 1100);
    for (int is_on_air = 0; is_on_air < 2; is_on_air++) { /* what replaced it, when that is asked */
        const int64_t to = is_on_air ? DAY + 1100 : REPORT_END;
        const struct comparison *comparison = report_world_compare_to(world, to);
        assert_int_equal(comparison->frames[CLASS_WRONG], 1000);
        const struct compared_span *span = report_world_span(comparison, CLASS_WRONG);
        assert_string_equal(span->record->house_number, "L1");
        span = report_world_span(comparison, CLASS_CHANGED);
        assert_string_equal(span->reason, "通知");
        assert_int_equal(span->to - span->from, 100);
    }
}

/* Of the slate that takes a notice off the air, the notice was meant. */
static void wrong_is_the_notice_when_the_slate_takes_it_off(void **state)
{
    struct report_world *world = *state;
    const struct report_item slate = {9, 1100, 6000, EVENT_SLATE, NULL, NULL, "错播", NULL, 0, 2};
    const struct plan_amendment order = {
        .id = 2, .kind = "slate", .from = DAY + 1100, .until = AMENDMENT_OPEN, .reason = "错播"};
    (void)interrupt_lesson(world, "L2");
    report_world_drop(world, 2);
    world->lines[1].record.end = DAY + 1100;
    struct plan *plan = adopt_after(world, 1100);
    append_order(plan, &order);
    plan_and_air(world, plan, &slate);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 100);
    assert_string_equal(report_world_span(comparison, CLASS_WRONG)->record->house_number, "L2");
}

/* The notice began in the slot before, whose lesson nobody called wrong. */
static void wrong_is_nothing_of_the_slot_before_a_notice(void **state)
{
    struct report_world *world = *state;
    const struct report_item items[] = {
        {1, 0, 1000, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
        {2, 1000, 2000, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
        {2, 1050, 1100, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
        {3, 900, 1050, EVENT_LESSON, "L2", NULL, "通知", NULL, 0, 1}};
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    report_world_plan(plan, &items[0]);
    report_world_plan(plan, &items[1]);
    plan = report_world_adopt(world, DAY + 800);
    append_order(plan, &notice_order);
    plan_and_air(world, plan, &items[0]);
    plan->events[0].duration = 900;
    world->lines[0].record.end = DAY + 900;
    plan_and_air(world, plan, &items[3]);
    plan_and_air(world, plan, &items[2]);
    replace_wrong(world, 1100);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_WRONG], 50);
}

/* Later revisions may tell another beginning of an order that they moved: it marks nothing more. */
static void an_order_marks_wrong_content_when_it_took_effect(void **state)
{
    struct report_world *world = *state;
    const struct report_item right = {9, 1100, 3000, EVENT_LESSON, "L3", "L1", "错播", NULL, 0, 2};
    const struct plan_amendment moved = {.id = 2,
                                         .kind = "replace",
                                         .house_number = "L3",
                                         .from = DAY + 2500,
                                         .until = DAY + 3000,
                                         .reason = "错播"};
    (void)interrupt_lesson(world, "L2");
    report_world_drop(world, 2);
    world->lines[1].record.end = DAY + 1100;
    replace_wrong(world, 1100);
    struct plan *plan = report_world_adopt(world, DAY + 2000);
    append_order(plan, &moved);
    report_world_plan(plan, &right);
    assert_int_equal(report_world_compare(world)->frames[CLASS_WRONG], 1000);
}

/* The lesson that a second notice moved is of the asset of the first: its plan says whose it is. */
static void wrong_is_a_lesson_that_a_notice_of_its_asset_moved(void **state)
{
    struct report_world *world = *state;
    const struct report_item items[] = {
        {1, 0, 500, EVENT_LESSON, "L2", NULL, "通知", NULL, 0, 1},
        {2, 500, 600, EVENT_LESSON, "L5", NULL, "通知二", NULL, 0, 2},
        {3, 600, 1200, EVENT_LESSON, "L2", NULL, "通知二", NULL, 3, 2},
        {4, 1200, 2000, EVENT_LESSON, "L2", NULL, "通知二", NULL, 3, 2},
        {9, 2000, 3000, EVENT_LESSON, "L3", "L2", "错播", NULL, 3, 3}};
    const int64_t item_of[] = {1, 2, 0, 0, 3};
    struct plan_amendment orders[] = {notice_order, notice_order, notice_order};
    orders[0].from = DAY;
    orders[0].until = DAY + 500;
    orders[1].id = 2;
    orders[1].mode = "push";
    orders[1].house_number = "L5";
    orders[1].from = DAY + 500;
    orders[1].until = DAY + 600;
    orders[1].reason = "通知二";
    orders[2].id = 3;
    orders[2].kind = "replace";
    orders[2].house_number = "L3";
    orders[2].from = DAY + 2000;
    orders[2].until = DAY + 3000;
    orders[2].reason = "错播";
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        append_order(plan, &orders[i]);
    }
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        plan_and_air(world, plan, &items[i]);
        plan->events[i].item_of = item_of[i];
    }
    assert_int_equal(report_world_compare(world)->frames[CLASS_WRONG], 1400);
}

/* What a later order moved has that one's number, and its own reason or none: it is no lesson. */
static void wrong_is_no_notice_that_a_later_order_moved(void **state)
{
    struct report_world *world = *state;
    struct plan *plan = interrupt_lesson(world, "L2");
    plan->events[1].amendment = world->lines[1].record.amendment = 2;
    plan->events[1].reason = NULL;
    free(world->lines[1].record.reason);
    world->lines[1].record.reason = NULL;
    plan->events[1].item_of = 1;
    report_world_drop(world, 2);
    world->lines[1].record.end = DAY + 1100;
    replace_wrong(world, 1100);
    assert_int_equal(report_world_compare(world)->frames[CLASS_WRONG], 1000);
}

/* The plan in which the order took effect is gone: then the next that has it says so, or one
 * before. */
static void an_order_marks_wrong_content_where_its_plan_is_gone(void **state)
{
    static const struct {
        bool is_kept[4];
        bool is_undone_later;
        int64_t wrong;
    } cases[] = {
        {{true, true, true, true}, false, 2000},    {{true, true, true, true}, true, 2000},
        {{true, true, false, true}, false, 2000},   {{true, true, false, true}, true, 0},
        {{true, true, false, false}, false, 2000},  {{true, false, false, true}, false, 2000},
        {{false, false, false, true}, false, 2000}, {{true, false, false, false}, false, 0}};
    static const struct report_item right = {9,    2000, 3000, EVENT_LESSON, "L3", "L1", "错播",
                                             NULL, 0,    1};
    static const int64_t frames[] = {-5000, 1500, 1900, 2500};
    struct report_world *world = *state;
    struct report_item cut = wrong_lesson;
    cut.end = 2000;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t k = 0; k < 4; k++) {
            const struct plan_amendment order = {.id = 1,
                                                 .kind = "replace",
                                                 .house_number = "L3",
                                                 .from = DAY + 2000,
                                                 .until = DAY + 3000,
                                                 .reason = "错播",
                                                 .is_undone = k == 3 && cases[i].is_undone_later};
            struct plan *plan = report_world_adopt(world, DAY + frames[k]);
            report_world_plan(plan, k == 0 ? &wrong_lesson : &cut);
            if (k > 0) {
                report_world_plan(plan, &right);
                append_order(plan, &order);
            }
            world->revisions[k].plan = cases[i].is_kept[k] ? plan : NULL;
        }
        report_world_air(world, &cut);
        report_world_air(world, &right);
        assert_int_equal(report_world_compare(world)->frames[CLASS_WRONG], cases[i].wrong);
        report_world_forget(world);
    }
}

/* Nobody says any more that it was wrong; of one that has aired something it stays said. */
static void an_order_that_was_undone_before_it_took_effect_marks_nothing(void **state)
{
    struct report_world *world = *state;
    for (int has_aired = 0; has_aired < 2; has_aired++) {
        const struct plan_amendment order = {.id = 1,
                                             .kind = "replace",
                                             .house_number = "L3",
                                             .from = DAY + 2000,
                                             .until = DAY + 3000,
                                             .aired_from = has_aired ? DAY + 2000 : 0,
                                             .aired_until = has_aired ? DAY + 2010 : 0,
                                             .reason = "错播",
                                             .author = "示例值班员",
                                             .is_undone = true};
        report_world_plan(report_world_adopt(world, DAY - 5000), &wrong_lesson);
        plan_and_air(world, adopt_order(world, DAY + 1000, &order), &wrong_lesson);
        const struct comparison *comparison = report_world_compare(world);
        assert_int_equal(comparison->frames[CLASS_WRONG], has_aired ? 2000 : 0);
        assert_int_equal(comparison->frames[CLASS_PLANNED], has_aired ? 1000 : 3000);
        report_world_forget(world);
    }
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(an_order_that_says_so_marks_wrong_content),
        IN_WORLD(wrong_content_that_was_repeated_is_marked_from_its_first_round),
        IN_WORLD(wrong_content_is_marked_from_the_begin_of_its_slot),
        IN_WORLD(wrong_content_is_marked_before_an_interruption_too),
        IN_WORLD(wrong_is_the_lesson_and_no_notice_that_lies_over_it),
        IN_WORLD(wrong_is_the_notice_when_the_slate_takes_it_off),
        IN_WORLD(wrong_is_nothing_of_the_slot_before_a_notice),
        IN_WORLD(an_order_marks_wrong_content_when_it_took_effect),
        IN_WORLD(wrong_is_a_lesson_that_a_notice_of_its_asset_moved),
        IN_WORLD(wrong_is_no_notice_that_a_later_order_moved),
        IN_WORLD(an_order_marks_wrong_content_where_its_plan_is_gone),
        IN_WORLD(an_order_that_was_undone_before_it_took_effect_marks_nothing),
    };
    return cmocka_run_group_tests_name("report_wrong", tests, NULL, NULL);
}
