/* SPDX-License-Identifier: MIT */
/* Orders of operators in the report: what they are, and what they say of others. */
#include "scheduler/report/report_ledger.h"
#include "tests/support/report_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static void an_order_for_the_slate_is_no_plan(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    report_world_drop(world, 5);
    world->lines[4].record.end = DAY + 3600; /* the live lesson is cut */
    const struct report_item slate = {9, 3600, 5000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    const struct plan_amendment order = {.id = 1,
                                         .kind = "slate",
                                         .from = DAY + 3600,
                                         .until = AMENDMENT_OPEN,
                                         .reason = "信号异常",
                                         .author = "示例值班员"};
    struct plan *plan = adopt_order(world, DAY + 3500, &order);
    report_world_plan(plan, &report_morning[4]);
    plan->events[0].duration = 600;
    report_world_plan(plan, &slate);
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    report_world_check_programme(comparison, 3, PROGRAMME_CUT, 600);
    report_world_check_programme(comparison, 4, PROGRAMME_NOT_AIRED, 0);
    assert_int_equal(comparison->frames[CLASS_SLATE], 1400);
    const struct compared_span *span = report_world_span(comparison, CLASS_SLATE);
    assert_string_equal(span->reason, "信号异常");
    assert_string_equal(span->author, "示例值班员");
}

/* Also when the order stands since the day before: revision 2 knows nothing of lessons. */
static void an_order_of_the_day_before_is_none_either(void **state)
{
    struct report_world *world = *state;
    struct plan *plan = report_world_adopt(world, DAY - 5000);
    for (size_t k = 0; k < REPORT_MORNING; k++) {
        report_world_plan(plan, &report_morning[k]);
    }
    const struct report_item slate = {9, -1000, 6000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 1};
    const struct plan_amendment order = {
        .id = 1, .kind = "slate", .from = DAY - 1000, .until = AMENDMENT_OPEN, .reason = "检修"};
    plan = adopt_order(world, DAY - 1100, &order);
    report_world_plan(plan, &slate);
    report_world_air(world, &slate);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->programme_count, 5);
    assert_int_equal(comparison->frames[CLASS_SLATE], 4000);
    assert_int_equal(comparison->frames[CLASS_FILLER], 500); /* the eye exercises */
    assert_int_equal(comparison->frames[CLASS_CHANGED], 1500);
}

/* Nothing is missed for it, and it is told all the same: the slate, a notice, not what fills up. */
static void what_is_ordered_over_fillers_is_told(void **state)
{
    static const struct {
        const char *kind;
        const char *house_number;
    } cases[] = {
        {"slate", NULL}, {"emergency", NULL}, {"live", NULL}, {"insert", "F1"}, {"insert", "L2"}};
    struct report_world *world = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *number = cases[i].house_number;
        char asset[SHA256_HEX_SIZE];
        const struct report_item fillers = {
            .seq = 1, .end = 6000, .kind = EVENT_FILLER, .house_number = "F1"};
        const struct report_item item = {.seq = 2,
                                         .start = 2000,
                                         .end = 2075,
                                         .kind = number == NULL ? EVENT_SLATE : EVENT_FILLER,
                                         .house_number = number,
                                         .amendment = 1};
        const struct plan_amendment order = {
            .id = 1,
            .kind = cases[i].kind,
            .asset = number != NULL ? report_world_asset(number, asset) : NULL,
            .from = DAY + 2000,
            .until = DAY + 2075,
            .reason = "信号异常",
            .author = "示例值班员"};
        struct report_item rest = fillers;
        rest.seq = 3;
        rest.start = 2075;
        rest.amendment = 1; /* it fills up */
        report_world_plan(report_world_adopt(world, DAY - 5000), &fillers);
        report_world_air(world, &fillers)->end = DAY + 2000;
        struct plan *plan = adopt_order(world, DAY + 1900, &order);
        report_world_plan(plan, &item);
        report_world_air(world, &item);
        report_world_plan(plan, &rest);
        report_world_air(world, &rest);
        const struct comparison *comparison = report_world_compare(world);
        assert_int_equal(comparison->frames[CLASS_CHANGED], 75);
        assert_string_equal(report_world_span(comparison, CLASS_CHANGED)->author, "示例值班员");
        const struct ledger ledger = ledger_of(comparison);
        assert_true(ledger_is_nil(&ledger));
        assert_int_equal(ledger.incidents, 1);
        report_world_forget(world);
    }
}

/* It was ingested as filler; over a lesson, fillers and the slate alike. */
static void the_notice_of_an_emergency_is_no_unplanned_filler(void **state)
{
    struct report_world *world = *state;
    report_world_morning(world, 0);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "emergency",
                                         .from = DAY,
                                         .until = AMENDMENT_OPEN,
                                         .house_number = "F1",
                                         .asset = REPORT_FILLER,
                                         .reason = "防汛通知",
                                         .author = "示例值班员"};
    const struct report_item notice = {9, 0, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 1};
    struct plan *plan = adopt_order(world, DAY - 10, &order);
    report_world_plan(plan, &notice);
    for (size_t i = REPORT_MORNING; i-- > 0;) {
        report_world_drop(world, i);
    }
    report_world_air(world, &notice);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_CHANGED], 6000);
    assert_string_equal(report_world_span(comparison, CLASS_CHANGED)->reason, "防汛通知");
    report_world_check_programme(comparison, 0, PROGRAMME_REPLACED, 0);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.counted_centiframes, 0);
    assert_true(ledger.incidents > 0);
}

