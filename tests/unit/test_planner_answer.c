/* SPDX-License-Identifier: MIT */
/* What the planner answers to an order: what airs because of it, what does not, why it is refused.
 */
#include "scheduler/planner.h"

#include "scheduler/order_desk.h"
#include "tests/support/assert_said.h"
#include "tests/support/must.h"
#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct planner_bench bench;

static int ask(int64_t now_ms, const struct order_request *request, struct planner_outcome *outcome)
{
    return planner_bench_ask(&bench, now_ms, request, outcome);
}

static int say(int64_t now_ms, const char *json, struct planner_outcome *outcome)
{
    return planner_bench_say(&bench, now_ms, json, outcome);
}

static void a_break_in_that_shows_the_slate_says_so(void **state)
{
    (void)state;
    struct planner_outcome outcome;
    int64_t now_ms = NOW_MS + 300000;
    static const struct {
        struct order_request request;
        const char *note;
    } cases[] = {
        {{.kind = ORDER_SLATE, .reason = "test"}, ""},
        {{.kind = ORDER_EMERGENCY, .reason = "test"},
         "The slate airs: no house number was named.\n"},
        {{.kind = ORDER_LIVE, .live = "studio", .reason = "test"},
         "The slate airs: live sources are not taken yet.\n"},
        {{.kind = ORDER_EMERGENCY, .house_number = "TZ-1", .reason = "test"}, ""},
    };
    planner_bench_add_media(&bench, "TZ-1", "", ASSET_FILLER, '4');
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct order_request undo = {.command = REQUEST_RETURN};
        assert_int_equal(ask(now_ms, &cases[i].request, &outcome), 0);
        const char *note = outcome.answer.note;
        const char *others = strstr(note, "Order "); /* what it lies over */
        assert_int_equal(others != NULL ? (size_t)(others - note) : strlen(note),
                         strlen(cases[i].note));
        assert_memory_equal(note, cases[i].note, strlen(cases[i].note));
        assert_int_equal(ask(now_ms, &undo, &outcome), 0);
        now_ms += 1000;
    }
}

/* The lesson of 20 minutes airs twice from 08:00 on; at 08:10 it is to have five more minutes. */
static void what_loops_is_extended_skipped_and_told_as_one(void **state)
{
    (void)state;
    const int64_t slot = (NOW_MS / 1000 - 600) * FRAMES_PER_SECOND;
    const int64_t minute = 60LL * FRAMES_PER_SECOND;
    const struct order_request extend = {
        .kind = ORDER_EXTEND, .mode = ORDER_PUSH, .length = 5 * minute, .reason = "test"};
    const struct order_request skip = {.kind = ORDER_SKIP, .reason = "test"};
    const struct order_request insert = {
        .kind = ORDER_INSERT, .house_number = "X-3", .reason = "test"};
    struct planner_outcome outcome;
    planner_bench_add_media(&bench, "KT-01", "", ASSET_LESSON, '5');
    planner_bench_add_media(&bench, "X-3", "试播", ASSET_LESSON, '6');
    planner_bench_plan(&bench, NOW_MS - 1200000);
    assert_int_equal(ask(NOW_MS, &extend, &outcome), 0);
    assert_int_equal(outcome.answer.frame, slot + 40 * minute);
    assert_said(outcome.answer.note,
                "It ends at 2026-11-23 08:40:00, and is repeated in that time.");
    assert_said(outcome.answer.note, "What follows keeps its time.");
    const struct order_request undo = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(NOW_MS + 1000, &undo, &outcome), 0);
    assert_said(outcome.answer.note, "A stand-in airs then, for it is not ready: ");
    const struct order_request slip = {.kind = ORDER_EXTEND, .length = 500 * minute, .reason = "x"};
    assert_int_equal(ask(NOW_MS + 1000, &slip, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "has 120 minutes at most");
    /* Of the first round's 20 minutes 10 seconds are left: the second one is skipped as well. */
    assert_int_equal(ask(NOW_MS + 590000, &skip, &outcome), 0);
    assert_said(outcome.answer.note, "Ended early: ");
    assert_said(outcome.answer.note, "Fillers air until 2026-11-23 08:40:00");
    assert_string_equal(outcome.answer.text, "");
    const struct order_request keep = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(NOW_MS + 590100, &keep, &outcome), 0);
    /* What goes on behind it is not told as lost. */
    assert_int_equal(ask(NOW_MS + 600000 - 5000, &insert, &outcome), 0);
    assert_string_equal(outcome.answer.text, "");
}

