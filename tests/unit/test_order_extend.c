/* SPDX-License-Identifier: MIT */
/*
 * Where `extend` begins, and what it airs.  The scene is lesson A in rounds of four minutes, from
 * 08:00 to 08:20, then B; the order is given at 08:02.  Where B is fixed, fillers air for the last
 * round of A.
 */
#include "scheduler/order_request.h"
#include "scheduler/order_retime.h"

#include "playout/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Monday 2026-11-23 08:00 +0800, in frames: on the grid. */
#define MORNING ((1795363200LL + 8 * 3600) * FRAMES_PER_SECOND)

enum { MINUTE = 60 * FRAMES_PER_SECOND, ROUND = 4 * MINUTE, TEXT_SIZE = 256 };

static struct station *station;
static struct zone *zone;

#define ASSET_A "4100000000000000000000000000000000000000000000000000000000000001"
#define ASSET_B "4200000000000000000000000000000000000000000000000000000000000001"
#define ASSET_X "5800000000000000000000000000000000000000000000000000000000000001"
#define ASSET_F "6600000000000000000000000000000000000000000000000000000000000001"

static int64_t length_of(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? FRAMES_PER_SECOND : strcmp(sha256, ASSET_B) == 0 ? 5 * ROUND : ROUND;
}

static const struct media_lengths lengths = {length_of};

static struct plan *make_plan(bool is_fixed)
{
    static const struct {
        const char *asset;
        int minutes;
        int64_t programme;
    } events[] = {{ASSET_A, 4, 1}, {ASSET_A, 4, 1},  {ASSET_A, 4, 1}, {ASSET_A, 4, 1},
                  {ASSET_A, 4, 1}, {ASSET_B, 20, 6}, {ASSET_F, 20, 7}};
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("test");
    plan->fillers = calloc(1, sizeof(plan->fillers[0]));
    plan->filler_count = 1;
    memcpy(plan->fillers[0], ASSET_F, SHA256_HEX_SIZE);
    int64_t at = MORNING;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        const char *asset = is_fixed && i == 4 ? ASSET_F : events[i].asset;
        const bool is_filler = strcmp(asset, ASSET_F) == 0;
        const struct plan_event event = {.seq = (int64_t)i + 1,
                                         .start = at,
                                         .duration = (int64_t)events[i].minutes * MINUTE,
                                         .programme = events[i].programme + (is_fixed && i >= 4),
                                         .kind = is_filler ? EVENT_FILLER : EVENT_LESSON,
                                         .asset = asset,
                                         .is_fixed = is_fixed && strcmp(asset, ASSET_B) == 0,
                                         .house_number = is_filler         ? "F"
                                                         : asset[1] == '1' ? "A"
                                                                           : "B"};
        assert_int_equal(plan_append(plan, &event), 0);
        at += event.duration;
    }
    plan->next_seq = 100;
    return plan;
}

/* "A4 A1 X4 A..." in minutes, rounded. */
static void write_plan(const struct plan *plan, char text[TEXT_SIZE])
{
    text[0] = '\0';
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const char letter = (char)strtol((char[]){event->asset[0], event->asset[1], 0}, NULL, 16);
        const size_t length = strlen(text);
        snprintf(text + length, TEXT_SIZE - length, "%s%c%d", i > 0 ? " " : "",
                 event->asset[0] != '\0' ? letter : 's',
                 (int)((event->duration + MINUTE / 2) / MINUTE));
    }
}

static struct library *make_library(void)
{
    char names[] = "A\0X\0F\0sd";
    struct library_asset assets[] = {
        {.house_number = names, .sha256 = ASSET_A, .kind = ASSET_LESSON},
        {.house_number = names + 2, .sha256 = ASSET_X, .kind = ASSET_LESSON},
        {.house_number = names + 4, .sha256 = ASSET_F, .kind = ASSET_FILLER},
    };
    struct library *library = library_create();
    assert_non_null(library);
    for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++) {
        assets[i].profile = names + 6;
        assert_int_equal(library_add(library, &assets[i]), 0);
    }
    return library;
}

/* A airs again and again in its slot, or once and then fillers. */
static struct timetable *make_timetable(const char *rest)
{
    char text[512];
    const int length = snprintf(text, sizeof(text),
                                "format: 1\nchannel: test\nlessons: [{house_number: A, title: a}]\n"
                                "periods: [{name: P, start: 08:00, end: 08:20, rest: %s}]\n"
                                "days: [mon]\ngrid: {P: [A]}\n",
                                rest);
    const struct timetable_source source = {"week.yaml", text, (size_t)length};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(timetable_parse(&source, 1, NULL, NULL, &timetable, &problems), 0);
    problems_finish(&problems);
    return timetable;
}

