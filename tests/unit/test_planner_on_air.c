/* SPDX-License-Identifier: MIT */
/* Orders about what is on air, through the planner: what is wrong is replaced, or ends sooner. */
#include "scheduler/order_desk.h"
#include "scheduler/planner.h"

#include "tests/support/assert_said.h"
#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

/* The lesson of 20 minutes airs twice from 08:00 on, of every day; an order takes five seconds. */
#define MORNING_MS (NOW_MS - 10 * MINUTE_MS)
#define SLOT_END   (frame_at(MORNING_MS + 40 * MINUTE_MS))

enum { SOON_FRAMES = 12 * FRAMES_PER_SECOND };

static struct planner_bench bench;

static int64_t frame_at(int64_t time_ms)
{
    return time_ms * FRAMES_PER_SECOND / 1000;
}

static int say(int64_t now_ms, const char *json, struct order_answer *answer)
{
    struct planner_outcome outcome;
    const int result = planner_bench_say(&bench, now_ms, json, &outcome);
    *answer = outcome.answer;
    return result;
}

static int replace(int64_t now_ms, const char *at, const char *house_number,
                   struct order_answer *answer)
{
    char json[256];
    snprintf(json, sizeof(json),
             "{\"command\":\"replace\",\"at\":\"%s\",\"house_number\":\"%s\","
             "\"reason\":\"错播：放错了课\",\"author\":\"a\"}",
             at, house_number);
    return say(now_ms, json, answer);
}

static void undo(int64_t now_ms, int64_t order)
{
    struct order_answer answer;
    char json[64];
    snprintf(json, sizeof(json), "{\"command\":\"undo\",\"id\":%lld}", (long long)order);
    assert_int_equal(say(now_ms, json, &answer), 0);
}

static const struct plan_event *event_at(const struct plan *plan, int64_t frame)
{
    const ptrdiff_t index = plan_find(plan, frame);
    assert_true(index >= 0);
    return &plan->events[index];
}

/* The right lesson airs from the first legal cut to the end of the slot, again and again. */
static void what_is_wrong_on_air_is_replaced_to_the_end_of_its_slot(void **state)
{
    (void)state;
    struct order_answer answer;
    assert_int_equal(replace(NOW_MS, "现在", "X-1", &answer), 0);
    assert_in_range(answer.frame, frame_at(NOW_MS), frame_at(NOW_MS) + SOON_FRAMES);
    assert_said(answer.note, "Until 2026-11-23 08:40:00, instead of what is left of: Monday "
                             "2026-11-23 08:00 KT-01");
    assert_said(answer.note, "and is repeated in the rest.\n");
    struct plan *plan = planner_bench_latest(&bench);
    const struct plan_event *event = event_at(plan, answer.frame);
    assert_string_equal(event[-1].house_number, "KT-01");
    assert_int_equal(event_end(&event[-1]), answer.frame);
    for (; event->start < SLOT_END; event++) {
        assert_string_equal(event->house_number, "X-1");
        assert_string_equal(event->instead_of, "KT-01");
        assert_int_equal(event->amendment, answer.order);
        assert_said(event->reason, "错播");
    }
    assert_int_equal(event->start, SLOT_END);
    assert_int_equal(event->amendment, 0);
    plan_destroy(plan);
    undo(NOW_MS, answer.order);
    plan = planner_bench_latest(&bench);
    assert_string_equal(event_at(plan, answer.frame)->house_number, "KT-01");
    assert_int_equal(event_at(plan, answer.frame)->amendment, 0);
    plan_destroy(plan);
}

/* From the answer's frame to the end of the slot, day `day` of the bench, nothing else airs. */
static void check_to_slot_end(const struct order_answer *answer, int day, const char *house_number)
{
    struct plan *plan = planner_bench_latest(&bench);
    const int64_t end = frame_at(MORNING_MS + day * DAY_MS + 40 * MINUTE_MS);
    const struct plan_event *event = event_at(plan, answer->frame);
    for (; event->start < end; event++) {
        assert_true(event->house_number != NULL);
        assert_string_equal(event->house_number, house_number);
        assert_int_equal(event->amendment, answer->order);
    }
    assert_int_equal(event->start, end);
    plan_destroy(plan);
}

