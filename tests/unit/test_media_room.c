/* SPDX-License-Identifier: MIT */
#include "scheduler/media_room.h"

#include "playout/station.h"
#include "tests/support/fake_media.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The station of a test, with `group` at the end of its file; NULL: it has mistakes. */
static struct station *load(const char *group, struct problems *problems)
{
    struct station *station = NULL;
    char *path = fake_station_file();
    FILE *file = fopen(path, "ae");
    assert_non_null(file);
    fputs(group, file);
    assert_int_equal(fclose(file), 0);
    problems_init(problems);
    (void)station_load(path, &station, problems);
    fake_station_remove(path);
    free(path);
    return station;
}

static void a_station_that_says_nothing_has_a_reserve(void **state)
{
    (void)state;
    struct problems problems;
    struct station *station = load("", &problems);
    assert_non_null(station);
    assert_true(station->keeping.reserve_bytes > 0);
    assert_true(station->keeping.warn_bytes > station->keeping.reserve_bytes);
    station_destroy(station);
    problems_finish(&problems);
}

static void the_reserve_is_as_the_station_says(void **state)
{
    (void)state;
    struct problems problems;
    struct station *station = load("media: { reserve_mb = 30000; };\n", &problems);
    assert_non_null(station);
    assert_int_equal(station->keeping.reserve_bytes, 30000000000);
    assert_int_equal(station->keeping.warn_bytes, 30000000000);
    /* A running engine takes it, for it does not look at it. */
    struct problems others;
    struct station *other = load("media: { reserve_mb = 5; warn_mb = 6; };\n", &others);
    assert_non_null(other);
    const char *settings = strstr(other->settings, "reserve_mb");
    assert_null(settings);
    station_destroy(other);
    station_destroy(station);
    problems_finish(&problems);
    problems_finish(&others);
}

static void a_warning_below_the_reserve_is_refused(void **state)
{
    (void)state;
    struct problems problems;
    assert_null(load("media: { reserve_mb = 20; warn_mb = 10; };\n", &problems));
    assert_int_equal(problems.errors, 1);
    assert_non_null(strstr(problems.items[0].text, "warn_mb"));
    problems_finish(&problems);
    assert_null(load("media: { reserved_mb = 20; };\n", &problems));
    problems_finish(&problems);
}

static void what_leaves_less_than_the_reserve_is_refused(void **state)
{
    (void)state;
    char text[MEDIA_ROOM_TEXT] = "";
    const int64_t room = media_room_free("/tmp");
    const int64_t much = INT64_C(1) << 50;
    const int64_t slack = INT64_C(1) << 30; /* others write meanwhile */
    assert_true(room > 0);
    assert_int_equal(media_room_check("/tmp", 0, 0, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(media_room_check("/tmp", much, 0, text), -ENOSPC);
    assert_non_null(strstr(text, "/tmp"));
    assert_int_equal(media_room_check("/tmp", 0, much, text), -ENOSPC);
    assert_int_equal(media_room_check("/tmp", room, slack, text), -ENOSPC);
    assert_int_equal(media_room_check("/tmp", slack, room, text), -ENOSPC);
}

static void a_folder_that_is_not_there_yet_has_the_room_of_its_disk(void **state)
{
    (void)state;
    char text[MEDIA_ROOM_TEXT];
    assert_true(media_room_free("/tmp/ketang-not-there/nor/this") > 0);
    assert_true(media_room_free("not-there/nor/this") > 0);
    assert_true(media_room_free("not-there") > 0);
    assert_true(media_room_free("/not-there") > 0);
    /* What cannot be asked is not refused here. */
    assert_true(media_room_free("/dev/null/x") < 0);
    assert_int_equal(media_room_check("/dev/null/x", INT64_C(1) << 50, 0, text), 0);
}

static void an_asset_is_reckoned_by_its_rate(void **state)
{
    (void)state;
    struct problems problems;
    struct station *station = load("", &problems);
    const struct profile *sd = station_profile(station, "sd");
    const int64_t hour = INT64_C(3600) * FRAMES_PER_SECOND;
    const int64_t bytes = media_room_of_asset(sd, hour);
    const int64_t bps = sd->video.vbv_rate_bps + sd->audio.bitrate_bps;
    assert_true(bytes >= bps / 8 * 3600);
    assert_true(bytes < bps / 8 * 3600 / 100 * 110);
    station_destroy(station);
    problems_finish(&problems);
}

static void it_is_warned_of_in_time(void **state)
{
    (void)state;
    struct problems problems;
    char text[MEDIA_ROOM_TEXT];
    struct station *station = load("", &problems);
    station->keeping = (struct media_settings){.reserve_bytes = 0, .warn_bytes = 0};
    assert_string_equal(media_room_warning(station, text), "");
    station->keeping.warn_bytes = INT64_C(1) << 50;
    assert_non_null(strstr(media_room_warning(station, text), "make room before"));
    station->keeping.reserve_bytes = INT64_C(1) << 50;
    assert_non_null(strstr(media_room_warning(station, text), "no film is taken in"));
    station_destroy(station);
    problems_finish(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_station_that_says_nothing_has_a_reserve),
        cmocka_unit_test(the_reserve_is_as_the_station_says),
        cmocka_unit_test(a_warning_below_the_reserve_is_refused),
        cmocka_unit_test(what_leaves_less_than_the_reserve_is_refused),
        cmocka_unit_test(a_folder_that_is_not_there_yet_has_the_room_of_its_disk),
        cmocka_unit_test(an_asset_is_reckoned_by_its_rate),
        cmocka_unit_test(it_is_warned_of_in_time),
    };
    return cmocka_run_group_tests_name("media_room", tests, NULL, NULL);
}