struct scene {
    int at; /* minutes after 08:00 at which X is inserted; 0: it is not */
    const char *insert_mode;
    const char *rest; /* of the slot of A */
    enum order_mode mode;
    int minutes[2]; /* of the extensions, one after the other; 0: none */
    const char *result;
};

/* Gives an order: its revision; `plan` is that without it, from which the order has its texts. */
static struct plan *give(const struct revise_input *input, struct plan_amendment *orders,
                         size_t *count, const struct order_request *request,
                         const struct timetable *timetable, struct plan **plan,
                         struct order_answer *answer)
{
    struct plan *made = NULL;
    enum revise_verdict verdict;
    struct revise_input next = *input;
    next.amendments = orders;
    next.amendment_count = *count;
    assert_int_equal(revise(&next, plan, &verdict), 0);
    struct order_room room = {.now = input->effective,
                              .input = &next,
                              .plan = *plan,
                              .timetable = timetable,
                              .orders = orders,
                              .count = *count};
    assert_int_equal(order_request_obey(&room, request, answer), 0);
    *count = room.count;
    struct revise_input changed = next;
    changed.amendment_count = room.count;
    assert_int_equal(revise(&changed, &made, &verdict), 0);
    assert_int_equal(order_request_judge(&room, request, made, answer), 0);
    return made;
}

/* Of the last order the answer. */
static void play(const struct scene *scene, bool is_fixed, struct order_answer *answer)
{
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *base = make_plan(is_fixed);
    struct plan *fresh = make_plan(is_fixed);
    struct library *library = make_library();
    struct timetable *timetable = make_timetable(scene->rest);
    struct plan *plans[2] = {NULL, NULL};
    struct plan *made = NULL;
    const int64_t at = MORNING + (int64_t)scene->at * MINUTE;
    struct plan_amendment orders[4] = {{.id = 1,
                                        .kind = "insert",
                                        .mode = scene->insert_mode,
                                        .from = at,
                                        .until = at + ROUND,
                                        .length = ROUND,
                                        .asset = ASSET_X,
                                        .reason = "通知"}};
    size_t count = scene->at != 0 ? 1 : 0;
    const int64_t effective = MORNING + 2LL * MINUTE;
    const struct revise_input input = {.base = base,
                                       .fresh = fresh,
                                       .effective = effective,
                                       .earliest = revise_earliest(effective, cutter.profile),
                                       .revision = 2,
                                       .next_seq = 100,
                                       .cutter = &cutter,
                                       .zone = zone,
                                       .library = library};
    for (int i = 0; i < 2 && scene->minutes[i] != 0; i++) {
        const struct order_request request = {.kind = ORDER_EXTEND,
                                              .mode = scene->mode,
                                              .length = (int64_t)scene->minutes[i] * MINUTE,
                                              .reason = "拖堂"};
        plan_destroy(made);
        made = give(&input, orders, &count, &request, timetable, &plans[i], answer);
        assert_int_equal(orders[count - 1].asked, orders[count - 1].from); /* it is not late */
    }
    char text[TEXT_SIZE];
    write_plan(made, text);
    assert_string_equal(text, scene->result);
    plan_destroy(made);
    plan_destroy(plans[0]);
    plan_destroy(plans[1]);
    timetable_destroy(timetable);
    library_destroy(library);
    plan_destroy(fresh);
    plan_destroy(base);
}

/* A notice within the lesson keeps its time, and the extension comes after the lesson. */
static void an_insertion_to_come_is_no_end_of_the_programme(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        {6, NULL, "filler", ORDER_PUSH, {4}, "A4 A2 X4 A2 A4 A4 f4 B20 f16"},
        {8, NULL, "filler", ORDER_PUSH, {4}, "A4 A4 X4 A4 A4 f4 B20 f16"}, /* between rounds */
        {10, "push", "filler", ORDER_PUSH, {4}, "A4 A4 A2 X4 A2 A4 A4 f4 B20 f12"},
        {18, NULL, "filler", ORDER_PUSH, {4}, "A4 A4 A4 A4 A2 X4 f4 B18 f16"}, /* over the end */
        {20, NULL, "filler", ORDER_PUSH, {4}, "A4 A4 A4 A4 A4 f4 X4 B16 f16"}, /* after it */
    };
    struct order_answer answer;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], false, &answer);
    }
}