/* Neither an insertion on air nor one to come is the end of the slot; the latter is told. */
static void an_insertion_does_not_end_what_is_replaced(void **state)
{
    (void)state;
    static const char insert[] =
        "{\"command\":\"insert\",\"house_number\":\"X-3\",\"reason\":\"test\"}";
    static const char later[] = "{\"command\":\"insert\",\"house_number\":\"X-3\",\"at\":\"08:20\","
                                "\"reason\":\"test\"}";
    struct order_answer answer;
    int64_t now_ms = NOW_MS + 7 * DAY_MS;
    assert_int_equal(say(now_ms, insert, &answer), 0);
    assert_int_equal(replace(now_ms + MINUTE_MS, "now", "X-1", &answer), 0);
    check_to_slot_end(&answer, 7, "X-1");

    now_ms = NOW_MS + 8 * DAY_MS;
    char said[64];
    assert_int_equal(say(now_ms, later, &answer), 0);
    snprintf(said, sizeof(said), "It lies over order %lld (X-3", (long long)answer.order);
    const int64_t second = answer.order;
    assert_int_equal(replace(now_ms + MINUTE_MS, "now", "X-1", &answer), 0);
    assert_said(answer.note, said);
    check_to_slot_end(&answer, 8, "X-1");
    undo(now_ms + MINUTE_MS, answer.order);
    undo(now_ms + MINUTE_MS, second);
}

/* First away with it, then the right one: the fillers of the skip are no end either. */
static void what_was_skipped_is_replaced_to_the_end_of_its_slot(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 9 * DAY_MS;
    struct order_answer answer;
    assert_int_equal(say(now_ms, "{\"command\":\"skip\",\"reason\":\"错播\"}", &answer), 0);
    assert_int_equal(replace(now_ms + MINUTE_MS, "now", "X-1", &answer), 0);
    assert_said(answer.note, "and is repeated in the rest.\n");
    check_to_slot_end(&answer, 9, "X-1");
}

/* The engine refused its revisions as too late: it begins later, and ends where it was to end. */
static void what_the_engine_refused_is_replaced_to_the_end_of_its_slot(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 10 * DAY_MS;
    struct planner_outcome outcome;
    struct order_answer answer;
    assert_int_equal(planner_update(bench.planner, bench.service, NULL, now_ms - MINUTE_MS,
                                    PLANNER_DAYS, true, &outcome),
                     0);
    planner_bench_adopt(&bench, outcome.revision, frame_at(now_ms - MINUTE_MS / 2));
    struct engine_channel engine = {.is_known = true, .revision = outcome.revision};
    assert_int_equal(replace(now_ms, "now", "X-1", &answer), 0);
    for (int minutes = 1; minutes < 30; minutes += 4) {
        struct plan *plan = planner_bench_latest(&bench);
        engine.refused = plan->revision;
        plan_destroy(plan);
        assert_int_equal(planner_update(bench.planner, bench.service, &engine,
                                        now_ms + minutes * MINUTE_MS, PLANNER_DAYS, true, &outcome),
                         0);
        plan = planner_bench_latest(&bench);
        answer.frame = planner_bench_find_order(plan, answer.order)->from;
        plan_destroy(plan);
        assert_in_range(answer.frame, frame_at(now_ms + minutes * MINUTE_MS),
                        frame_at(now_ms + minutes * MINUTE_MS) + SOON_FRAMES);
        check_to_slot_end(&answer, 10, "X-1");
    }
    planner_bench_forget_adoptions(&bench);
}

static void any_time_of_the_slot_on_air_means_it(void **state)
{
    (void)state;
    static const char *const times[] = {"now", "8:00", "08:05", "第一节", "08:30", "今天 8:00"};
    struct order_answer answer;
    int64_t now_ms = NOW_MS + 2 * MINUTE_MS;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++, now_ms += MINUTE_MS) {
        assert_int_equal(replace(now_ms, times[i], "X-1", &answer), 0);
        assert_in_range(answer.frame, frame_at(now_ms), frame_at(now_ms) + SOON_FRAMES);
        undo(now_ms, answer.order);
    }
}

