/* SPDX-License-Identifier: MIT */
/* Orders as they are asked for, and listed: what each one's state is called as time goes by. */
#include "scheduler/order_desk.h"

#include "playout/station.h"
#include "scheduler/order_cover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { FROM = 25000, UNTIL = 50000, OVER = 75000 }; /* frames */

/* A plan of zhangdian with these events, numbered in order, and orders. */
static struct plan *make_plan(const struct plan_event *events, size_t event_count,
                              const struct plan_amendment *orders, size_t order_count)
{
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("zhangdian");
    assert_non_null(plan->channel);
    for (size_t i = 0; i < event_count; i++) {
        struct plan_event event = events[i];
        event.seq = (int64_t)i + 1;
        assert_int_equal(plan_append(plan, &event), 0);
    }
    for (size_t i = 0; i < order_count; i++) {
        assert_int_equal(plan_append_amendment(plan, &orders[i]), 0);
    }
    return plan;
}

static void assert_state(const struct plan_amendment *order, int64_t frame, const char *state)
{
    struct plan *plan = make_plan(NULL, 0, order, 1);
    struct zone *zone = NULL;
    json_t *list = json_array();
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    order_desk_list(list, plan, zone, frame * 1000 / FRAMES_PER_SECOND);
    const json_t *item = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(item, "state")), state);
    json_decref(list);
    zone_close(zone);
    plan_destroy(plan);
}

/* `return --start` pushes back what follows: the order is over all the same. */
static void an_order_is_over_at_its_end_although_it_pushes(void **state)
{
    const struct plan_amendment order = {
        .id = 1, .kind = "emergency", .mode = "start", .from = FROM, .until = UNTIL, .over = OVER};
    (void)state;
    assert_state(&order, FROM - 1, "ordered");
    assert_state(&order, FROM, "taken");
    assert_state(&order, UNTIL - 1, "taken");
    assert_state(&order, UNTIL, "over");
    assert_state(&order, OVER - 1, "over");
    assert_state(&order, OVER, "over");
}

static void one_without_end_stays_taken_and_one_taken_back_undone(void **state)
{
    struct plan_amendment order = {.id = 1, .kind = "slate", .from = FROM, .until = AMENDMENT_OPEN};
    (void)state;
    assert_state(&order, OVER, "taken");
    order.is_undone = true;
    assert_state(&order, OVER, "undone");
}

/* The words that a plan has for the rest of a slot are none to give an order with. */
static void a_mode_that_is_not_on_offer_is_refused(void **state)
{
    (void)state;
    static const char *const offered[] = {"join", "push", "start", "follow"};
    static const char *const others[] = {"whole", "loop", "", "Join"};
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < 4; i++) {
        struct order_request request;
        char complaint[ORDER_WHEN_TEXT_SIZE];
        json_t *json = json_pack("{s:s, s:s, s:s}", "command", "replace", "house_number", "KT-01",
                                 "mode", offered[i]);
        assert_null(order_desk_read(json, NULL, zone, 0, &request, complaint));
        assert_string_equal(order_mode_name(request.mode), offered[i]);
        json_object_set_new(json, "mode", json_string(others[i]));
        assert_non_null(order_desk_read(json, NULL, zone, 0, &request, complaint));
        json_decref(json);
    }
    zone_close(zone);
}

static json_t *list_at(const struct plan *plan, int64_t frame)
{
    struct zone *zone = NULL;
    json_t *list = json_array();
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    order_desk_list(list, plan, zone, frame * 1000 / FRAMES_PER_SECOND);
    zone_close(zone);
    return list;
}

static void assert_cover(const struct plan *plan, int64_t frame, const char *state, int64_t cover)
{
    json_t *list = list_at(plan, frame);
    const json_t *item = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(item, "state")), state);
    assert_int_equal(json_integer_value(json_object_get(item, "covered_by")), cover);
    json_decref(list);
}