/* A notice at 08:30; then one that begins at 08:13, and lasts 20 minutes, pushes it back. */
static void an_insertion_that_another_pushes_is_listed_as_it_airs(void **state)
{
    (void)state;
    enum { LENGTH = 20 * 60 * FRAMES_PER_SECOND, STEP_MS = 60000 };
    const int64_t now_ms = NOW_MS - 4 * DAY_MS + 2 * STEP_MS;
    struct zone *zone = NULL;
    struct plan *plan = NULL;
    struct planner_outcome outcome;
    planner_bench_add_media(&bench, "X-1", "", ASSET_LESSON, '1');
    const struct order_request notice = {.kind = ORDER_INSERT,
                                         .house_number = "X-1",
                                         .at = (now_ms + 18 * STEP_MS) * FRAMES_PER_SECOND / 1000,
                                         .reason = "notice"};
    const struct order_request other = {
        .kind = ORDER_INSERT, .mode = ORDER_PUSH, .house_number = "X-1", .reason = "another"};
    assert_int_equal(zone_open(bench.station->time_zone, &zone), 0);
    planner_bench_plan(&bench, now_ms - 10 * STEP_MS);
    assert_int_equal(ask(now_ms, &notice, &outcome), 0);
    const int64_t first = outcome.answer.order;
    const int64_t ordered = outcome.answer.frame;
    assert_int_equal(ask(now_ms + STEP_MS, &other, &outcome), 0);
    const int64_t end = outcome.answer.frame + LENGTH;
    assert_true(end > ordered);
    plan = planner_bench_latest(&bench);
    json_t *list = json_array();
    order_desk_list(list, plan, zone, now_ms + STEP_MS);
    const json_t *item = json_array_get(list, json_array_size(list) - 2);
    const int64_t from = json_integer_value(json_object_get(item, "from"));
    assert_int_equal(json_integer_value(json_object_get(item, "id")), first);
    assert_string_equal(json_string_value(json_object_get(item, "state")), "ordered");
    assert_int_equal(json_integer_value(json_object_get(item, "ordered")), ordered);
    assert_true(from >= end);
    assert_string_equal(plan->events[plan_find(plan, from)].house_number, "X-1");
    assert_int_equal(plan->events[plan_find(plan, from)].start, from);
    assert_int_equal(json_integer_value(json_object_get(item, "until")), from + LENGTH);
    json_decref(list);
    plan_destroy(plan);
    zone_close(zone);
}

/* Tomorrow's third lesson, 09:30; then its replacement once more. */
static void a_lesson_of_another_day_is_replaced_and_named(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - 2 * DAY_MS;
    const int64_t slot = (NOW_MS / 1000 - 86400 + 80 * 60) * FRAMES_PER_SECOND;
    struct planner_outcome outcome;
    struct plan *plan = NULL;
    planner_bench_add_media(&bench, "X-1", "语文 荷花", ASSET_LESSON, '1');
    planner_bench_add_media(&bench, "X-2", "", ASSET_LESSON, '2');
    assert_int_equal(say(now_ms,
                         "{\"command\":\"replace\",\"at\":\"明天 09:40\","
                         "\"house_number\":\"X-1\",\"reason\":\"first\",\"author\":\"a\"}",
                         &outcome),
                     0);
    const int64_t first = outcome.answer.order;
    assert_int_equal(outcome.answer.frame, slot);
    assert_said(outcome.answer.note, "Instead of: Sunday 2026-11-22 09:30 ");
    assert_null(strstr(outcome.answer.note, "undone"));
    assert_null(strstr(outcome.answer.note, "title"));
    plan = planner_bench_latest(&bench);
    assert_string_equal(plan->events[plan_find(plan, slot)].title, "语文 荷花"); /* as ingested */
    plan_destroy(plan);
    assert_int_equal(say(now_ms + 60000,
                         "{\"command\":\"replace\",\"at\":\"2026-11-22T09:30\","
                         "\"house_number\":\"X-2\",\"reason\":\"second\",\"author\":\"b\"}",
                         &outcome),
                     0);
    assert_said(outcome.answer.note, "09:30 X-1 语文 荷花.");
    assert_null(strstr(outcome.answer.note, "there already"));
    assert_said(outcome.answer.note, "X-2 has no title");
    assert_said(outcome.answer.note, "(X-1, by a: first) is undone");
    assert_said(outcome.answer.note, "It lasts 20:00 of 40:00, and is repeated in the rest.");
    plan = planner_bench_latest(&bench);
    assert_true(planner_bench_find_order(plan, first)->is_undone);
    const struct plan_event *event = &plan->events[plan_find(plan, slot)];
    assert_int_equal(event->amendment, outcome.answer.order);
    assert_string_equal(event->house_number, "X-2");
    assert_int_equal(event->start, slot);
    assert_int_equal(event->duration, 20 * 60 * FRAMES_PER_SECOND);
    /* As the timetable rules the rest of its slot: the same again. */
    assert_string_equal(event[1].house_number, "X-2");
    assert_int_equal(event[1].programme, event->programme);
    assert_int_equal(event_end(&event[1]), slot + 40 * 60 * FRAMES_PER_SECOND);
    struct planner_outcome again;
    assert_int_equal(say(now_ms + 120000,
                         "{\"command\":\"replace\",\"at\":\"2026-11-22T09:30\","
                         "\"house_number\":\"X-2\",\"reason\":\"third\",\"author\":\"b\"}",
                         &again),
                     0);
    assert_said(again.answer.note, "X-2 is what is planned there already: ");
    /* The whole period is the second one's, whatever the first left of it. */
    assert_int_equal(planner_bench_find_order(plan, outcome.answer.order)->until,
                     slot + 40 * 60 * FRAMES_PER_SECOND);
    plan_destroy(plan);
}

