/* SPDX-License-Identifier: MIT */
#include "scheduler/compile.h"

#include "scheduler/day.h"

#include "tests/support/random_week.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR (3600LL * FRAMES_PER_SECOND)
#define DAY  (24 * HOUR)
/* Monday 2026-11-23 00:00 +0800, in frames. */
#define MONDAY (1795363200LL * FRAMES_PER_SECOND)

static struct station *station;
static const struct profile *profile; /* sd, when nothing else is said */

static struct zone *open_zone(const char *name)
{
    struct zone *zone = NULL;
    assert_int_equal(zone_open(name, &zone), 0);
    return zone;
}

static struct timetable *parse(const char *text)
{
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    const struct timetable_source source = {"week.yaml", text, strlen(text)};
    const int result = timetable_parse(&source, 1, NULL, NULL, &timetable, &problems);
    if (result < 0) {
        problems_print(&problems, stderr);
    }
    assert_int_equal(result, 0);
    problems_finish(&problems);
    return timetable;
}

static void add(struct library *library, const char *house_number, enum asset_kind kind,
                int64_t duration)
{
    char number[16];
    snprintf(number, sizeof(number), "%s", house_number);
    struct library_asset asset = {
        .house_number = number, .profile = profile->name, .kind = kind, .duration = duration};
    snprintf(asset.sha256, sizeof(asset.sha256), "%064x",
             (unsigned)number[1] + (unsigned)number[0]);
    assert_int_equal(library_add(library, &asset), 0);
}

static struct plan *compile_window(const struct timetable *timetable, const struct library *library,
                                   const char *zone_name, int64_t from, int64_t to)
{
    struct zone *zone = open_zone(zone_name);
    struct plan *plan = NULL;
    const struct compile_input input = {.timetable = timetable,
                                        .library = library,
                                        .profile = profile,
                                        .zone = zone,
                                        .from = from,
                                        .to = to};
    assert_int_equal(compile(&input, &plan), 0);
    zone_close(zone);
    return plan;
}

/* --- Slots, as tables -------------------------------------------------------- */

struct expected {
    int64_t duration;
    enum event_kind kind;
    const char *house_number;
};

#define HEAD                                                                                             \
    "format: 1\nchannel: test\ndays: [周一]\n"                                                         \
    "lessons:\n  - {house_number: L1, title: 春夏秋冬, grade: 一年级, subject: 语文, teacher: " \
    "甲}\n"                                                                                             \
    "  - {house_number: L2, title: two}\n"

/* Checks the events of 08:00 to 08:20 on Monday. */
static void check_slot(const char *rest, int64_t lesson, int64_t filler_one, int64_t filler_two,
                       const struct expected *expected)
{
    char text[1024];
    snprintf(text, sizeof(text),
             HEAD "periods:\n  - {name: 第一节, start: 8:00, end: 8:20, rest: %s}\n"
                  "grid:\n  第一节: [L1]\nfillers: [F1, F2]\n",
             rest);
    struct timetable *timetable = parse(text);
    struct library *library = library_create();
    if (lesson > 0) {
        add(library, "L1", ASSET_LESSON, lesson);
    }
    if (filler_one > 0) {
        add(library, "F1", ASSET_FILLER, filler_one);
    }
    if (filler_two > 0) {
        add(library, "F2", ASSET_FILLER, filler_two);
    }
    struct plan *plan = compile_window(timetable, library, "Asia/Shanghai", MONDAY + 8 * HOUR,
                                       MONDAY + 8 * HOUR + HOUR / 3);
    int64_t at = MONDAY + 8 * HOUR;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        assert_int_equal(event->start, at);
        if (event->duration != expected[i].duration || event->kind != expected[i].kind) {
            fail_msg("%s: event %zu lasts %lld, a %s", rest, i, (long long)event->duration,
                     event_kind_name(event->kind));
        }
        if (expected[i].house_number != NULL) {
            assert_string_equal(event->house_number, expected[i].house_number);
        }
        assert_string_equal(event->title, "一年级 语文 春夏秋冬");
        assert_string_equal(event->text, "授课教师：甲");
        assert_string_equal(event->source, "week.yaml:10");
        at += event->duration;
    }
    assert_int_equal(at, MONDAY + 8 * HOUR + HOUR / 3);
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
}