/* Of two notices the later one lies over the earlier one; what is left of that airs after it. */
static void an_order_of_which_nothing_airs_is_covered(void **state)
{
    enum { COVER = 37500, STEP = 1000 };
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "insert", .from = FROM, .until = UNTIL, .house_number = "A"},
        {.id = 2, .kind = "insert", .from = FROM, .until = OVER, .house_number = "B"}};
    const struct {
        int64_t amendment;
        int64_t end;
    } events[] = {{0, FROM}, {2, COVER}, {1, UNTIL}, {2, OVER}};
    (void)state;
    for (int is_partly = 0; is_partly < 2; is_partly++) {
        struct plan *plan = plan_create();
        assert_non_null(plan);
        plan->channel = strdup("zhangdian");
        int64_t start = 0;
        for (size_t i = 0; i < 4; i++) {
            const bool is_covered = events[i].amendment == 1 && !is_partly;
            const struct plan_event event = {.seq = (int64_t)i + 1,
                                             .start = start,
                                             .duration = events[i].end - start,
                                             .kind = EVENT_LESSON,
                                             .asset = "",
                                             .amendment = is_covered ? 2 : events[i].amendment};
            assert_int_equal(plan_append(plan, &event), 0);
            start = events[i].end;
        }
        assert_int_equal(plan_append_amendment(plan, &orders[0]), 0);
        assert_int_equal(plan_append_amendment(plan, &orders[1]), 0);
        assert_cover(plan, FROM - STEP, is_partly ? "ordered" : "covered", is_partly ? 0 : 2);
        assert_cover(plan, COVER - STEP, is_partly ? "ordered" : "covered", is_partly ? 0 : 2);
        assert_cover(plan, COVER + STEP, is_partly ? "taken" : "covered", is_partly ? 0 : 2);
        assert_cover(plan, UNTIL + STEP, is_partly ? "over" : "covered", is_partly ? 0 : 2);
        plan_destroy(plan);
    }
}

/* A later insert that pushes: the first one airs behind it, whole, under the number of the later.
 */
static void an_order_that_was_only_moved_is_not_covered(void **state)
{
    (void)state;
    static const char *const assets[] = {"", "b", "a"};
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "insert", .from = FROM, .until = UNTIL, .asset = "a"},
        {.id = 2, .kind = "insert", .from = FROM, .until = OVER, .asset = "b"}};
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("zhangdian");
    const int64_t starts[] = {0, FROM, OVER, 2 * OVER};
    for (size_t i = 0; i < 3; i++) {
        const struct plan_event event = {.seq = (int64_t)i + 1,
                                         .start = starts[i],
                                         .duration = starts[i + 1] - starts[i],
                                         .kind = EVENT_LESSON,
                                         .asset = assets[i],
                                         .amendment = i > 0 ? 2 : 0,
                                         .item_of = i == 2};
        assert_int_equal(plan_append(plan, &event), 0);
    }
    assert_int_equal(plan_append_amendment(plan, &orders[0]), 0);
    assert_int_equal(plan_append_amendment(plan, &orders[1]), 0);
    assert_cover(plan, FROM - 1000, "ordered", 0);
    plan_destroy(plan);
}

/* The same notice three times: the last one airs, whatever the others are of; an hour later, too.
 */
static void what_lies_over_an_order_may_air_the_same(void **state)
{
    (void)state;
    enum { STEP = 1000, FIRST = FROM + STEP, SECOND = FIRST + STEP, LENGTH = UNTIL - FROM };
    static const char *const kinds[] = {"insert", "replace", "emergency", "live", "hold", "extend"};
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct plan_amendment orders[] = {
            {.id = 1, .kind = kinds[k], .from = FROM, .until = UNTIL, .asset = "a"},
            {.id = 2, .kind = "insert", .from = FIRST, .until = FIRST + LENGTH, .asset = "a"},
            {.id = 3, .kind = "insert", .from = SECOND, .until = SECOND + LENGTH, .asset = "a"}};
        const int64_t starts[] = {0, FROM, FIRST, SECOND, SECOND + LENGTH};
        struct plan *plan = plan_create();
        assert_non_null(plan);
        plan->channel = strdup("zhangdian");
        for (size_t i = 0; i < 4; i++) {
            const struct plan_event event = {.seq = (int64_t)i + 1,
                                             .start = starts[i],
                                             .duration = starts[i + 1] - starts[i],
                                             .kind = EVENT_LESSON,
                                             .asset = i > 0 ? "a" : "",
                                             .amendment = (int64_t)i};
            assert_int_equal(plan_append(plan, &event), 0);
        }
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(plan_append_amendment(plan, &orders[i]), 0);
        }
        assert_cover(plan, FROM + STEP / 2, "taken", 0);
        for (int64_t at = FIRST + STEP / 2; at < UNTIL + 2 * STEP; at += STEP) {
            assert_cover(plan, at, "over", 0); /* a part of it has aired, and no more is to come */
        }
        plan_destroy(plan);
    }
}