/* As often as it fits whole: 20 minutes twice into a slot of 40, 25 minutes once. */
static void the_answer_says_what_airs_in_the_rest(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - 2 * DAY_MS + 300000;
    struct planner_outcome outcome;
    static const struct {
        int minutes;
        const char *note;
    } cases[] = {{20, "It lasts 20:00 of 40:00, and is repeated as often as it fits.\n"},
                 {25, "It lasts 25:00 of 40:00; the slate airs in the rest.\n"}};
    planner_bench_change_rule(&bench, "rest: loop", "rest: whole");
    for (int i = 0; i < 2; i++) {
        bench.media_minutes = cases[i].minutes;
        char number[8];
        char json[256];
        snprintf(number, sizeof(number), "X-%d", 7 + i);
        snprintf(json, sizeof(json),
                 "{\"command\":\"replace\",\"at\":\"明天 第三节\",\"house_number\":\"%s\","
                 "\"reason\":\"test\",\"author\":\"a\"}",
                 number);
        planner_bench_add_media(&bench, number, "", ASSET_LESSON, (char)('7' + i));
        assert_int_equal(say(now_ms + i * 60000LL, json, &outcome), 0);
        assert_said(outcome.answer.note, cases[i].note);
    }
    bench.media_minutes = 20;
    planner_bench_change_rule(&bench, "", "");
}

/* 50 minutes instead of 40; then in the middle of what airs. */
static void the_answer_says_what_is_cut(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - 2 * DAY_MS + 400000;
    struct planner_outcome outcome;
    static const struct {
        const char *json;
        const char *note;
    } cases[] = {
        {"{\"command\":\"replace\",\"at\":\"明天 09:30\",\"house_number\":\"X-50\","
         "\"reason\":\"test\",\"author\":\"a\"}",
         "It lasts 50:00, and is cut at 2026-11-22 10:10:00: its last 10:00 do not air.\n"},
        {"{\"command\":\"insert\",\"at\":\"明天 09:40\",\"house_number\":\"X-50\","
         "\"reason\":\"test\",\"author\":\"a\"}",
         "09:30 X-50 lesson, 30:00 do not air because of it.\n"},
    };
    int64_t orders[2];
    bench.media_minutes = 50;
    planner_bench_add_media(&bench, "X-50", "", ASSET_LESSON, 'a');
    bench.media_minutes = 20;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(say(now_ms + i * 1000, cases[i].json, &outcome), 0);
        assert_said(outcome.answer.note, cases[i].note);
        assert_true(i == 0 || strstr(outcome.answer.note, "is cut at") == NULL);
        orders[i] = outcome.answer.order;
    }
    for (int i = 1; i >= 0; i--) {
        const struct order_request undo = {.command = REQUEST_UNDO, .id = orders[i]};
        assert_int_equal(ask(now_ms + 3000, &undo, &outcome), 0);
    }
}