/* Of two extensions the later one holds, as if the first had never been. */
static void a_lesson_that_is_repeated_in_its_slot_is_repeated_in_the_extension(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        {0, NULL, "loop", ORDER_PUSH, {6}, "A4 A4 A4 A4 A4 A4 A2 B20 f14"},
        {0, NULL, "loop", ORDER_JOIN, {6}, "A4 A4 A4 A4 A4 A4 A2 B14 f20"},
        {6, NULL, "loop", ORDER_PUSH, {4}, "A4 A2 X4 A2 A4 A4 A4 B20 f16"},
        {0, NULL, "loop", ORDER_PUSH, {4, 8}, "A4 A4 A4 A4 A4 A4 A4 B20 f12"},
        {0, NULL, "loop", ORDER_PUSH, {8, 4}, "A4 A4 A4 A4 A4 A4 B20 f16"},
        {0, NULL, "loop", ORDER_PUSH, {8, 6}, "A4 A4 A4 A4 A4 A4 A2 B20 f14"},
        {0, NULL, "filler", ORDER_PUSH, {8, 4}, "A4 A4 A4 A4 A4 f4 B20 f16"},
        {0, NULL, "filler", ORDER_JOIN, {4, 8}, "A4 A4 A4 A4 A4 f8 B12 f20"},
        {10, "push", "filler", ORDER_PUSH, {8, 4}, "A4 A4 A2 X4 A2 A4 A4 f4 B20 f12"},
        {22, NULL, "filler", ORDER_PUSH, {4, 8}, "A4 A4 A4 A4 A4 f8 B2 X4 B14 f12"},
        {0, NULL, "whole", ORDER_PUSH, {6}, "A4 A4 A4 A4 A4 f6 B20 f14"},
    };
    struct order_answer answer;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], false, &answer);
    }
}

/* What is fixed stays, and the notice before it is not lost without a word. */
static void an_insertion_that_is_left_no_room_is_named(void **state)
{
    (void)state;
    static const struct scene scene = {16,         NULL, "filler",
                                       ORDER_PUSH, {4},  "A4 A4 A4 A4 f4 B20 f20"};
    struct order_answer answer;
    play(&scene, true, &answer);
    assert_non_null(strstr(answer.note, ":00, does not air because of it: give it anew if it is to "
                                        "air.\n"));
}

/* The engine refused its revision: it comes after the programme on air, not after a round. */
static void what_was_refused_waits_for_the_end_of_the_programme(void **state)
{
    (void)state;
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *base = make_plan(false);
    struct plan *fresh = make_plan(false);
    const int64_t effective = MORNING + 2LL * MINUTE;
    const char *const kinds[] = {"extend", "hold"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const bool is_open = strcmp(kinds[i], "hold") == 0;
        struct plan_amendment orders[] = {{.id = 1,
                                           .kind = "insert",
                                           .from = MORNING + 8LL * MINUTE,
                                           .until = MORNING + 12LL * MINUTE,
                                           .length = ROUND,
                                           .asset = ASSET_X},
                                          {.id = 2,
                                           .kind = kinds[i],
                                           .from = MORNING + MINUTE,
                                           .until = is_open ? AMENDMENT_OPEN : MORNING + ROUND,
                                           .length = is_open ? 0 : 3 * MINUTE,
                                           .asset = ASSET_A}};
        const struct revise_input input = {.base = base,
                                           .fresh = fresh,
                                           .amendments = orders,
                                           .amendment_count = 2,
                                           .effective = effective,
                                           .earliest = revise_earliest(effective, cutter.profile),
                                           .revision = 2,
                                           .next_seq = 100,
                                           .cutter = &cutter,
                                           .zone = zone};
        assert_int_equal(order_retime(&input, MORNING, orders), 0);
        assert_int_equal(orders[1].from, MORNING + 5LL * ROUND);
        assert_int_equal(orders[1].until,
                         is_open ? AMENDMENT_OPEN : MORNING + 5LL * ROUND + 3LL * MINUTE);
        orders[1].from = MORNING; /* what airs began then: what was to be extended has ended */
        assert_int_equal(order_retime(&input, MORNING, orders), 0);
        assert_int_equal(orders[1].is_undone, !is_open);
    }
    plan_destroy(fresh);
    plan_destroy(base);
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_finish(&problems);
    return result == 0 ? zone_open("Asia/Shanghai", &zone) : result;
}

static int clean_up(void **state)
{
    (void)state;
    zone_close(zone);
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_insertion_to_come_is_no_end_of_the_programme),
        cmocka_unit_test(a_lesson_that_is_repeated_in_its_slot_is_repeated_in_the_extension),
        cmocka_unit_test(an_insertion_that_is_left_no_room_is_named),
        cmocka_unit_test(what_was_refused_waits_for_the_end_of_the_programme),
    };
    return cmocka_run_group_tests_name("order_extend", tests, set_up, clean_up);
}