static void a_lesson_fills_its_slot_by_the_rule_for_the_rest(void **state)
{
    (void)state;
    /* 20 minutes are 30000 frames. */
    check_slot("filler", 30000, 3000, 0, (struct expected[]){{30000, EVENT_LESSON, "L1"}});
    check_slot("filler", 12000, 6000, 0,
               (struct expected[]){{12000, EVENT_LESSON, "L1"}, {18000, EVENT_FILLER, "F1"}});
    check_slot("whole", 12000, 3000, 0,
               (struct expected[]){{12000, EVENT_LESSON, "L1"},
                                   {12000, EVENT_LESSON, "L1"},
                                   {6000, EVENT_FILLER, "F1"}});
    check_slot("loop", 12000, 3000, 0,
               (struct expected[]){{12000, EVENT_LESSON, "L1"},
                                   {12000, EVENT_LESSON, "L1"},
                                   {6000, EVENT_LESSON, "L1"}});
    check_slot("loop", 40002, 3000, 0, (struct expected[]){{30000, EVENT_LESSON, "L1"}});
    /* Less than 24 frames are left: one GOP more of the lesson gives way. */
    check_slot("filler", 29985, 3000, 0,
               (struct expected[]){{29976, EVENT_LESSON, "L1"}, {24, EVENT_SLATE, NULL}});
    /* 12003 twice leave 5994: 5952 is the last cut that leaves 24 or more, 5832 a filler's 144. */
    check_slot("loop", 12003, 0, 0,
               (struct expected[]){{12003, EVENT_LESSON, "L1"},
                                   {12003, EVENT_LESSON, "L1"},
                                   {5952, EVENT_LESSON, "L1"},
                                   {42, EVENT_SLATE, NULL}});
    check_slot("loop", 12003, 3000, 0,
               (struct expected[]){{12003, EVENT_LESSON, "L1"},
                                   {12003, EVENT_LESSON, "L1"},
                                   {5832, EVENT_LESSON, "L1"},
                                   {162, EVENT_FILLER, "F1"}});
    /* Too little is left for a lap: the one before is cut so that a filler fits. */
    check_slot("loop", 9960, 3000, 0,
               (struct expected[]){{9960, EVENT_LESSON, "L1"},
                                   {9960, EVENT_LESSON, "L1"},
                                   {9936, EVENT_LESSON, "L1"},
                                   {144, EVENT_FILLER, "F1"}});
    /* Fillers in order; the last one is cut, and never too short. */
    check_slot("filler", 27000, 1200, 900,
               (struct expected[]){{27000, EVENT_LESSON, "L1"},
                                   {1200, EVENT_FILLER, "F1"},
                                   {900, EVENT_FILLER, "F2"},
                                   {900, EVENT_FILLER, "F1"}});
    check_slot("filler", 27000, 2001, 900,
               (struct expected[]){{27000, EVENT_LESSON, "L1"},
                                   {2001, EVENT_FILLER, "F1"},
                                   {855, EVENT_FILLER, "F2"},
                                   {144, EVENT_FILLER, "F1"}});
    /* A lone filler loops by itself, unless its last piece were too short. */
    check_slot("filler", 27000, 1440, 0,
               (struct expected[]){{27000, EVENT_LESSON, "L1"},
                                   {2856, EVENT_FILLER, "F1"},
                                   {144, EVENT_FILLER, "F1"}});
    /* A short filler, which cannot be split into two pieces long enough: slate. */
    check_slot("filler", 27000, 171, 0,
               (struct expected[]){{27000, EVENT_LESSON, "L1"},
                                   {2907, EVENT_FILLER, "F1"},
                                   {93, EVENT_SLATE, NULL}});
    check_slot("filler", 27000, 0, 0,
               (struct expected[]){{27000, EVENT_LESSON, "L1"}, {3000, EVENT_SLATE, NULL}});
    check_slot("loop", 0, 900, 0, (struct expected[]){{30000, EVENT_FILLER, "F1"}});
    check_slot("loop", 0, 0, 0, (struct expected[]){{30000, EVENT_SLATE, NULL}});
}

