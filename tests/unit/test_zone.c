/* SPDX-License-Identifier: MIT */
#include "playout/zone.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *const zones[] = {
    "Asia/Shanghai",  "Europe/Berlin",    "America/New_York",  "Australia/Lord_Howe",
    "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "UTC",
    "Pacific/Apia",   "Europe/Dublin",
};

enum { ZONE_COUNT = sizeof(zones) / sizeof(zones[0]) };

static void use_libc_zone(const char *name)
{
    setenv("TZ", name, 1);
    tzset();
}

/* The C library is the reference: it did not come from us. */
static void civil_time_is_that_of_the_c_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZONE_COUNT; i++) {
        struct zone *zone = NULL;
        assert_int_equal(zone_open(zones[i], &zone), 0);
        use_libc_zone(zones[i]);
        /* 1950 to 2090, in steps that meet every hour of the day. */
        for (int64_t t = -631152000; t < 3786912000; t += 100003) {
            const time_t libc_time = (time_t)t;
            struct tm tm;
            struct civil civil;
            localtime_r(&libc_time, &tm);
            zone_to_civil(zone, t, &civil);
            if (civil.year != tm.tm_year + 1900 || civil.month != tm.tm_mon + 1 ||
                civil.day != tm.tm_mday || civil.hour != tm.tm_hour || civil.minute != tm.tm_min ||
                civil.second != tm.tm_sec || civil.offset != tm.tm_gmtoff ||
                civil_weekday(civil_days(civil.year, civil.month, civil.day)) !=
                    (tm.tm_wday + 6) % 7) {
                fail_msg("%s at %lld: %04d-%02d-%02d %02d:%02d:%02d", zones[i], (long long)t,
                         civil.year, civil.month, civil.day, civil.hour, civil.minute,
                         civil.second);
            }
        }
        zone_close(zone);
    }
    use_libc_zone("UTC");
}

static void there_and_back_again_is_the_same_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZONE_COUNT; i++) {
        struct zone *zone = NULL;
        assert_int_equal(zone_open(zones[i], &zone), 0);
        for (int64_t t = 0; t < 3786912000; t += 99991) {
            struct civil civil;
            zone_to_civil(zone, t, &civil);
            const int64_t back = zone_from_civil(zone, &civil);
            struct civil again;
            zone_to_civil(zone, back, &again);
            again.offset = civil.offset;
            assert_memory_equal(&again, &civil, sizeof(civil));
            assert_true(back <= t && back > t - 3 * 3600);
        }
        zone_close(zone);
    }
}

static void changes_of_the_clock_are_read_as_the_header_says(void **state)
{
    (void)state;
    static const struct {
        struct civil civil;
        int64_t expected;
    } cases[] = {
        {{2026, 3, 29, 1, 59, 59, 0}, 1774745999},
        {{2026, 3, 29, 2, 30, 0, 0}, 1774747800}, /* does not exist: 03:30 */
        {{2026, 3, 29, 3, 0, 0, 0}, 1774746000},
        {{2026, 10, 25, 2, 30, 0, 0}, 1792888200}, /* exists twice: the first */
        {{2026, 10, 25, 3, 0, 0, 0}, 1792893600},
        {{2026, 12, 31, 24, 0, 0, 0}, 1798758000}, /* carried into the next year */
        {{2090, 7, 1, 12, 0, 0, 0}, 3802586400},   /* beyond the table */
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Europe/Berlin", &zone), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(zone_from_civil(zone, &cases[i].civil), cases[i].expected);
    }
    zone_close(zone);
}

static void a_frame_reads_as_civil_time(void **state)
{
    (void)state;
    char text[ZONE_TEXT_SIZE];
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    assert_string_equal(zone_frame_text(zone, 1795478400LL * 25 + 1, text),
                        "2026-11-24 08:00:00.040 +0800");
    zone_close(zone);
    assert_int_equal(zone_open("America/St_Johns", &zone), 0);
    assert_string_equal(zone_frame_text(zone, -1, text), "1969-12-31 20:29:59.960 -0330");
    zone_close(zone);
}

static void an_unknown_zone_is_refused(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Zibo", &zone), -ENOENT);
    assert_int_equal(zone_open("", &zone), -ENOENT);
    assert_int_equal(zone_open("Asia", &zone), -ENOENT);
    assert_int_equal(zone_open("../../etc/passwd", &zone), -ENOENT);
    assert_int_equal(zone_open("zone.tab", &zone), -EBADMSG);
    assert_null(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civil_time_is_that_of_the_c_library),
        cmocka_unit_test(there_and_back_again_is_the_same_time),
        cmocka_unit_test(changes_of_the_clock_are_read_as_the_header_says),
        cmocka_unit_test(a_frame_reads_as_civil_time),
        cmocka_unit_test(an_unknown_zone_is_refused),
    };
    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