/* The next revision, which has only the events from number `first` on. */
static struct plan *go_on(struct plan *plan, size_t first)
{
    struct plan *next = make_plan(&plan->events[first], plan->event_count - first, plan->amendments,
                                  plan->amendment_count);
    plan_destroy(plan);
    order_note_covers(next);
    return next;
}

/* No later revision has the events of what is over: it keeps what the last one found that had. */
static void what_was_covered_stays_so_when_the_plan_has_gone_on(void **state)
{
    (void)state;
    const struct plan_event events[] = {
        {.start = FROM - 1, .duration = UNTIL + 2 - FROM, .kind = EVENT_SLATE, .amendment = 2},
        {.start = UNTIL + 1, .duration = OVER - UNTIL - 1, .asset = "a", .amendment = 1},
        {.start = OVER, .duration = OVER, .kind = EVENT_SLATE}};
    static const char *const kinds[] = {"slate", "insert", "slate"};
    for (int i = 0; i < 3; i++) {
        const struct plan_amendment orders[] = {
            {.id = 1,
             .kind = "insert",
             .from = FROM,
             .until = UNTIL,
             .length = OVER - UNTIL - 1,
             .asset = "a"},
            {.id = 2, .kind = kinds[i], .from = FROM - 1, .until = UNTIL + 1, .is_undone = i == 2}};
        struct plan_event aired[3] = {events[0], events[1], events[2]};
        aired[1].asset = i == 1 ? "a" : "b"; /* it was put off, and aired behind */
        aired[1].amendment = i == 1;
        aired[1].item_of = i == 1;
        aired[0].amendment = i == 2 ? 0 : 2;
        struct plan *plan = go_on(make_plan(aired, 3, orders, 2), 0);
        for (size_t first = 0; first < 3; first++) {
            plan = go_on(plan, first > 0 ? 1 : 0);
        }
        assert_cover(plan, 2 * OVER, i == 0 ? "covered" : "over", i == 0 ? 2 : 0);
        plan_destroy(plan);
    }
}

/* A push left it no room, or two later orders share its time: nothing of it has aired. */
static void what_had_no_room_stays_covered(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment order = {
        .id = 1, .kind = "insert", .from = 10 * M, .until = 20 * M, .asset = "a"};
    const struct plan_amendment pushed[] = {
        order,
        {.id = 2, .kind = "insert", .mode = "push", .from = 5 * M, .until = 15 * M, .asset = "b"}};
    const struct plan_amendment shared[] = {
        order,
        {.id = 2, .kind = "replace", .from = 5 * M, .until = 15 * M, .asset = "b"},
        {.id = 3, .kind = "replace", .from = 15 * M, .until = 30 * M, .asset = "c"}};
    const struct plan_event events[] = {
        {.start = 5 * M, .duration = 10 * M, .asset = "b", .amendment = 2},
        {.start = 15 * M, .duration = 15 * M, .asset = "c", .amendment = 3},
        {.start = 30 * M, .duration = 30 * M, .asset = "d", .source = "a.yaml:1"}};
    for (int is_shared = 0; is_shared < 2; is_shared++) {
        struct plan_event aired[3] = {events[0], events[1], events[2]};
        aired[1].amendment = is_shared ? 3 : 0;
        struct plan *plan = make_plan(aired, 3, is_shared ? shared : pushed, is_shared ? 3 : 2);
        for (size_t first = 0; first < 3; first++) {
            plan = go_on(plan, first > 0 ? 1 : 0);
            for (int at = first == 2 ? 30 : first == 1 ? 15 : 5; at < 40; at++) {
                assert_cover(plan, at * M, "covered", 2);
            }
        }
        plan_destroy(plan);
    }
}