/* The slot on air is never taken for another one, nor another one for it. */
static void what_is_over_or_nearly_over_is_refused(void **state)
{
    (void)state;
    const int64_t last_ms = MORNING_MS + 40 * MINUTE_MS - 2 * SECOND_MS;
    struct order_answer answer;
    assert_int_equal(replace(NOW_MS + 10 * MINUTE_MS, "07:20", "X-1", &answer), -ECANCELED);
    assert_said(answer.text, "the programme of that time is over; ");
    assert_said(answer.text, "`ketang replace zhangdian now X-1` replaces what is on air.");
    assert_int_equal(replace(last_ms, "now", "X-1", &answer), -ECANCELED);
    assert_said(answer.text, "it is too late: what is on air ends at 2026-11-23 08:40:00");
    assert_int_equal(replace(last_ms + MINUTE_MS, "08:10", "X-1", &answer), -ECANCELED);
    assert_said(answer.text, "the programme of that time is over; ");
}

/* The slot on the timetable is not on air: neither too late for it, nor its end awaited. */
static void without_a_plan_there_is_nothing_to_be_late_for(void **state)
{
    (void)state;
    const struct planner_bench planned = bench;
    struct order_answer answer;
    assert_int_equal(planner_bench_set_up(&bench), 0);
    const int now = replace(NOW_MS, "now", "X-1", &answer);
    const int last = replace(MORNING_MS + 39 * MINUTE_MS, "now", "X-1", &answer);
    planner_bench_clean_up(&bench);
    bench = planned;
    assert_int_equal(now, -ENXIO);
    assert_int_equal(last, -ENXIO);
    assert_said(answer.text, "there is no plan, and the slate is on the air");
}

/* Of two that have not begun the second holds; one that has begun is not undone any more. */
static void a_second_thought_replaces_the_first(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + DAY_MS;
    const int64_t end = SLOT_END + frame_at(DAY_MS);
    struct order_answer first;
    struct order_answer answer;
    char said[64];
    assert_int_equal(replace(now_ms, "now", "X-1", &first), 0);
    assert_int_equal(replace(now_ms, "now", "X-2", &answer), 0);
    snprintf(said, sizeof(said), "Order %lld (X-1, by a: ", (long long)first.order);
    assert_said(answer.note, said);
    assert_said(answer.note, "is undone by it.\n");
    first = answer;
    assert_int_equal(replace(now_ms + MINUTE_MS, "now", "X-1", &answer), 0);
    snprintf(said, sizeof(said), "It lies over order %lld (X-2, by a: ", (long long)first.order);
    assert_said(answer.note, said);
    struct plan *plan = planner_bench_latest(&bench);
    assert_string_equal(event_at(plan, answer.frame - 1)->house_number, "X-2");
    assert_string_equal(event_at(plan, answer.frame)->house_number, "X-1");
    assert_string_equal(event_at(plan, end - 1)->house_number, "X-1");
    assert_int_equal(event_at(plan, end - 1)->amendment, answer.order);
    assert_int_equal(event_at(plan, end)->amendment, 0);
    plan_destroy(plan);
    undo(now_ms + MINUTE_MS, answer.order);
    plan = planner_bench_latest(&bench);
    assert_string_equal(event_at(plan, answer.frame)->house_number, "X-2");
    plan_destroy(plan);
}

static void what_an_operator_has_to_end_first_is_told(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 2 * DAY_MS;
    struct order_answer answer;
    assert_int_equal(say(now_ms, "{\"command\":\"slate\",\"reason\":\"test\"}", &answer), 0);
    assert_int_equal(replace(now_ms + MINUTE_MS, "now", "X-1", &answer), -ECANCELED);
    assert_said(answer.text, "is on air until `ketang return` ends it");
    assert_int_equal(say(now_ms + 2 * MINUTE_MS, "{\"command\":\"return\"}", &answer), 0);
}

