/* SPDX-License-Identifier: MIT */
/*
 * Any week, in any zone, on the days around a change of clocks: every slot
 * begins at the civil time that it says or is told not to, nothing overlaps,
 * and nothing is lost.
 */
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

enum { ZONES_MOST = 500, TRIALS = 600 };

static char zones[ZONES_MOST][48];
static int zone_count;

/* The third column of the list that comes with the zones. */
static int read_zones(void **state)
{
    (void)state;
    char line[512];
    FILE *file = fopen("/usr/share/zoneinfo/zone1970.tab", "r");
    if (file == NULL) {
        return -1;
    }
    while (zone_count < ZONES_MOST && fgets(line, sizeof(line), file) != NULL) {
        zone_count += line[0] != '#' && sscanf(line, "%*s %*s %47s", zones[zone_count]) == 1;
    }
    fclose(file);
    return zone_count > 100 ? 0 : -1;
}

static int offset_at(const struct zone *zone, int64_t time_s)
{
    struct civil civil;
    zone_to_civil(zone, time_s, &civil);
    return civil.offset;
}

/* A day near the first change of clocks after a random one, or that random one. */
static int64_t interesting_date(const struct zone *zone, unsigned *random)
{
    const int64_t first = civil_days(1975, 1, 1) + random_below(random, 62 * 365);
    for (int64_t date = first; date < first + 400; date++) {
        if (offset_at(zone, date * 86400) != offset_at(zone, (date + 1) * 86400)) {
            return date;
        }
    }
    return first;
}

static int64_t frame_of(const struct zone *zone, int64_t date, int seconds)
{
    struct civil civil = {.hour = seconds / 3600, .minute = seconds / 60 % 60};
    civil_date(date, &civil);
    return zone_from_civil(zone, &civil) * FRAMES_PER_SECOND;
}

static bool is_told(const struct problems *problems, const struct day_slot *slot, int64_t date)
{
    char text[128];
    char iso[WHEN_TEXT_SIZE];
    char clock[WHEN_TEXT_SIZE];
    snprintf(text, sizeof(text), "'%s' of %s %s ", slot->name, when_date_text(date, iso),
             when_clock_text(slot->start, clock));
    for (size_t i = 0; i < problems->count; i++) {
        if (strstr(problems->items[i].text, text) != NULL) {
            return true;
        }
    }
    return false;
}

/* Says what is wrong with a slot, or returns false. */
static bool is_wrong(const struct plan *plan, const struct zone *zone,
                     const struct problems *problems, const struct day_slot *slot, int64_t date)
{
    const int64_t frame = frame_of(zone, date, slot->start);
    const ptrdiff_t index = plan_find(plan, frame);
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    const bool exists = civil.hour * 60 + civil.minute == slot->start / 60 % 1440;
    if (is_told(problems, slot, date)) {
        return false;
    }
    if (!exists || index < 0 || plan->events[index].start != frame ||
        plan->events[index].programme != frame) {
        print_message("%s at %02d:%02d of day %lld\n", slot->name, slot->start / 3600,
                      slot->start / 60 % 60, (long long)date);
        return true;
    }
    return false;
}

static bool check_days(const struct plan *plan, const struct timetable *timetable,
                       const struct zone *zone, const struct problems *problems, int64_t first)
{
    bool is_bad = false;
    for (int64_t date = first; date < first + 3; date++) {
        struct day day;
        assert_int_equal(day_resolve(timetable, date, NULL, &day), 0);
        for (size_t i = 0; i < day.count; i++) {
            is_bad |= is_wrong(plan, zone, problems, &day.slots[i], date);
        }
        day_finish(&day);
    }
    for (size_t i = 1; i < plan->event_count; i++) {
        assert_int_equal(event_end(&plan->events[i - 1]), plan->events[i].start);
    }
    return is_bad;
}

static void try_one(unsigned *random, const struct profile *profile, int *told)
{
    const unsigned seed = *random;
    const char *name = zones[random_below(random, zone_count)];
    struct zone *zone = NULL;
    struct plan *plan = NULL;
    struct problems problems;
    assert_int_equal(zone_open(name, &zone), 0);
    const int64_t date = interesting_date(zone, random);
    struct timetable *timetable = random_week(random);
    struct library *library = random_library(random, profile);
    problems_init(&problems);
    const struct compile_input input = {
        .timetable = timetable,
        .library = library,
        .profile = profile,
        .zone = zone,
        .from = frame_of(zone, date - 1, 0),
        .to = frame_of(zone, date + 3, 0),
        .problems = &problems,
    };
    assert_int_equal(compile(&input, &plan), 0);
    if (check_days(plan, timetable, zone, &problems, date - 1)) {
        problems_print(&problems, stderr);
        fail_msg("seed %u, %s, day %lld", seed, name, (long long)date);
    }
    *told += (int)problems.count;
    problems_finish(&problems);
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
    zone_close(zone);
}

static void every_slot_begins_at_its_civil_time_or_is_told(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct problems problems;
    unsigned random = (unsigned)getpid();
    int told = 0;
    problems_init(&problems);
    assert_int_equal(station_load("schedules/station.cfg", &station, &problems), 0);
    print_message("seed %u\n", random);
    for (int i = 0; i < TRIALS; i++) {
        try_one(&random, station_profile(station, "sd"), &told);
    }
    print_message("%d slots do not exist in their zones, and were told\n", told);
    problems_finish(&problems);
    station_destroy(station);
}

/* Samoa left out 2011-12-30. */
static void a_day_that_a_zone_leaves_out_airs_nothing_and_is_told(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct timetable *timetable = NULL;
    struct zone *zone = NULL;
    struct plan *plan = NULL;
    struct problems problems;
    static const char text[] = "format: 1\nchannel: test\nlessons: [{house_number: L1, title: x}]\n"
                               "periods: [{name: p, start: 8:00, end: 8:20}]\n"
                               "days: [mon, tue, wed, thu, fri, sat, sun]\n"
                               "grid: {p: [L1, L1, L1, L1, L1, L1, L1]}\n";
    const struct timetable_source source = {"w.yaml", text, sizeof(text) - 1};
    const int64_t date = civil_days(2011, 12, 30);
    problems_init(&problems);
    assert_int_equal(station_load("schedules/station.cfg", &station, &problems), 0);
    assert_int_equal(timetable_parse(&source, 1, NULL, NULL, &timetable, &problems), 0);
    assert_int_equal(zone_open("Pacific/Apia", &zone), 0);
    struct library *library = library_create();
    const struct compile_input input = {
        .timetable = timetable,
        .library = library,
        .profile = station_profile(station, "sd"),
        .zone = zone,
        .from = frame_of(zone, date - 1, 0),
        .to = frame_of(zone, date + 2, 0),
        .problems = &problems,
    };
    assert_int_equal(compile(&input, &plan), 0);
    int lessons = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        lessons += plan->events[i].instead_of != NULL;
    }
    assert_int_equal(lessons, 2); /* of the 29th and the 31st */
    assert_non_null(strstr(problems.items[problems.count - 1].text, "2011-12-30"));
    plan_destroy(plan);
    library_destroy(library);
    timetable_destroy(timetable);
    zone_close(zone);
    station_destroy(station);
    problems_finish(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slot_begins_at_its_civil_time_or_is_told),
        cmocka_unit_test(a_day_that_a_zone_leaves_out_airs_nothing_and_is_told),
    };
    return cmocka_run_group_tests_name("compile_zones", tests, read_zones, NULL);
}
