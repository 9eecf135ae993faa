/* SPDX-License-Identifier: MIT */
/*
 * Where `extend` and `hold` begin, and what they air: of a lesson into which an insertion is
 * planned.  The scene is lesson A in rounds of four minutes, from 08:00 to 08:20,
 * then B; the order is given at 08:02.
 */
#include "scheduler/order_request.h"

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

static struct plan *make_plan(void)
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
        const bool is_filler = strcmp(events[i].asset, ASSET_F) == 0;
        const struct plan_event event = {.seq = (int64_t)i + 1,
                                         .start = at,
                                         .duration = (int64_t)events[i].minutes * MINUTE,
                                         .programme = events[i].programme,
                                         .kind = is_filler ? EVENT_FILLER : EVENT_LESSON,
                                         .asset = events[i].asset};
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

/* What is on air when an insertion is planned so many minutes after 08:00, and A extended. */
static void extend_around(int at_minutes, const char *mode, enum order_kind kind,
                          char text[TEXT_SIZE])
{
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *base = make_plan();
    struct plan *fresh = make_plan();
    struct library *library = make_library();
    struct plan *plan = NULL;
    struct plan *made = NULL;
    enum revise_verdict verdict;
    struct plan_amendment orders[3] = {{.id = 1,
                                        .kind = "insert",
                                        .mode = mode,
                                        .from = MORNING + (int64_t)at_minutes * MINUTE,
                                        .until = MORNING + (int64_t)at_minutes * MINUTE + ROUND,
                                        .length = ROUND,
                                        .asset = ASSET_X,
                                        .reason = "通知"}};
    const int64_t effective = MORNING + 2LL * MINUTE;
    struct revise_input input = {.base = base,
                                 .fresh = fresh,
                                 .amendments = orders,
                                 .amendment_count = 1,
                                 .effective = effective,
                                 .earliest = revise_earliest(effective, cutter.profile),
                                 .revision = 2,
                                 .next_seq = 100,
                                 .cutter = &cutter,
                                 .zone = zone,
                                 .library = library};
    assert_int_equal(revise(&input, &plan, &verdict), 0);
    struct order_room room = {
        .now = effective, .input = &input, .plan = plan, .orders = orders, .count = 1};
    const struct order_request request = {.kind = kind,
                                          .mode = ORDER_PUSH,
                                          .length = kind == ORDER_EXTEND ? ROUND : 0,
                                          .reason = "拖堂"};
    struct order_answer answer;
    assert_int_equal(order_request_obey(&room, &request, &answer), 0);
    struct revise_input next = input;
    next.amendment_count = room.count;
    assert_int_equal(revise(&next, &made, &verdict), 0);
    assert_int_equal(order_request_judge(&room, &request, made, &answer), 0);
    write_plan(made, text);
    plan_destroy(made);
    plan_destroy(plan);
    plan_destroy(fresh);
    plan_destroy(base);
    library_destroy(library);
}

/* A notice within the lesson keeps its time, and the extension comes after the lesson. */
static void an_insertion_to_come_is_no_end_of_the_programme(void **state)
{
    (void)state;
    static const struct {
        int at; /* minutes */
        const char *mode;
        const char *result;
    } scenes[] = {
        {6, NULL, "A4 A2 X4 A2 A4 A4 f4 B20 f16"},
        {8, NULL, "A4 A4 X4 A4 A4 f4 B20 f16"}, /* between two rounds */
        {10, "push", "A4 A4 A2 X4 A2 A4 A4 f4 B20 f12"},
        {18, NULL, "A4 A4 A4 A4 A2 X4 f4 B18 f16"}, /* over the end */
        {20, NULL, "A4 A4 A4 A4 A4 f4 X4 B16 f16"}, /* after it */
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        char text[TEXT_SIZE];
        extend_around(scenes[i].at, scenes[i].mode, ORDER_EXTEND, text);
        assert_string_equal(text, scenes[i].result);
    }
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
    };
    return cmocka_run_group_tests_name("order_extend", tests, set_up, clean_up);
}