/* It airs once, and then the wrong lesson is back: who is not told takes it for done. */
static void an_insertion_says_what_comes_after_it(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 3 * DAY_MS;
    struct order_answer answer;
    assert_int_equal(say(now_ms,
                         "{\"command\":\"insert\",\"house_number\":\"X-3\",\"reason\":\"test\"}",
                         &answer),
                     0);
    assert_said(answer.note, "After it the programme that it interrupts goes on: Thursday ");
    assert_said(answer.note, " KT-10");
    assert_said(answer.note, "`ketang replace zhangdian now HOUSE_NUMBER` airs another to its end");
    undo(now_ms, answer.order);
    assert_int_equal(say(now_ms + 28 * MINUTE_MS,
                         "{\"command\":\"insert\",\"house_number\":\"X-3\",\"reason\":\"test\"}",
                         &answer),
                     0);
    assert_said(answer.note, "After it: Thursday 2026-11-26 08:4");
    undo(now_ms + 28 * MINUTE_MS, answer.order);
}

/* Nothing of an insertion stays open: who wants it to end is told how, and that works. */
static void what_ends_by_itself_needs_no_return(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 4 * DAY_MS;
    struct order_answer answer;
    char said[128];
    assert_int_equal(say(now_ms,
                         "{\"command\":\"insert\",\"house_number\":\"X-3\",\"reason\":\"test\"}",
                         &answer),
                     0);
    const int64_t order = answer.order;
    assert_int_equal(say(now_ms + MINUTE_MS, "{\"command\":\"return\"}", &answer), -ECANCELED);
    snprintf(said, sizeof(said),
             "there is nothing to return from: what is on air is there by order %lld (X-3), which "
             "ends by itself at 2026-11-27 08:15:",
             (long long)order);
    assert_said(answer.text, said);
    assert_said(answer.text, "`ketang skip zhangdian --follow --reason TEXT` ends it sooner");
    assert_int_equal(
        say(now_ms + MINUTE_MS,
            "{\"command\":\"skip\",\"mode\":\"follow\",\"reason\":\"test\",\"author\":\"a\"}",
            &answer),
        0);
    struct plan *plan = planner_bench_latest(&bench);
    assert_string_equal(event_at(plan, answer.frame - 1)->house_number, "X-3");
    assert_string_equal(event_at(plan, answer.frame)->house_number, "KT-03");
    plan_destroy(plan);
    /* what plays as planned is nothing to return from either */
    assert_int_equal(say(now_ms + DAY_MS, "{\"command\":\"return\"}", &answer), -ECANCELED);
    assert_string_equal(answer.text, "there is nothing to return from.");
}

/* Given twice, or seconds after another: the first would flash, or its end be extended. */
static void an_order_about_to_begin_is_waited_for(void **state)
{
    (void)state;
    static const char *const firsts[] = {
        "{\"command\":\"insert\",\"house_number\":\"X-3\",\"reason\":\"test\"}",
        "{\"command\":\"replace\",\"at\":\"now\",\"house_number\":\"X-1\",\"reason\":\"test\"}",
        "{\"command\":\"skip\",\"reason\":\"test\"}",
    };
    static const char *const others[] = {
        "{\"command\":\"extend\",\"length\":60,\"reason\":\"test\"}",
        "{\"command\":\"hold\",\"reason\":\"test\"}",
    };
    static const char *const urgent[] = {
        "{\"command\":\"slate\",\"reason\":\"test\"}",
        "{\"command\":\"return\"}",
        "{\"command\":\"insert\",\"at\":\"10:20\",\"house_number\":\"X-3\",\"reason\":\"test\"}",
    };
    int64_t now_ms = NOW_MS - DAY_MS; /* before the others, and after the first plan */
    struct order_answer answer;
    char said[64];
    for (size_t i = 0; i < 3; i++, now_ms += MINUTE_MS) {
        assert_int_equal(say(now_ms, firsts[i], &answer), 0);
        const int64_t first = answer.order;
        const int64_t begins = answer.frame;
        const int64_t left = begins - frame_at(now_ms + SECOND_MS);
        snprintf(said, sizeof(said), "order %lld takes effect in %d s: wait", (long long)first,
                 (int)((left + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND));
        for (size_t k = 0; k < 3 + 2; k++) {
            assert_int_equal(say(now_ms + SECOND_MS, k < 3 ? firsts[k] : others[k - 3], &answer),
                             -ECANCELED);
            assert_said(answer.text, i == 2 && k == 2 ? "only fillers are on air" : said);
        }
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(say(now_ms + SECOND_MS, urgent[k], &answer), 0);
        }
        undo(now_ms + SECOND_MS, answer.order);
        snprintf(said, sizeof(said), "{\"command\":\"undo\",\"id\":%lld}", (long long)first);
        assert_int_equal(say(now_ms + SECOND_MS, said, &answer), -ECANCELED);
        assert_said(answer.text, i == 1 ? "; once it is on air, `ketang replace zhangdian now "
                                        : "; `ketang skip` ends what is on air, ");
        const int64_t later_ms = begins * 1000 / FRAMES_PER_SECOND + SECOND_MS;
        assert_int_equal(say(later_ms, firsts[0], &answer), 0);
        now_ms += 10 * MINUTE_MS;
    }
}