static void a_stand_in_says_what_it_stands_for(void **state)
{
    (void)state;
    struct timetable *timetable =
        parse(HEAD "periods: [{name: 第一节, start: 8:00, end: 8:20}]\ngrid:\n  第一节: [L1]\n");
    struct library *library = library_create();
    struct plan *plan = compile_window(timetable, library, "Asia/Shanghai", MONDAY + 8 * HOUR,
                                       MONDAY + 8 * HOUR + 100);
    assert_int_equal(plan->event_count, 1);
    assert_string_equal(plan->events[0].instead_of, "L1");
    assert_non_null(plan->events[0].reason);
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
}

static void repeats_run_through_the_lessons_of_their_day(void **state)
{
    (void)state;
    struct timetable *timetable = parse(HEAD "periods:\n  - {name: a, start: 8:00, end: 8:20}\n"
                                             "  - {name: b, start: 8:20, end: 8:40}\n"
                                             "grid:\n  a: [L1]\n  b: [L2]\nrepeats: {of: 最近, "
                                             "from: 15:30, until: 08:00, loop: true}\n");
    struct library *library = library_create();
    add(library, "L1", ASSET_LESSON, 6000);
    add(library, "L2", ASSET_LESSON, 9000);
    /* On Tuesday there is no lesson: Monday's are repeated. */
    for (int day = 0; day < 2; day++) {
        const int64_t start = MONDAY + day * DAY + 15 * HOUR + HOUR / 2;
        struct plan *plan = compile_window(timetable, library, "Asia/Shanghai", start,
                                           start + 16 * HOUR + HOUR / 2);
        int64_t at = start;
        for (size_t i = 0; i < plan->event_count && at < start + 16 * HOUR; i++) {
            const struct plan_event *event = &plan->events[i];
            assert_int_equal(event->start, at);
            assert_int_equal(event->kind, EVENT_REPEAT);
            assert_string_equal(event->house_number, i % 2 == 0 ? "L1" : "L2");
            assert_int_equal(event->programme, at); /* each is an entry of the EPG */
            at += event->duration;
        }
        plan_destroy(plan);
    }
    library_destroy(library);
    timetable_destroy(timetable);
}

/* --- Properties --------------------------------------------------------------- */

static void check_plan(const struct plan *plan, const struct library *library, int64_t from,
                       int64_t to)
{
    assert_true(plan->event_count > 0);
    assert_true(plan->events[0].start <= from);
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const struct plan_event *next = &plan->events[i + 1];
        assert_true(profile_is_on_grid(profile, event->start));
        assert_true(profile_is_on_grid(profile, event->duration));
        assert_true(event->duration >= EVENT_MIN_FRAMES);
        if (i + 1 < plan->event_count) {
            assert_int_equal(event->start + event->duration, next->start);
        } else {
            assert_true(event->start < to && event->start + event->duration >= to);
        }
        if (event->kind == EVENT_LESSON || event->kind == EVENT_REPEAT) {
            const struct library_asset *asset = library_get(library, event->asset);
            assert_non_null(asset);
            assert_true(event->duration <= asset->duration);
            assert_true(event->duration == asset->duration ||
                        (event->duration % GOP_FRAMES == 0 &&
                         event->duration >= cutter_least_piece(profile)));
        }
    }
}

static bool is_edge(const struct timetable *timetable, int64_t date, int seconds)
{
    struct day day;
    bool is_known = false;
    assert_int_equal(day_resolve(timetable, date, NULL, &day), 0);
    for (size_t i = 0; i < day.count; i++) {
        is_known |= day.slots[i].start == seconds || day.slots[i].end == seconds;
    }
    day_finish(&day);
    return is_known;
}

/* Every planned slot begins at its civil time. */
static void check_starts(const struct plan *plan, const struct timetable *timetable,
                         const struct zone *zone)
{
    for (size_t i = 1; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->programme != event->start || event->kind == EVENT_REPEAT) {
            continue; /* not the first of its slot */
        }
        struct civil civil;
        zone_to_civil(zone, (event->start + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND, &civil);
        const int64_t date = civil_days(civil.year, civil.month, civil.day);
        const int seconds = civil.hour * 3600 + civil.minute * 60;
        if (seconds != 0 && !is_edge(timetable, date, seconds) &&
            !is_edge(timetable, date - 1, seconds + DAY_SECONDS)) {
            fail_msg("a slot begins at %02d:%02d", civil.hour, civil.minute);
        }
    }
}