/* The first one ended with the second; to take that back leaves it so, and says so. */
static void what_an_order_had_undone_is_told_when_it_is_undone(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - 2 * DAY_MS + 500000;
    const char json[] = "{\"command\":\"replace\",\"at\":\"明天 08:45\",\"house_number\":\"X-2\","
                        "\"reason\":\"test\",\"author\":\"a\"}";
    struct planner_outcome outcome;
    char said[128];
    assert_int_equal(say(now_ms, json, &outcome), 0);
    const int64_t first = outcome.answer.order;
    assert_int_equal(say(now_ms + 1000, json, &outcome), 0);
    const struct order_request undo = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(now_ms + 2000, &undo, &outcome), 0);
    snprintf(said, sizeof(said), "Order %lld (X-2, by a: test) is not brought back by this",
             (long long)first);
    assert_said(outcome.answer.note, said);
}

static void a_time_without_a_programme_is_answered_with_those_around_it(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - DAY_MS;
    struct planner_outcome outcome;
    const char format[] = "{\"command\":\"replace\",\"at\":\"%s\",\"house_number\":\"X-1\","
                          "\"reason\":\"test\",\"author\":\"a\"}";
    char json[256];
    snprintf(json, sizeof(json), format, "tomorrow 08:42");
    planner_bench_add_media(&bench, "FILL-01", "", ASSET_FILLER, '3');
    assert_int_equal(say(now_ms, json, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "Monday 2026-11-23");
    snprintf(json, sizeof(json), format, "周二 08:42");
    assert_int_equal(say(now_ms, json, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "\n  08:00 ");
    assert_said(outcome.answer.text, "\n  09:30 ");
    assert_null(strstr(outcome.answer.text, "\n  10:15 "));
    /* KT-05 has no media: a stand-in airs for it, and it is a repeat all the same. */
    snprintf(json, sizeof(json), format, "周二 15:27");
    assert_int_equal(say(now_ms, json, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "\n  15:55 KT-05 五年级 语文 稚子弄冰 (repeat)");
    snprintf(json, sizeof(json), format, "2027-01-04 09:30");
    assert_int_equal(say(now_ms, json, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "the plan goes up to 2026-12-0");
}

/* The plan is there, the timetable is not. */
static void without_a_timetable_the_answer_says_what_can_be_ordered(void **state)
{
    (void)state;
    struct planner *bare = NULL;
    struct zone *zone = NULL;
    struct planner_outcome outcome;
    char number[] = "X-1";
    const struct order_request insert = {
        .kind = ORDER_INSERT, .reason = "test", .house_number = number};
    assert_int_equal(planner_create(bench.station, &bare), 0);
    assert_int_equal(zone_open(bench.station->time_zone, &zone), 0);
    const int result =
        planner_order(bare, bench.service, NULL, NOW_MS + 6 * DAY_MS, &insert, false, &outcome);
    json_t *answer = order_desk_answer(result, "", &outcome, zone);
    assert_int_equal(result, -ENODATA);
    assert_said(json_string_value(json_object_get(answer, "error")),
                "only slate, emergency, live and hold can be ordered");
    json_decref(answer);
    zone_close(zone);
    planner_destroy(bare);
}

/* A name so long that the sentence is cut within a character. */
static void a_sentence_too_long_ends_with_a_whole_character(void **state)
{
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        char number[ORDER_TEXT_SIZE * 2];
        struct planner_outcome outcome;
        memset(number, 'x', sizeof(number));
        for (size_t i = (size_t)shift; i + 3 < sizeof(number); i += 3) {
            snprintf(number + i, sizeof(number) - i, "课");
        }
        const struct order_request insert = {
            .kind = ORDER_INSERT, .reason = "test", .house_number = number};
        assert_int_equal(ask(NOW_MS + 6 * 86400000LL, &insert, &outcome), -ECANCELED);
        json_t *text = json_string(outcome.answer.text);
        assert_non_null(text);
        json_decref(text);
    }
}

/* While a break-in lasts that nobody has ended, what is planned behind it may never air. */
static void behind_an_open_break_in_nothing_is_ordered_unawares(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS - 2 * DAY_MS + 7200000;
    struct planner_outcome outcome;
    static const char *const replace[] = {
        "{\"command\":\"replace\",\"at\":\"明天 第三节\",\"house_number\":\"X-1\","
        "\"reason\":\"test\",\"author\":\"a\"}",
        "{\"command\":\"replace\",\"house_number\":\"X-1\",\"reason\":\"test\",\"author\":\"a\"}"};
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "jammed", .author = "b"};
    const struct order_request back = {.command = REQUEST_RETURN};
    assert_int_equal(ask(now_ms, &slate, &outcome), 0);
    const int64_t id = outcome.answer.order;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(say(now_ms + 60000, replace[i], &outcome), -ECANCELED);
        assert_said(outcome.answer.text, "is on air until `ketang return` ends it");
    }
    assert_int_equal(say(now_ms + 60000,
                         "{\"command\":\"insert\",\"at\":\"明天 09:40\",\"house_number\":\"X-1\","
                         "\"reason\":\"test\",\"author\":\"a\"}",
                         &outcome),
                     0);
    char note[64];
    snprintf(note, sizeof(note), "It lies over order %lld (slate, by b: jammed).", (long long)id);
    assert_said(outcome.answer.note, note);
    const struct order_request undo = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(now_ms + 61000, &undo, &outcome), 0);
    assert_said(outcome.answer.note, "What airs then: Sunday 2026-11-22 09:30 X-8");
    assert_int_equal(ask(now_ms + 120000, &back, &outcome), 0);
    assert_int_equal(ask(now_ms + 121000, &back, &outcome), -ECANCELED);
    snprintf(note, sizeof(note), "order %lld has been ended already", (long long)id);
    assert_said(outcome.answer.text, note);
    assert_int_equal(say(now_ms + 180000, replace[0], &outcome), 0);
    const struct order_request again = {.command = REQUEST_UNDO, .id = outcome.answer.order};
    assert_int_equal(ask(now_ms + 181000, &again, &outcome), 0);
}