/* Who reads that an order was withdrawn asks who did so, and by what. */
static void who_withdrew_an_order_is_listed(void **state)
{
    (void)state;
    const struct plan_amendment orders[] = {
        {.id = 1,
         .kind = "replace",
         .from = FROM,
         .until = UNTIL,
         .is_undone = true,
         .end_order = 3,
         .end_author = "b"},
        {.id = 2, .kind = "insert", .from = FROM, .until = UNTIL, .covered_by = 3},
        {.id = 3, .kind = "replace", .from = FROM, .until = UNTIL, .author = "b"}};
    struct plan *plan = make_plan(NULL, 0, orders, 3);
    json_t *list = list_at(plan, FROM);
    const json_t *undone = json_array_get(list, 0);
    const json_t *covered = json_array_get(list, 1);
    assert_int_equal(json_integer_value(json_object_get(undone, "end_order")), 3);
    assert_string_equal(json_string_value(json_object_get(undone, "end_author")), "b");
    assert_int_equal(json_integer_value(json_object_get(covered, "covered_by")), 3);
    assert_string_equal(json_string_value(json_object_get(covered, "covered_author")), "b");
    json_decref(list);
    plan_destroy(plan);
}

struct listed {
    const char *state;
    int64_t covered_by;
    int64_t from;
    int64_t until;
    int64_t ordered; /* 0: it airs then */
    int64_t ordered_until;
};

static void assert_listed(const struct plan *plan, int64_t frame, const struct listed *expected,
                          size_t count)
{
    json_t *list = list_at(plan, frame);
    assert_int_equal(json_array_size(list), count);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        const struct {
            const char *key;
            int64_t value;
        } numbers[] = {{"covered_by", expected[i].covered_by},
                       {"from", expected[i].from},
                       {"until", expected[i].until},
                       {"ordered", expected[i].ordered},
                       {"ordered_until", expected[i].ordered_until}};
        assert_string_equal(json_string_value(json_object_get(item, "state")), expected[i].state);
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
            const int64_t value = json_integer_value(json_object_get(item, numbers[k].key));
            if (value != numbers[k].value) {
                fail_msg("order %zu at %lld: %s is %lld, not %lld", i + 1, (long long)frame,
                         numbers[k].key, (long long)value, (long long)numbers[k].value);
            }
        }
    }
    json_decref(list);
}

/*
 * A lesson runs over, a notice is put into that, then it runs over for longer: by the plan the
 * notice and what is left of the first extension air behind, in that order, under the number of the
 * second, and then the next lesson, which is no order's although the first one airs the same.
 */
static void what_airs_later_than_ordered_is_listed_as_it_airs(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment orders[] = {{.id = 1,
                                             .kind = "extend",
                                             .mode = "push-loop",
                                             .from = 30 * M,
                                             .until = 33 * M,
                                             .asset = "kt",
                                             .reason = "late"},
                                            {.id = 2,
                                             .kind = "insert",
                                             .from = 31 * M,
                                             .until = 32 * M,
                                             .asset = "tz",
                                             .reason = "notice"},
                                            {.id = 3,
                                             .kind = "extend",
                                             .mode = "push-loop",
                                             .from = 30 * M,
                                             .until = 35 * M,
                                             .asset = "kt",
                                             .reason = "late"}};
    const struct plan_event events[] = {
        {.start = 0, .duration = 30 * M, .asset = "kt", .source = "a.yaml:1"},
        {.start = 30 * M,
         .duration = 5 * M,
         .asset = "kt",
         .reason = "late",
         .amendment = 3,
         .item_of = 3},
        {.start = 35 * M,
         .duration = M,
         .asset = "tz",
         .reason = "notice; later",
         .amendment = 3,
         .item_of = 2},
        {.start = 36 * M,
         .duration = 2 * M,
         .asset = "kt",
         .reason = "late; x",
         .amendment = 3,
         .item_of = 1},
        {.start = 38 * M, .duration = 20 * M, .asset = "kt", .source = "a.yaml:2", .amendment = 3}};
    static const struct {
        int at; /* minutes */
        const char *states[3];
    } times[] = {{29, {"ordered", "ordered", "ordered"}},
                 {31, {"ordered", "ordered", "taken"}},
                 {35, {"ordered", "taken", "over"}},
                 {37, {"taken", "over", "over"}},
                 {38, {"over", "over", "over"}}};
    struct plan *plan = make_plan(events, sizeof(events) / sizeof(events[0]), orders, 3);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        const struct listed expected[] = {{times[i].states[0], 0, 36 * M, 38 * M, 30 * M, 33 * M},
                                          {times[i].states[1], 0, 35 * M, 36 * M, 31 * M, 32 * M},
                                          {times[i].states[2], 0, 30 * M, 35 * M, 0, 0}};
        assert_listed(plan, times[i].at * M, expected, 3);
    }
    plan_destroy(plan);
}

