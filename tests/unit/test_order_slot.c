/* SPDX-License-Identifier: MIT */
/* Which programmes an order may be about: what is offered where there is none. */
#include "scheduler/order_request_private.h"

#include "playout/intl.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Monday 2026-11-23 00:00 +0800, in frames. */
#define MIDNIGHT (1795363200LL * FRAMES_PER_SECOND)

#define MINUTE ((int64_t)60 * FRAMES_PER_SECOND)

static struct zone *zone;

static const struct profile profile = {.join_grid_frames = 24};
static const struct cutter cutter = {.profile = &profile};

/* From 08:00 on a lesson of 20 minutes each half hour, and nothing after each. */
static struct plan *plan_of(int lessons, const char *title)
{
    struct plan *plan = plan_create();
    assert_non_null(plan);
    for (int i = 0; i < lessons; i++) {
        char house_number[16];
        snprintf(house_number, sizeof(house_number), "KT-%d", i);
        const int64_t start = MIDNIGHT + (8 * 60 + (int64_t)i * 30) * MINUTE;
        const struct plan_event lesson = {.seq = 2 * i + 1,
                                          .programme = 2 * i + 1,
                                          .start = start,
                                          .duration = 20 * MINUTE,
                                          .kind = i % 2 == 0 ? EVENT_LESSON : EVENT_LIVE,
                                          .house_number = house_number,
                                          .title = title};
        const struct plan_event rest = {.seq = 2 * i + 2,
                                        .programme = 2 * i + 2,
                                        .start = start + 20 * MINUTE,
                                        .duration = 10 * MINUTE,
                                        .kind = EVENT_FILLER};
        assert_int_equal(plan_append(plan, &lesson), 0);
        assert_int_equal(plan_append(plan, &rest), 0);
    }
    return plan;
}

/* What is said to an order for a time of Monday at which nothing is on. */
static void ask(const struct plan *plan, int64_t now_minute, int64_t at_minute,
                struct order_answer *answer)
{
    const struct revise_input input = {
        .earliest = MIDNIGHT + now_minute * MINUTE, .zone = zone, .cutter = &cutter};
    struct order_room room = {.now = input.earliest, .input = &input, .plan = plan};
    const struct order_request request = {.kind = ORDER_REPLACE,
                                          .at = MIDNIGHT + at_minute * MINUTE};
    const struct desk desk = {.room = &room, .request = &request, .answer = answer};
    const struct plan_event *found = NULL;
    *answer = (struct order_answer){0};
    assert_int_equal(order_find_programme(&desk, &found), -ECANCELED);
}

static void only_what_is_still_to_come_is_offered(void **state)
{
    (void)state;
    struct order_answer answer;
    struct plan *plan = plan_of(5, "语文");
    ask(plan, 9 * 60, 10 * 60 + 25, &answer);
    assert_string_equal(answer.text,
                        "no programme is on then; around that time of Monday 2026-11-23 there "
                        "are:\n  09:30 KT-3 语文\n  10:00 KT-4 语文");
    ask(plan, 9 * 60 + 40, 10 * 60 + 25, &answer);
    assert_null(strstr(answer.text, "KT-3"));
    assert_non_null(strstr(answer.text, ":\n  10:00 KT-4 语文"));
    ask(plan, 10 * 60 + 1, 10 * 60 + 25, &answer);
    assert_string_equal(answer.text,
                        "nothing that could be replaced is still to come on Monday 2026-11-23.");
    plan_destroy(plan);
}

/* A filler without a title of its own, to a reader of Chinese. */
static void what_has_no_title_is_told_in_the_language_of_the_reader(void **state)
{
    (void)state;
    char text[PROGRAMME_TEXT_SIZE];
    const struct revise_input input = {.zone = zone};
    struct order_room room = {.input = &input};
    const struct desk desk = {.room = &room};
    const struct plan_event filler = {
        .start = MIDNIGHT + 9 * 60 * MINUTE, .kind = EVENT_FILLER, .house_number = "FILL-01"};
    intl_speak("zh_CN");
    assert_string_equal(order_programme_text(&desk, &filler, text),
                        "周一 2026-11-23 09:00 FILL-01 垫播");
    intl_speak(NULL);
}