static void what_cannot_be_is_refused_with_a_sentence(void **state)
{
    (void)state;
    const int64_t now_ms = NOW_MS + 4 * 86400000LL;
    struct planner_outcome outcome;
    char long_reason[402] = "";
    memset(long_reason, 'x', sizeof(long_reason) - 1);
    const struct {
        struct order_request request;
        const char *words;
    } cases[] = {
        {{.kind = ORDER_EMERGENCY}, "a reason is missing"},
        {{.kind = ORDER_EMERGENCY, .reason = " \u3000\u200b\n"}, "a reason is missing"},
        {{.kind = ORDER_LIVE, .reason = "test"}, "name the live source"},
        {{.kind = ORDER_INSERT, .reason = "test", .house_number = "NONE"}, "NONE has no media"},
        {{.command = REQUEST_RELEASE}, "nothing is held"},
        {{.command = REQUEST_UNDO, .id = 99}, "no order 99"},
        {{.command = REQUEST_UNDO, .reason = long_reason}, "the reason is too long"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ask(now_ms, &cases[i].request, &outcome), -ECANCELED);
        assert_said(outcome.answer.text, cases[i].words);
        assert_false(outcome.is_written);
    }
}

static int set_up(void **state)
{
    (void)state;
    return planner_bench_set_up(&bench);
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
        cmocka_unit_test(an_insertion_that_another_pushes_is_listed_as_it_airs),
        cmocka_unit_test(what_loops_is_extended_skipped_and_told_as_one),
        cmocka_unit_test(a_break_in_that_shows_the_slate_says_so),
        cmocka_unit_test(a_lesson_of_another_day_is_replaced_and_named),
        cmocka_unit_test(the_answer_says_what_airs_in_the_rest),
        cmocka_unit_test(behind_an_open_break_in_nothing_is_ordered_unawares),
        cmocka_unit_test(the_answer_says_what_is_cut),
        cmocka_unit_test(what_an_order_had_undone_is_told_when_it_is_undone),
        cmocka_unit_test(a_time_without_a_programme_is_answered_with_those_around_it),
        cmocka_unit_test(without_a_timetable_the_answer_says_what_can_be_ordered),
        cmocka_unit_test(a_sentence_too_long_ends_with_a_whole_character),
        cmocka_unit_test(what_cannot_be_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests_name("planner answer", tests, set_up, clean_up);
}
