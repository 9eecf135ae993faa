/* SPDX-License-Identifier: MIT */
#include "playout/station_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int load_station(void **state)
{
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_finish(&problems);
    *state = station;
    return result;
}

static int unload_station(void **state)
{
    station_destroy(*state);
    return 0;
}

static void a_channel_that_there_is_not_is_told_of_with_those_that_there_are(void **state)
{
    const struct station *station = *state;
    char text[STATION_NAMES_SIZE];
    assert_string_equal(station_names_complain(station, "zhangdain", text),
                        "there is no channel 'zhangdain'; did you mean zhangdian? There are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
    assert_string_equal(station_names_complain(station, NULL, text),
                        "there is no channel ''; there are: zhangdian zhoucun linzi huantai "
                        "gaoqing.");
    assert_string_equal(station_names_complain(station, "张店", text),
                        "there is no channel '张店'; did you mean zhangdian? There are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
    assert_string_equal(station_names_complain(station, "课堂", text),
                        "there is no channel '课堂'; there are: zhangdian zhoucun linzi huantai "
                        "gaoqing.");
    /* 26 whole characters of three bytes, and two of the next. */
    assert_string_equal(station_names_complain(station,
                                               "频频频频频频频频频频频频频频频频频频频频频频频频频"
                                               "频频频",
                                               text),
                        "there is no channel "
                        "'频频频频频频频频频频频频频频频频频频频频频频频频频频'; there are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
}

/* So many that they do not fit: none is cut, and the rest is counted. */
static void a_hundred_channels_are_counted_where_they_do_not_fit(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    static struct service services[COUNT];
    static char names[COUNT][16];
    static char title[] = "示例";
    struct transport transport = {.services = services, .service_count = COUNT};
    const struct station station = {.transports = &transport, .transport_count = 1};
    char text[STATION_NAMES_SIZE];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof(names[i]), "channel-%03d", i);
        services[i] = (struct service){.name = names[i], .title = title};
    }
    station_names_complain(&station, "nowhere", text);
    const char *last = strrchr(text, '-');
    const char *more = strstr(text, " … (");
    assert_non_null(last);
    assert_non_null(more);
    const int shown = atoi(last + 1) + 1;
    assert_int_equal(atoi(more + strlen(" … (")), COUNT - shown);
    assert_true(shown > 20);
    assert_string_equal(text + strlen(text) - strlen(" more)."), " more).");
}

static void transports_and_profiles_are_told_of_likewise(void **state)
{
    const struct station *station = *state;
    char text[STATION_NAMES_SIZE];
    assert_string_equal(station_names_complain_transport(station, "zhangdain", text),
                        "there is no transport 'zhangdain'; did you mean zhangdian? There are: "
                        "zhangdian zhoucun linzi huantai gaoqing.");
    assert_string_equal(station_names_complain_profile(station, "hdd", text),
                        "there is no profile 'hdd'; did you mean hd? There are: sd sd-mpeg2 hd "
                        "hd-720p50 uhd.");
    assert_string_equal(station_names_complain_profile(station, "dvd", text),
                        "there is no profile 'dvd'; there are: sd sd-mpeg2 hd hd-720p50 uhd.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transports_and_profiles_are_told_of_likewise),
        cmocka_unit_test(a_channel_that_there_is_not_is_told_of_with_those_that_there_are),
        cmocka_unit_test(a_hundred_channels_are_counted_where_they_do_not_fit),
    };
    return cmocka_run_group_tests_name("station_names", tests, load_station, unload_station);
}