/* The order as `ketang orders` has it then. */
static json_t *listed(int64_t now_ms, int64_t order)
{
    struct plan *plan = planner_bench_latest(&bench);
    struct zone *zone = NULL;
    json_t *list = json_array();
    json_t *found = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    order_desk_list(list, plan, zone, now_ms);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        if (json_integer_value(json_object_get(item, "id")) == order) {
            found = json_incref(item);
        }
    }
    json_decref(list);
    zone_close(zone);
    plan_destroy(plan);
    assert_non_null(found);
    return found;
}

static void assert_listed(int64_t now_ms, const struct order_answer *order, const char *state,
                          int64_t covered_by, int64_t until)
{
    json_t *item = listed(now_ms, order->order);
    assert_string_equal(json_string_value(json_object_get(item, "state")), state);
    assert_int_equal(json_integer_value(json_object_get(item, "covered_by")), covered_by);
    assert_int_equal(json_integer_value(json_object_get(item, "from")), order->frame);
    assert_int_equal(json_integer_value(json_object_get(item, "until")), until);
    json_decref(item);
}

/* Whatever is ordered since: what has aired of an order, and when, is listed as it was. */
static void what_has_aired_stays_as_it_was(void **state)
{
    (void)state;
    static const char skip[] = "{\"command\":\"skip\",\"mode\":\"follow\",\"reason\":\"x\"}";
    static const char insert[] = "{\"command\":\"insert\",\"house_number\":\"X-3\","
                                 "\"mode\":\"push\",\"reason\":\"x\"}";
    const int64_t day_ms = NOW_MS + 11 * DAY_MS;
    struct order_answer first;
    struct order_answer second;
    struct order_answer later;
    assert_int_equal(replace(day_ms, "now", "X-1", &first), 0);
    assert_int_equal(replace(day_ms + MINUTE_MS, "now", "X-2", &second), 0);
    assert_int_equal(say(day_ms + 2LL * MINUTE_MS, skip, &later), 0);
    for (int i = 3; i < 9; i++) {
        const int64_t now_ms = day_ms + i * (int64_t)MINUTE_MS;
        struct order_answer notice;
        assert_int_equal(say(now_ms, insert, &notice), 0);
        assert_listed(now_ms + MINUTE_MS / 2, &first, "over", 0, second.frame);
        assert_listed(now_ms + MINUTE_MS / 2, &second, "over", 0, later.frame);
    }
}

