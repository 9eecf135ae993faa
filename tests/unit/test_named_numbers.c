/* SPDX-License-Identifier: MIT */
#include "scheduler/named_numbers.h"

#include "playout/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct station *station;
static struct named_numbers *named;

static void a_number_that_is_nearly_one_of_a_timetable_is_told(void **state)
{
    (void)state;
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
}

/* KT-07 is 七年级 地理 中国的疆域. */
static void a_title_of_another_lesson_is_told_with_the_place(void **state)
{
    (void)state;
    static const char *const alike[] = {"中国的疆域",
                                        "地理 中国的疆域",
                                        "七年级 地理《中国的疆域》第一课时",
                                        "七年级地理（示例）中国的疆域",
                                        "地理",
                                        ""};
    for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
        assert_null(named_numbers_other_lesson(named, "KT-07", alike[i]));
    }
    const struct lesson *lesson = named_numbers_other_lesson(named, "KT-07", "语文 稚子弄冰");
    assert_non_null(lesson);
    assert_string_equal(lesson->title, "中国的疆域");
    assert_non_null(strstr(lesson->place.file->path, ".yaml"));
    assert_true(lesson->place.line > 0);
    assert_non_null(named_numbers_other_lesson(named, "KT-03", "英语 Unit 1 Lesson 10"));
    assert_null(named_numbers_other_lesson(named, "KT-03", "UNIT 1 LESSON 1"));
    assert_null(named_numbers_other_lesson(named, "KT-42", "语文 荷花")); /* no lesson yet */
    assert_null(named_numbers_other_lesson(named, "FILL-01", "语文 荷花"));
    assert_null(named_numbers_other_lesson(NULL, "KT-07", "语文 荷花"));
}

static void the_room_of_a_lesson_is_its_shortest_period(void **state)
{
    (void)state;
    enum { PERIOD_S = 40 * 60 };
    const struct profile *sd = station_profile(station, "sd");
    assert_int_equal(named_numbers_room(named, sd, "KT-07"), PERIOD_S);
    assert_int_equal(named_numbers_room(named, station_profile(station, "uhd"), "KT-07"), 0);
    assert_int_equal(named_numbers_room(named, sd, "KT-42"), 0);
    assert_int_equal(named_numbers_room(named, sd, "FILL-01"), 0);
    assert_int_equal(named_numbers_room(NULL, sd, "KT-07"), 0);
}

static void the_number_of_a_title_is_told_when_there_is_one(void **state)
{
    (void)state;
    assert_string_equal(named_numbers_titled(named, "五年级 语文 稚子弄冰"), "KT-05");
    assert_null(named_numbers_titled(named, "语文"));
    assert_null(named_numbers_titled(named, "稚子弄冰的教学设计"));
    assert_null(named_numbers_titled(named, "语文 荷花"));
    assert_null(named_numbers_titled(named, "稚子弄冰、水的三态变化"));
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_finish(&problems);
    named = result == 0 ? named_numbers_read(station) : NULL;
    return named != NULL ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    named_numbers_destroy(named);
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_is_nearly_one_of_a_timetable_is_told),
        cmocka_unit_test(a_title_of_another_lesson_is_told_with_the_place),
        cmocka_unit_test(the_room_of_a_lesson_is_its_shortest_period),
        cmocka_unit_test(the_number_of_a_title_is_told_when_there_is_one),
    };
    return cmocka_run_group_tests_name("named_numbers", tests, set_up, clean_up);
}
