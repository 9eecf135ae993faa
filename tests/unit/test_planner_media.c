/* SPDX-License-Identifier: MIT */
/* What the planner makes of a media folder that is away, empty, or not there yet. */
#include "scheduler/planner.h"

#include "tests/support/must.h"
#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct planner_bench bench;

/* A scheduler that starts while the disk of the media is away: what was planned stays. */
static void check_without_media(char *nowhere, int64_t days, const char *says)
{
    char *media = bench.station->media;
    struct planner *fresh = NULL;
    struct problems problems;
    struct planner_outcome outcome;
    const int64_t now_ms = NOW_MS + days * DAY_MS;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    const struct order_request insert = {
        .kind = ORDER_INSERT, .reason = "test", .house_number = "X-1"};
    assert_int_equal(
        planner_update(bench.planner, bench.service, NULL, now_ms, PLANNER_DAYS, true, &outcome),
        0);
    const int64_t revision = outcome.revision;
    bench.station->media = nowhere;
    problems_init(&problems);
    assert_int_equal(planner_create(bench.station, &fresh), 0);
    assert_int_equal(planner_load_timetables(fresh, &problems), 0);
    assert_true(planner_read_media(fresh, &problems) < 0);
    assert_int_equal(problems.errors, 1);
    assert_non_null(strstr(problems.items[0].text, says));
    assert_int_equal(
        planner_update(fresh, bench.service, NULL, now_ms + DAY_MS, PLANNER_DAYS, true, &outcome),
        0);
    assert_false(outcome.is_written);
    assert_int_equal(outcome.revision, revision);
    assert_int_equal(planner_order(fresh, bench.service, NULL, now_ms, &insert, false, &outcome),
                     -ENODEV);
    assert_int_equal(planner_order(fresh, bench.service, NULL, now_ms, &slate, false, &outcome), 0);
    bench.station->media = media;
    assert_int_equal(planner_read_media(fresh, &problems), 0);
    const struct order_request back = {.command = REQUEST_RETURN};
    assert_int_equal(
        planner_order(fresh, bench.service, NULL, now_ms + 60000, &back, false, &outcome), 0);
    problems_finish(&problems);
    planner_destroy(fresh);
}

static void without_the_media_folder_what_is_planned_goes_on(void **state)
{
    (void)state;
    char nowhere[] = "/nowhere";
    check_without_media(nowhere, 8, "cannot be read: No such file or directory; ");
}

static void an_empty_mount_point_is_a_folder_that_is_away(void **state)
{
    (void)state;
    char mount_point[] = "/tmp/test_planner.XXXXXX";
    MUST(mkdtemp(mount_point) != NULL);
    check_without_media(mount_point, 16, "is empty, and what is planned was in it: mount its disk");
    assert_int_equal(rmdir(mount_point), 0);
}

/* Plans come first, then the first ingest. */
static void a_new_station_whose_plans_air_no_media_lacks_none(void **state)
{
    (void)state;
    char fresh_state[] = "/tmp/test_planner.XXXXXX";
    char nowhere[] = "/nowhere";
    char *places[] = {bench.station->media, bench.station->state};
    struct planner *fresh = NULL;
    struct problems problems;
    struct planner_outcome outcome;
    char command[64];
    MUST(mkdtemp(fresh_state) != NULL);
    bench.station->media = nowhere;
    bench.station->state = fresh_state;
    problems_init(&problems);
    assert_int_equal(planner_create(bench.station, &fresh), 0);
    assert_int_equal(planner_load_timetables(fresh, &problems), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(planner_read_media(fresh, &problems), 0);
        assert_int_equal(planner_update(fresh, bench.service, NULL, NOW_MS + i * DAY_MS,
                                        PLANNER_DAYS, true, &outcome),
                         0);
        assert_true(outcome.is_written);
    }
    assert_int_equal(problems.errors, 0);
    problems_finish(&problems);
    planner_destroy(fresh);
    bench.station->media = places[0];
    bench.station->state = places[1];
    snprintf(command, sizeof(command), "rm -r %s", fresh_state);
    assert_int_equal(system(command), 0);
}

#ifndef __SANITIZE_ADDRESS__ /* it ends a program that has no memory left */

/* Takes all memory that this process may have, and then reads the media. */
static int read_media_without_memory(struct planner *reader)
{
    const struct rlimit none = {0, 0};
    struct problems problems;
    problems_init(&problems);
    MUST(setrlimit(RLIMIT_AS, &none) == 0);
    for (size_t size = 1 << 20; size > 0; size /= 2) {
        void *volatile taken = NULL;
        do {
            taken = malloc(size);
        } while (taken != NULL);
    }
    const int result = planner_read_media(reader, &problems);
    return result == -ENOMEM && problems.errors == 0 ? 0 : 1;
}

static void want_of_memory_is_no_fault_of_the_folder(void **state)
{
    (void)state;
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        _exit(read_media_without_memory(bench.planner));
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#endif

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result == 0) {
        planner_bench_add_media(&bench, "FILL-01", "", ASSET_FILLER, '1');
    }
    return result;
}

static int clean_up(void **state)
{
    (void)state;
    planner_bench_clean_up(&bench);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_media_folder_what_is_planned_goes_on),
        cmocka_unit_test(an_empty_mount_point_is_a_folder_that_is_away),
        cmocka_unit_test(a_new_station_whose_plans_air_no_media_lacks_none),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(want_of_memory_is_no_fault_of_the_folder),
#endif
    };
    return cmocka_run_group_tests_name("planner_media", tests, set_up, clean_up);
}