/* A later order's number is on it then: it is what the first one was given for all the same. */
static void what_is_ordered_and_moved_by_a_later_order_is_told_too(void **state)
{
    static const struct {
        const char *kind;
        enum event_kind under;
    } cases[] = {{"insert", EVENT_FILLER}, {"emergency", EVENT_LESSON}};
    struct report_world *world = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char asset[SHA256_HEX_SIZE];
        const bool is_lesson = cases[i].under == EVENT_LESSON;
        const struct report_item items[] = {
            {1, 0, 6000, cases[i].under, is_lesson ? "L1" : "F1", NULL, NULL, NULL, 0, 0},
            {1, 0, 2000, cases[i].under, is_lesson ? "L1" : "F1", NULL, NULL, NULL, 0, 0},
            {2, 2000, 2100, EVENT_LESSON, "L2", NULL, "通知二", NULL, 0, 2},
            {3, 2100, 2200, EVENT_FILLER, "F1", NULL, "通知", NULL, 0, 2},
            {4, 2200, 6000, cases[i].under, is_lesson ? "L1" : "F1", NULL, NULL, NULL, 0, 0}};
        const struct plan_amendment orders[] = {{.id = 1,
                                                 .kind = cases[i].kind,
                                                 .asset = REPORT_FILLER,
                                                 .from = DAY + 2100,
                                                 .until = DAY + 2200,
                                                 .reason = "通知",
                                                 .author = "示例值班员"},
                                                {.id = 2,
                                                 .kind = "insert",
                                                 .asset = report_world_asset("L2", asset),
                                                 .from = DAY + 2000,
                                                 .until = DAY + 2100,
                                                 .reason = "通知二",
                                                 .author = "示例主任"}};
        report_world_plan(report_world_adopt(world, DAY - 5000), &items[0]);
        struct plan *plan = adopt_order(world, DAY + 1900, &orders[0]);
        assert_int_equal(plan_append_amendment(plan, &orders[1]), 0);
        for (size_t k = 1; k < sizeof(items) / sizeof(items[0]); k++) {
            report_world_plan(plan, &items[k]);
            report_world_air(world, &items[k]);
        }
        plan->events[1].item_of = 2;
        plan->events[2].item_of = 1;
        const struct comparison *comparison = report_world_compare(world);
        assert_int_equal(comparison->frames[CLASS_CHANGED], 200);
        const struct compared_span *span = report_world_span(comparison, CLASS_CHANGED);
        assert_string_equal(span[0].author, "示例主任");
        assert_string_equal(span[1].reason, "通知");
        assert_string_equal(span[1].author, "示例值班员");
        const struct ledger ledger = ledger_of(comparison);
        assert_int_equal(ledger.counted_centiframes, 0);
        report_world_forget(world);
    }
}

/* A planned filler that an order pushes back has its number, and may be the asset that it airs. */
static void a_filler_that_an_order_moved_is_not_what_it_was_given_for(void **state)
{
    struct report_world *world = *state;
    const struct report_item items[] = {
        {1, 0, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 0},
        {1, 0, 2000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 0},
        {2, 2000, 2100, EVENT_FILLER, "F1", NULL, "通知", NULL, 0, 1},
        {3, 2100, 6000, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 1}};
    const struct plan_amendment order = {.id = 1,
                                         .kind = "insert",
                                         .asset = REPORT_FILLER,
                                         .from = DAY + 2000,
                                         .until = DAY + 2150,
                                         .reason = "通知"};
    report_world_plan(report_world_adopt(world, DAY - 5000), &items[0]);
    struct plan *plan = adopt_order(world, DAY + 1900, &order);
    for (size_t k = 1; k < sizeof(items) / sizeof(items[0]); k++) {
        report_world_plan(plan, &items[k]);
        report_world_air(world, &items[k]);
    }
    plan->events[1].item_of = 1;
    assert_int_equal(report_world_compare(world)->frames[CLASS_CHANGED], 100);
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
    plan = adopt_order(world, DAY + 1000, &order);
    report_world_plan(plan, &lesson);
    report_world_plan(plan, &filler);
    report_world_plan(plan, &other);
    report_world_air(world, &lesson);
    report_world_air(world, &filler);
    report_world_air(world, &other);
    const struct comparison *comparison = report_world_compare(world);
    const struct compared_span *span = report_world_span(comparison, CLASS_FILLER);
    assert_string_equal(span->reason, "缺素材");
    assert_null(span->author);
    span = report_world_span(comparison, CLASS_CHANGED);
    assert_string_equal(span->reason, "教师外出");
    assert_string_equal(span->author, "示例值班员");
}

