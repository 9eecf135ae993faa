/* SPDX-License-Identifier: MIT */
#include "playout/plan_proof.h"

#include "playout/asset.h"
#include "playout/cut.h"
#include "tests/support/fake_index.h"

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

#define LESSON "4c31000000000000000000000000000000000000000000000000000000000001"
/* On the join grid of every format. */
#define START (INT64_C(44884080000))

enum { LESSON_FRAMES = 2400 };

static struct station *station;
static char folder[] = "/tmp/test_plan_proof.XXXXXX";

static int64_t length_of(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? 240 : LESSON_FRAMES;
}

/* Checks a plan of one event; what is said against it goes to `says`. */
static int check(const struct profile *profile, const struct plan_event *event, char *says,
                 size_t size)
{
    static const struct media_lengths lengths = {length_of};
    const struct asset_index_header slate = {0};
    struct plan_proof proof;
    struct problems problems;
    struct plan *plan = plan_create();
    assert_non_null(plan);
    assert_int_equal(plan_append(plan, event), 0);
    struct timeline *timeline = timeline_create(plan, &lengths);
    assert_non_null(timeline);
    problems_init(&problems);
    plan_proof_init(&proof, folder, profile, &slate);
    const int result = plan_proof_check(&proof, timeline, 0, "1.yaml", &problems);
    snprintf(says, size, "%s", problems.count > 0 ? problems.items[0].text : "");
    problems_finish(&problems);
    timeline_unref(timeline);
    return result;
}

static void an_event_off_the_grid_of_its_profile_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        int64_t late;
        int64_t duration;
        int expected;
    } cases[] = {
        {"sd", 0, 240, 0},
        {"sd", 3, 240, 0},
        {"sd", 0, 243, 0},
        {"sd", 1, 240, -EDOM},
        {"sd", 0, 241, -EDOM},
        {"hd", 4, 240, 0},
        {"hd", 3, 240, -EDOM},
        {"hd", 0, 246, -EDOM},
        {"hd-720p50", 8, 240, 0},
        {"hd-720p50", 4, 240, -EDOM},
        {"hd-720p50", 0, 244, -EDOM},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char says[512];
        const struct profile *profile = station_profile(station, cases[i].profile);
        const struct plan_event event = {.seq = 7,
                                         .start = START + cases[i].late,
                                         .duration = cases[i].duration,
                                         .kind = EVENT_SLATE,
                                         .programme = 7};
        if (check(profile, &event, says, sizeof(says)) != cases[i].expected) {
            fail_msg("case %zu: %s", i, says);
        }
        if (cases[i].expected < 0) {
            char rule[64];
            snprintf(rule, sizeof(rule), "in profile %s events start and end at multiples of %d",
                     profile->name, profile->join_grid_frames);
            assert_non_null(strstr(says, "event 7"));
            assert_non_null(strstr(says, rule));
        }
    }
}

static void pieces_are_taken_where_the_index_proves_them_and_nowhere_else(void **state)
{
    (void)state;
    const struct profile *profile = station_profile(station, "sd");
    const struct fake_index_spec spec = {
        .load = FAKE_GREEDY, .frames = LESSON_FRAMES, .has_b_frames = true};
    struct asset_index index;
    char says[512];
    fake_index_write(folder, LESSON, profile, &spec);
    char *path = asset_path(folder, LESSON, "idx");
    assert_int_equal(asset_index_open(&index, path), 0);
    int refused = 0;
    for (int64_t least = EVENT_MIN_FRAMES; least < 200; least++) {
        const int64_t end = cut_first_end(profile, &index, GOP_FRAMES, least);
        for (int64_t frames = (least + 2) / 3 * 3; frames <= end; frames += 3) {
            const struct plan_event event = {.seq = 1,
                                             .start = START,
                                             .duration = frames,
                                             .in_point = GOP_FRAMES,
                                             .kind = EVENT_LESSON,
                                             .asset = LESSON,
                                             .programme = 1};
            const int expected = frames == end ? 0 : -EDOM;
            assert_int_equal(check(profile, &event, says, sizeof(says)), expected);
            refused += frames < end;
        }
    }
    assert_true(refused > 0);
    asset_index_close(&index);
    unlink(path);
    free(path);
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return result == 0 && mkdtemp(folder) != NULL ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    station_destroy(station);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_off_the_grid_of_its_profile_is_refused),
        cmocka_unit_test(pieces_are_taken_where_the_index_proves_them_and_nowhere_else),
    };
    return cmocka_run_group_tests_name("plan_proof", tests, set_up, clean_up);
}