static void any_week_is_gapless_legal_and_the_same_from_any_window(void **state)
{
    (void)state;
    static const char *const zones[] = {"Asia/Shanghai", "Asia/Kathmandu", "UTC"};
    unsigned random = (unsigned)getpid();
    print_message("seed %u\n", random);
    for (int run = 0; run < 60; run++) {
        profile = &station->profiles[(size_t)run % station->profile_count];
        struct timetable *timetable = random_week(&random);
        struct library *library = random_library(&random, profile);
        const char *zone_name = zones[run % 3];
        struct zone *zone = open_zone(zone_name);
        const int64_t from = MONDAY + random_below(&random, (int)(14 * DAY));
        const int64_t to = from + 3 * DAY;
        struct plan *whole = compile_window(timetable, library, zone_name, from, to);
        check_plan(whole, library, from, to);
        check_starts(whole, timetable, zone);

        const int64_t later = from + random_below(&random, (int)(2 * DAY));
        struct plan *part = compile_window(timetable, library, zone_name, later, to + DAY);
        const ptrdiff_t shift = plan_find(whole, part->events[0].start);
        for (size_t i = 0; i < part->event_count; i++) {
            const size_t index = (size_t)shift + i;
            if (index >= whole->event_count) {
                break;
            }
            assert_int_equal(part->events[i].start, whole->events[index].start);
            assert_int_equal(part->events[i].duration, whole->events[index].duration);
            assert_string_equal(part->events[i].asset, whole->events[index].asset);
            assert_int_equal(part->events[i].programme, whole->events[index].programme);
        }
        plan_destroy(part);
        plan_destroy(whole);
        zone_close(zone);
        library_destroy(library);
        timetable_destroy(timetable);
    }
    profile = station_profile(station, "sd");
}

static char *plan_bytes(const struct plan *plan, size_t *size)
{
    char path[] = "/tmp/test_compile.XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(plan_save(path, plan, "Asia/Shanghai"), 0);
    FILE *file = fopen(path, "r");
    char *bytes = calloc(1, 8 << 20);
    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 8 << 20, file);
    fclose(file);
    close(fd);
    unlink(path);
    return bytes;
}

static void the_same_inputs_give_the_same_bytes(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 6; seed++) {
        char *bytes[2];
        size_t sizes[2];
        for (int i = 0; i < 2; i++) {
            unsigned random = seed;
            struct timetable *timetable = random_week(&random);
            struct library *library = random_library(&random, profile);
            struct plan *plan =
                compile_window(timetable, library, "Asia/Shanghai", MONDAY, MONDAY + 3 * DAY);
            bytes[i] = plan_bytes(plan, &sizes[i]);
            plan_destroy(plan);
            library_destroy(library);
            timetable_destroy(timetable);
        }
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(bytes[0], bytes[1], sizes[0]);
        free(bytes[0]);
        free(bytes[1]);
    }
}

/*
 * Berlin puts its clocks forward on 2026-03-29 at 02:00 and back on
 * 2026-10-25 at 03:00.  Slots keep their civil times; what falls together
 * gives way, what becomes longer is filled.
 */
static void clocks_may_change(void **state)
{
    (void)state;
    struct timetable *timetable =
        parse("format: 1\nchannel: test\ndays: [周日]\n"
              "lessons: [{house_number: L1, title: one}, {house_number: L2, title: two}]\n"
              "periods:\n  - {name: a, start: 01:30, end: 02:30, rest: loop}\n"
              "  - {name: b, start: 02:30, end: 02:50, rest: loop}\n"
              "  - {name: c, start: 03:00, end: 04:00, rest: loop}\n"
              "  - {name: d, start: 08:00, end: 09:00, rest: loop}\n"
              "grid:\n  a: [L1]\n  b: [L2]\n  c: [L1]\n  d: [L2]\n");
    struct library *library = library_create();
    add(library, "L1", ASSET_LESSON, 6000);
    add(library, "L2", ASSET_LESSON, 9000);
    static const int64_t sundays[] = {1774738800, 1792879200}; /* 00:00 of those days */
    struct zone *zone = open_zone("Europe/Berlin");
    for (int i = 0; i < 2; i++) {
        const int64_t from = sundays[i] * FRAMES_PER_SECOND;
        struct plan *plan = compile_window(timetable, library, "Europe/Berlin", from, from + DAY);
        check_plan(plan, library, from, from + DAY);
        bool has_d = false;
        bool has_a = false;
        for (size_t j = 0; j < plan->event_count; j++) {
            struct civil civil;
            zone_to_civil(zone, plan->events[j].start / FRAMES_PER_SECOND, &civil);
            has_d |= civil.hour == 8 && civil.minute == 0 && plan->events[j].kind == EVENT_LESSON;
            has_a |= civil.hour == 1 && civil.minute == 30 && plan->events[j].kind == EVENT_LESSON;
        }
        assert_true(has_a && has_d);
        plan_destroy(plan);
    }
    zone_close(zone);
    library_destroy(library);
    timetable_destroy(timetable);
}