/* They can be replaced as well as the lessons. */
static void repeats_are_offered_as_such(void **state)
{
    (void)state;
    struct order_answer answer;
    struct plan *plan = plan_of(2, "语文");
    plan->events[2].kind = EVENT_REPEAT;
    ask(plan, 7 * 60, 8 * 60 + 55, &answer);
    assert_non_null(strstr(answer.text, "\n  08:00 KT-0 语文\n  08:30 KT-1 语文 (repeat)"));
    plan_destroy(plan);
}

/* Not the whole day: two before the time, and two after it. */
static void only_what_is_near_the_time_is_offered(void **state)
{
    (void)state;
    struct order_answer answer;
    struct plan *plan = plan_of(20, "语文");
    ask(plan, 0, 10 * 60 + 25, &answer);
    assert_string_equal(strchr(answer.text, '\n'), "\n  09:30 KT-3 语文\n  10:00 KT-4 语文"
                                                   "\n  10:30 KT-5 语文\n  11:00 KT-6 语文");
    plan_destroy(plan);
}

/* At 08:45 what is planned for then begins on the grid, half a second later. */
static void a_programme_is_found_by_its_planned_time(void **state)
{
    (void)state;
    struct plan *plan = plan_create();
    assert_non_null(plan);
    const int64_t start = MIDNIGHT + (8 * 60 + 45) * MINUTE + 12;
    assert_int_equal(start % profile.join_grid_frames, 0);
    const struct plan_event rest = {.seq = 1,
                                    .programme = 1,
                                    .start = start - 5 * MINUTE,
                                    .duration = 5 * MINUTE,
                                    .kind = EVENT_FILLER};
    const struct plan_event lesson = {.seq = 2,
                                      .programme = 2,
                                      .start = start,
                                      .duration = 40 * MINUTE,
                                      .kind = EVENT_LESSON,
                                      .house_number = "KT-02"};
    assert_int_equal(plan_append(plan, &rest), 0);
    assert_int_equal(plan_append(plan, &lesson), 0);
    const struct revise_input input = {
        .earliest = MIDNIGHT + 8 * 60 * MINUTE, .zone = zone, .cutter = &cutter};
    struct order_room room = {.now = input.earliest, .input = &input, .plan = plan};
    const struct order_request request = {.kind = ORDER_REPLACE,
                                          .at = MIDNIGHT + (8 * 60 + 45) * MINUTE};
    struct order_answer answer = {0};
    const struct desk desk = {.room = &room, .request = &request, .answer = &answer};
    const struct plan_event *found = NULL;
    assert_int_equal(order_find_programme(&desk, &found), 0);
    assert_string_equal(found->house_number, "KT-02");
    plan_destroy(plan);
}

/* A week whose Monday has a last period after midnight. */
static struct timetable *parse_week(const char *rest)
{
    static const char format[] =
        "format: 1\nchannel: zhangdian\n"
        "lessons: [{house_number: A, title: a}, {house_number: B, title: b},"
        " {house_number: C, title: c}]\n"
        "periods:\n"
        "  - {name: P1, start: 08:00, end: 08:40, rest: %s}\n"
        "  - {name: P2, start: 08:45, end: 09:25}\n"
        "  - {name: P3, start: 24:30, end: 25:00, rest: whole}\n"
        "days: [mon, tue]\n"
        "grid: {P1: [A, C], P2: [B, A], P3: [C, ~]}\n";
    char text[1024];
    const int length = snprintf(text, sizeof(text), format, rest);
    const struct timetable_source source = {"week.yaml", text, (size_t)length};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = timetable_parse(&source, 1, NULL, NULL, &timetable, &problems);
    assert_int_equal(result, 0);
    problems_finish(&problems);
    return timetable;
}