/* The next programme, a replaced one, is taken at once (skip --follow); another is cut short. */
static void what_airs_earlier_or_ends_so_is_listed_as_it_airs(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "replace", .from = 20 * M, .until = 22 * M, .asset = "a"},
        {.id = 2, .kind = "replace", .from = 30 * M, .until = 50 * M, .asset = "b"},
        {.id = 3, .kind = "skip", .mode = "follow", .from = 10 * M, .until = 20 * M},
        {.id = 4, .kind = "replace", .from = 40 * M, .until = 50 * M, .asset = "c"}};
    const struct plan_event events[] = {
        {.start = 0, .duration = 10 * M, .asset = "x", .source = "a.yaml:1"},
        {.start = 10 * M, .duration = 2 * M, .asset = "a", .amendment = 3, .item_of = 1},
        {.start = 12 * M, .duration = 18 * M, .asset = "y", .source = "a.yaml:2"},
        {.start = 30 * M, .duration = 10 * M, .asset = "b", .amendment = 2},
        {.start = 40 * M, .duration = 10 * M, .asset = "c", .amendment = 4}};
    static const struct {
        int at; /* minutes */
        const char *states[4];
    } times[] = {{9, {"ordered", "ordered", "ordered", "ordered"}},
                 {11, {"taken", "ordered", "taken", "ordered"}},
                 {21, {"over", "ordered", "over", "ordered"}},
                 {31, {"over", "taken", "over", "ordered"}},
                 {50, {"over", "over", "over", "over"}}};
    struct plan *plan = make_plan(events, sizeof(events) / sizeof(events[0]), orders, 4);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        const struct listed expected[] = {{times[i].states[0], 0, 10 * M, 12 * M, 20 * M, 22 * M},
                                          {times[i].states[1], 0, 30 * M, 40 * M, 0, 50 * M},
                                          {times[i].states[2], 0, 10 * M, 20 * M, 0, 0},
                                          {times[i].states[3], 0, 40 * M, 50 * M, 0, 0}};
        assert_listed(plan, times[i].at * M, expected, 4);
    }
    plan_destroy(plan);
}

/* Once a plan no longer reaches back, one of which nothing is to come is named by its first cover.
 */
static void the_order_that_covers_one_is_named_the_same_for_good(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "replace", .from = 5 * M, .until = 30 * M, .asset = "a"},
        {.id = 2, .kind = "replace", .from = 5 * M, .until = 30 * M, .asset = "b"},
        {.id = 3, .kind = "insert", .from = 10 * M, .until = 12 * M, .asset = "c"}};
    const struct plan_event events[] = {
        {.seq = 1, .start = 5 * M, .duration = 5 * M, .asset = "b", .amendment = 2},
        {.seq = 2, .start = 10 * M, .duration = 2 * M, .asset = "c", .amendment = 3},
        {.seq = 3, .start = 12 * M, .duration = 18 * M, .asset = "b", .amendment = 2},
        {.seq = 4, .start = 30 * M, .duration = 30 * M, .asset = "d"}};
    struct plan *plan = make_plan(events, 4, orders, 3);
    for (size_t first = 0; first < 4; first++) {
        plan = go_on(plan, first > 0 ? 1 : 0);
        for (int at = first == 0 ? 5 : first == 1 ? 10 : first == 2 ? 12 : 30; at < 40; at++) {
            assert_cover(plan, at * M, "covered", 2);
        }
    }
    plan_destroy(plan);
}