/* With AAC pictures and sound meet every 320 ms: 8 frames, and a minute has 1500. */
static void odd_minutes_that_are_off_the_grid_give_way_to_the_next_frame_on_it(void **state)
{
    (void)state;
    struct timetable *timetable = parse(HEAD "periods:\n  - {name: a, start: 8:00, end: 8:21}\n"
                                             "  - {name: b, start: 8:21, end: 8:22}\n"
                                             "grid:\n  a: [L1]\n  b: [L2]\n");
    struct library *library = library_create();
    profile = station_profile(station, "hd-720p50");
    assert_int_equal(profile->join_grid_frames, 8);
    const int64_t eight = MONDAY + 8 * HOUR;
    assert_int_equal(eight % 8, 0);
    struct plan *plan =
        compile_window(timetable, library, "Asia/Shanghai", eight, eight + 22 * 1500);
    assert_int_equal(plan->event_count, 2);
    assert_int_equal(plan->events[0].start, eight);
    assert_int_equal(plan->events[1].start, eight + 21 * 1500 + 4);
    assert_int_equal(plan->events[1].duration, 1500 - 4);
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
    profile = station_profile(station, "sd");
}

static void what_is_said_of_a_lesson_is_said_of_its_events(void **state)
{
    (void)state;
    struct timetable *timetable = parse(
        "format: 1\nchannel: test\ndays: [周一]\n"
        "lessons:\n  - {house_number: L1, title: one, genre: education, subtitles: true}\n"
        "  - {house_number: L2, title: two, signed: true}\n"
        "periods:\n  - {name: a, start: 8:00, end: 8:20}\n  - {name: b, start: 8:20, end: 8:40}\n"
        "grid:\n  a: [L1]\n  b: [L2]\n");
    struct library *library = library_create();
    add(library, "L1", ASSET_LESSON, 6000);
    struct plan *plan = compile_window(timetable, library, "Asia/Shanghai", MONDAY + 8 * HOUR,
                                       MONDAY + 8 * HOUR + 60000);
    assert_int_equal(plan->event_count, 3); /* L1, the rest of its slot, the slate for L2 */
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(plan->events[i].genre, "education");
        assert_true(plan->events[i].has_subtitles && !plan->events[i].is_signed);
    }
    assert_null(plan->events[2].genre);
    assert_true(!plan->events[2].has_subtitles && plan->events[2].is_signed);
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
}

static int load_station(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    profile = result == 0 ? station_profile(station, "sd") : NULL;
    return result;
}

static int unload_station(void **state)
{
    (void)state;
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_fills_its_slot_by_the_rule_for_the_rest),
        cmocka_unit_test(a_stand_in_says_what_it_stands_for),
        cmocka_unit_test(repeats_run_through_the_lessons_of_their_day),
        cmocka_unit_test(any_week_is_gapless_legal_and_the_same_from_any_window),
        cmocka_unit_test(the_same_inputs_give_the_same_bytes),
        cmocka_unit_test(clocks_may_change),
        cmocka_unit_test(odd_minutes_that_are_off_the_grid_give_way_to_the_next_frame_on_it),
        cmocka_unit_test(what_is_said_of_a_lesson_is_said_of_its_events),
    };
    return cmocka_run_group_tests_name("compile", tests, load_station, unload_station);
}