/* Small hours are of the day before; what an order moved is of the slot that it comes from. */
static void a_slot_is_found_for_what_airs_then(void **state)
{
    (void)state;
    enum { MONDAY = 20780, TUESDAY };
    struct timetable *open = parse_week("loop");
    struct frozen_day day = {.date = TUESDAY, .timetable = parse_week("whole")};
    const struct frozen_days closed = {.items = &day, .count = 1};
    const struct revise_input input = {.zone = zone, .cutter = &cutter};
    struct order_room room = {.input = &input, .timetable = open, .closed = &closed};
    const struct desk desk = {.room = &room};
    const struct {
        int minute; /* of Monday */
        const char *house_number;
        int64_t date;
        enum rest_rule rest;
    } cases[] = {
        {8 * 60, "A", MONDAY, REST_LOOP},         {8 * 60 + 20, NULL, MONDAY, REST_LOOP},
        {8 * 60 + 50, "A", MONDAY, REST_LOOP}, /* moved into the time of B */
        {8 * 60 + 50, NULL, MONDAY, REST_FILLER}, {10 * 60, NULL, MONDAY, REST_FILLER},
        {24 * 60 + 30, "C", MONDAY, REST_WHOLE}, /* not the C of Tuesday, which is to come */
        {24 * 60 + 45, NULL, MONDAY, REST_WHOLE}, {25 * 60 + 30, NULL, TUESDAY, REST_FILLER},
        {32 * 60, "C", TUESDAY, REST_WHOLE}, /* as the closed list has it */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct order_slot slot =
            order_find_slot(&desk, MIDNIGHT + cases[i].minute * MINUTE + 12, cases[i].house_number);
        if (slot.date != cases[i].date || slot.rest != cases[i].rest) {
            fail_msg("case %zu: day %lld, rest %d", i, (long long)slot.date, (int)slot.rest);
        }
    }
    /* A is planned at 08:00; at 10:20 an operator has put it: no slot is there. */
    struct plan_amendment insert = {.id = 7, .kind = "insert", .from = MIDNIGHT + 620 * MINUTE};
    const struct plan_event event = {
        .start = insert.from, .kind = EVENT_LESSON, .house_number = "A", .amendment = 7};
    assert_int_equal(order_slot_of(&desk, &event).rest,
                     REST_LOOP); /* only moved, by what is over */
    room.orders = &insert;
    room.count = 1;
    assert_int_equal(order_slot_of(&desk, &event).rest, REST_FILLER);
    timetable_destroy(open);
    timetable_destroy(day.timetable);
}

/* What replaces what is on air in the rotation of a holiday takes one programme, not the evening.
 */
static void the_slot_of_what_a_rotation_airs_is_that_programme(void **state)
{
    (void)state;
    static const char text[] =
        "format: 1\nchannel: zhangdian\n"
        "lessons: [{house_number: A, title: a}, {house_number: B, title: b}]\n"
        "periods: [{name: P1, start: 08:00, end: 08:40}]\n"
        "days: [mon]\ngrid: {P1: [A]}\n"
        "rotations: [{name: R, start: 18:00, end: 20:00, list: [A, B]}]\n";
    const struct timetable_source source = {"week.yaml", text, sizeof(text) - 1};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(timetable_parse(&source, 1, NULL, NULL, &timetable, &problems), 0);
    problems_finish(&problems);
    struct plan *plan = plan_create();
    const int minutes[] = {8 * 60, 18 * 60, 18 * 60 + 20};
    for (int i = 0; i < 3; i++) {
        const struct plan_event event = {.seq = i + 1,
                                         .programme = i + 1,
                                         .start = MIDNIGHT + minutes[i] * MINUTE,
                                         .duration = 20 * MINUTE,
                                         .kind = EVENT_LESSON,
                                         .house_number = i < 2 ? "A" : "B"};
        assert_int_equal(plan_append(plan, &event), 0);
    }
    const struct revise_input input = {.zone = zone, .cutter = &cutter};
    const struct frozen_days closed = {0};
    struct order_room room = {
        .input = &input, .timetable = timetable, .plan = plan, .closed = &closed};
    const struct desk desk = {.room = &room};
    assert_int_equal(order_slot_end(&desk, &plan->events[0]), MIDNIGHT + (8 * 60 + 40) * MINUTE);
    assert_int_equal(order_slot_end(&desk, &plan->events[2]), MIDNIGHT + (18 * 60 + 40) * MINUTE);
    plan_destroy(plan);
    timetable_destroy(timetable);
}

static int open_zone(void **state)
{
    (void)state;
    return zone_open("Asia/Shanghai", &zone);
}

static int close_zone(void **state)
{
    (void)state;
    zone_close(zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_still_to_come_is_offered),
        cmocka_unit_test(what_has_no_title_is_told_in_the_language_of_the_reader),
        cmocka_unit_test(repeats_are_offered_as_such),
        cmocka_unit_test(only_what_is_near_the_time_is_offered),
        cmocka_unit_test(a_programme_is_found_by_its_planned_time),
        cmocka_unit_test(a_slot_is_found_for_what_airs_then),
        cmocka_unit_test(the_slot_of_what_a_rotation_airs_is_that_programme),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LANGUAGE");
    intl_init();
    intl_serve();
    return cmocka_run_group_tests_name("order_slot", tests, open_zone, close_zone);
}