/* What is left of it is too short for an event: it does not air, and is not over either, when the
 * plan has gone on.
 */
static void an_order_of_which_a_moment_is_left_stays_covered(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "insert", .from = 10 * M, .until = 12 * M, .asset = "a"},
        {.id = 2, .kind = "insert", .from = 9 * M, .until = 12 * M - 20, .asset = "b"}};
    const struct plan_event events[] = {
        {.seq = 1, .start = 9 * M, .duration = 3 * M - 20, .asset = "b", .amendment = 2},
        {.seq = 2, .start = 12 * M - 20, .duration = 30 * M, .asset = "c", .source = "a.yaml:1"}};
    struct plan *plan = make_plan(events, 2, orders, 2);
    for (size_t first = 0; first < 2; first++) {
        plan = go_on(plan, first);
        for (int at = first == 0 ? 9 : 12; at < 40; at++) {
            assert_cover(plan, at * M, "covered", 2);
        }
    }
    plan_destroy(plan);
}

/* Skipped to its end, it is over; nothing lies over it, and nothing comes back. */
static void an_order_that_was_skipped_is_over(void **state)
{
    (void)state;
    enum { M = 60 * FRAMES_PER_SECOND };
    const struct plan_amendment orders[] = {
        {.id = 1, .kind = "insert", .from = 10 * M, .until = 30 * M, .asset = "a"},
        {.id = 2, .kind = "skip", .mode = "follow", .from = 15 * M, .until = 30 * M},
        {.id = 3, .kind = "skip", .from = 20 * M, .until = 30 * M},
        {.id = 4, .kind = "slate", .from = 25 * M, .until = 35 * M}};
    const struct plan_event events[] = {
        {.seq = 1, .start = 10 * M, .duration = 5 * M, .asset = "a", .amendment = 1},
        {.seq = 2, .start = 15 * M, .duration = 5 * M, .asset = "b", .amendment = 2},
        {.seq = 3, .start = 20 * M, .duration = 5 * M, .kind = EVENT_FILLER, .amendment = 3},
        {.seq = 4, .start = 25 * M, .duration = 10 * M, .kind = EVENT_SLATE, .amendment = 4}};
    for (size_t first = 0; first < 4; first++) {
        struct plan *plan = make_plan(&events[first], 4 - first, orders, 4);
        for (int at = (int)(events[first].start / M); at < 35; at++) {
            assert_cover(plan, at * M, at < 15 ? "taken" : "over", 0);
        }
        plan_destroy(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mode_that_is_not_on_offer_is_refused),
        cmocka_unit_test(an_order_is_over_at_its_end_although_it_pushes),
        cmocka_unit_test(one_without_end_stays_taken_and_one_taken_back_undone),
        cmocka_unit_test(an_order_of_which_nothing_airs_is_covered),
        cmocka_unit_test(an_order_that_was_only_moved_is_not_covered),
        cmocka_unit_test(what_lies_over_an_order_may_air_the_same),
        cmocka_unit_test(what_was_covered_stays_so_when_the_plan_has_gone_on),
        cmocka_unit_test(what_had_no_room_stays_covered),
        cmocka_unit_test(who_withdrew_an_order_is_listed),
        cmocka_unit_test(what_airs_later_than_ordered_is_listed_as_it_airs),
        cmocka_unit_test(what_airs_earlier_or_ends_so_is_listed_as_it_airs),
        cmocka_unit_test(an_order_of_which_a_moment_is_left_stays_covered),
        cmocka_unit_test(an_order_that_was_skipped_is_over),
        cmocka_unit_test(the_order_that_covers_one_is_named_the_same_for_good),
    };
    return cmocka_run_group_tests_name("order_desk", tests, NULL, NULL);
}
