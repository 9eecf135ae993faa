/* SPDX-License-Identifier: MIT */
#include "scheduler/named_numbers.h"

#include "playout/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_number_that_is_nearly_one_of_a_timetable_is_told(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(station_load("schedules/station.cfg", &station, &problems), 0);
    struct library *named = named_numbers_read(station);
    assert_non_null(named);
    assert_string_equal(named_numbers_suggest(named, "kt-07"), "KT-07");
    assert_string_equal(named_numbers_suggest(named, "KT7"), "KT-07");
    assert_string_equal(named_numbers_suggest(named, "fill-01"), "FILL-01");
    assert_null(named_numbers_suggest(named, "KT-07"));
    assert_null(named_numbers_suggest(named, "FILL-01"));
    assert_null(named_numbers_suggest(named, "KT-42")); /* another lesson, not in a timetable yet */
    assert_true(named_numbers_has(named, "KT-07"));
    assert_false(named_numbers_has(named, "KT-42"));
    assert_true(named_numbers_has(NULL, "KT-42"));
    assert_null(named_numbers_suggest(NULL, "kt-07"));
    library_destroy(named);
    station_destroy(station);
    problems_finish(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_is_nearly_one_of_a_timetable_is_told),
    };
    return cmocka_run_group_tests_name("named_numbers", tests, NULL, NULL);
}