/* What replaces a lesson is named after it, and is the order's all the same. */
static void a_replacement_of_a_missing_lesson_has_its_author_and_title(void **state)
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
    struct plan *plan = adopt_order(world, DAY + 1000, &order);
    report_world_plan(plan, &before);
    report_world_plan(plan, &other);
    report_world_air(world, &before)->title = strdup("春夏秋冬");
    report_world_air(world, &other)->title = strdup("荷花");
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->span_count, 2);
    assert_null(comparison->spans[0].title); /* that is the lesson's */
    assert_string_equal(comparison->spans[1].title, "荷花");
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
        struct plan *plan = adopt_order(world, frame, &order);
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

enum { ROUND = 1000, ROUNDS_END = 3 * ROUND };

/* A lesson of three rounds, with two insertions: each cuts it in two entries of the plan. */
static void plan_interrupted(struct plan *plan, int64_t second)
{
    const struct frame_span insertions[] = {{100, 200}, {second, second + 100}};
    struct report_item item = {.seq = 10};
    int64_t entry = 1;
    for (int64_t at = 0; at < ROUNDS_END; at = item.end) {
        item.seq++;
        item.start = at;
        item.end = (at / ROUND + 1) * ROUND;
        item.kind = EVENT_LESSON;
        item.house_number = "L1";
        item.amendment = 0;
        for (int64_t k = 0; k < 2; k++) {
            if (insertions[k].from == at) {
                item.house_number = "L2";
                item.amendment = k + 1;
                item.end = insertions[k].to;
            } else if (at < insertions[k].from && insertions[k].from < item.end) {
                item.end = insertions[k].from;
            }
        }
        entry = item.amendment != 0 ? 0 : entry == 0 ? item.seq : entry;
        item.programme = entry;
        report_world_plan(plan, &item);
    }
    for (int64_t k = 0; k < 2; k++) {
        const struct plan_amendment order = {.id = k + 1,
                                             .kind = "insert",
                                             .from = DAY + insertions[k].from,
                                             .until = DAY + insertions[k].to};
        assert_int_equal(plan_append_amendment(plan, &order), 0);
    }
}

/* Ordered before it began; and the next slot has the same lesson, so that there are two. */
static void a_lesson_is_counted_once_however_often_it_is_interrupted(void **state)
{
    struct report_world *world = *state;
    const struct report_item next = {8,    ROUNDS_END, 6000, EVENT_LESSON, "L1", NULL, NULL,
                                     NULL, 0,          0};
    for (int64_t second = 200; second + 100 <= ROUNDS_END; second += 50) {
        struct plan *plan = report_world_adopt(world, DAY - 100);
        struct report_item round = {.kind = EVENT_LESSON, .house_number = "L1", .programme = 1};
        for (round.end = ROUND; round.end <= ROUNDS_END; round.end += ROUND) {
            round.seq++;
            report_world_plan(plan, &round);
            round.start = round.end;
        }
        report_world_plan(plan, &next);
        plan = report_world_adopt(world, DAY - 50);
        plan_interrupted(plan, second);
        report_world_plan(plan, &next);
        for (size_t i = 0; i < plan->event_count; i++) {
            const struct plan_event *event = &plan->events[i];
            const struct report_item aired = {.seq = event->seq,
                                              .start = event->start - DAY,
                                              .end = event->start + event->duration - DAY,
                                              .kind = event->kind,
                                              .house_number = event->house_number,
                                              .amendment = event->amendment};
            report_world_air(world, &aired);
        }
        const struct comparison *comparison = report_world_compare(world);
        assert_int_equal(comparison->programme_count, 2);
        report_world_check_programme(comparison, 0, PROGRAMME_REPLACED, ROUNDS_END - 200);
        report_world_check_programme(comparison, 1, PROGRAMME_AS_PLANNED, 3000);
        report_world_forget(world);
    }
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(an_order_for_the_slate_is_no_plan),
        IN_WORLD(an_order_of_the_day_before_is_none_either),
        IN_WORLD(what_is_ordered_over_fillers_is_told),
        IN_WORLD(the_notice_of_an_emergency_is_no_unplanned_filler),
        IN_WORLD(what_is_ordered_and_moved_by_a_later_order_is_told_too),
        IN_WORLD(a_filler_that_an_order_moved_is_not_what_it_was_given_for),
        IN_WORLD(an_order_is_the_reason_of_what_it_did_alone),
        IN_WORLD(a_replacement_of_a_missing_lesson_has_its_author_and_title),
        IN_WORLD(a_replacement_is_of_one_class_in_all_its_rounds),
        IN_WORLD(a_stand_in_that_is_cut_later_is_one_incident),
        IN_WORLD(a_lesson_is_counted_once_however_often_it_is_interrupted),
    };
    return cmocka_run_group_tests_name("report_orders", tests, NULL, NULL);
}