/* The engine adopted neither: what the one counted as aired by the other has not. */
static void what_only_a_refused_plan_has_aired_has_not(void **state)
{
    (void)state;
    static const char slate[] = "{\"command\":\"slate\",\"reason\":\"x\"}";
    const int64_t day_ms = NOW_MS + 17 * DAY_MS;
    struct planner_outcome outcome;
    struct order_answer first;
    struct order_answer answer;
    assert_int_equal(say(day_ms - MINUTE_MS, "{\"command\":\"return\"}", &answer), 0);
    assert_int_equal(say(day_ms - MINUTE_MS, "{\"command\":\"return\"}", &answer), 0);
    struct plan *plan = planner_bench_latest(&bench);
    struct engine_channel engine = {.is_known = true, .revision = plan->revision};
    planner_bench_adopt(&bench, plan->revision, frame_at(day_ms - MINUTE_MS / 2));
    plan_destroy(plan);
    assert_int_equal(replace(day_ms, "now", "X-1", &first), 0);
    assert_int_equal(say(day_ms + 12LL * SECOND_MS, slate, &answer), 0);
    assert_listed(day_ms + 12LL * SECOND_MS, &first, "taken", 0, answer.frame);
    plan = planner_bench_latest(&bench);
    engine.refused = plan->revision;
    plan_destroy(plan);
    assert_int_equal(planner_update(bench.planner, bench.service, &engine, day_ms + MINUTE_MS,
                                    PLANNER_DAYS, true, &outcome),
                     0);
    json_t *item = listed(day_ms + MINUTE_MS, first.order);
    assert_string_equal(json_string_value(json_object_get(item, "state")), "covered");
    assert_true(json_integer_value(json_object_get(item, "from")) > frame_at(day_ms + MINUTE_MS));
    json_decref(item);
    planner_bench_forget_adoptions(&bench);
}

/* A break-in that another lies over comes back when that ends: it is in force all the while. */
static void a_break_in_under_another_stays_in_force(void **state)
{
    (void)state;
    static const char slate[] = "{\"command\":\"slate\",\"reason\":\"x\"}";
    static const char live[] = "{\"command\":\"live\",\"live\":\"studio\",\"reason\":\"x\"}";
    const int64_t day_ms = NOW_MS + 14 * DAY_MS;
    struct order_answer first;
    struct order_answer second;
    assert_int_equal(say(day_ms, slate, &first), 0);
    assert_int_equal(say(day_ms + MINUTE_MS, live, &second), 0);
    json_t *item = listed(day_ms + 2LL * MINUTE_MS, first.order);
    assert_string_equal(json_string_value(json_object_get(item, "state")), "taken");
    assert_int_equal(json_integer_value(json_object_get(item, "covered_by")), second.order);
    assert_int_equal(json_integer_value(json_object_get(item, "from")), first.frame);
    assert_null(json_object_get(item, "until"));
    json_decref(item);
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result < 0) {
        return result;
    }
    planner_bench_add_first_lessons(&bench);
    planner_bench_add_media(&bench, "X-1", "语文 荷花", ASSET_LESSON, '1');
    planner_bench_add_media(&bench, "X-2", "数学 圆", ASSET_LESSON, '2');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "通知", ASSET_LESSON, '3');
    planner_bench_plan(&bench, MORNING_MS - 10 * MINUTE_MS); /* before the day begins */
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
        cmocka_unit_test(an_order_about_to_begin_is_waited_for),
        cmocka_unit_test(what_is_wrong_on_air_is_replaced_to_the_end_of_its_slot),
        cmocka_unit_test(any_time_of_the_slot_on_air_means_it),
        cmocka_unit_test(what_is_over_or_nearly_over_is_refused),
        cmocka_unit_test(without_a_plan_there_is_nothing_to_be_late_for),
        cmocka_unit_test(a_second_thought_replaces_the_first),
        cmocka_unit_test(what_an_operator_has_to_end_first_is_told),
        cmocka_unit_test(an_insertion_says_what_comes_after_it),
        cmocka_unit_test(what_ends_by_itself_needs_no_return),
        cmocka_unit_test(an_insertion_does_not_end_what_is_replaced),
        cmocka_unit_test(what_was_skipped_is_replaced_to_the_end_of_its_slot),
        cmocka_unit_test(what_the_engine_refused_is_replaced_to_the_end_of_its_slot),
        cmocka_unit_test(what_has_aired_stays_as_it_was),
        cmocka_unit_test(a_break_in_under_another_stays_in_force),
        cmocka_unit_test(what_only_a_refused_plan_has_aired_has_not),
    };
    return cmocka_run_group_tests_name("planner on air", tests, set_up, clean_up);
}
