/* SPDX-License-Identifier: MIT */
#include "playout/station_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_channel_that_there_is_not_is_told_of_with_those_that_there_are(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct problems problems;
    char text[STATION_NAMES_SIZE];
    problems_init(&problems);
    assert_int_equal(station_load("schedules/station.cfg", &station, &problems), 0);
    assert_string_equal(station_names_complain(station, "zhangdain", text),
                        "there is no channel 'zhangdain'; did you mean zhangdian? There are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
    assert_string_equal(station_names_complain(station, NULL, text),
                        "there is no channel ''; there are: zhangdian zhoucun linzi huantai "
                        "gaoqing.");
    /* 26 whole characters of three bytes, and two of the next. */
    assert_string_equal(station_names_complain(station,
                                               "频频频频频频频频频频频频频频频频频频频频频频频频频"
                                               "频频频",
                                               text),
                        "there is no channel "
                        "'频频频频频频频频频频频频频频频频频频频频频频频频频频'; there are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
    problems_finish(&problems);
    station_destroy(station);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_channel_that_there_is_not_is_told_of_with_those_that_there_are),
    };
    return cmocka_run_group_tests_name("station_names", tests, NULL, NULL);
}
