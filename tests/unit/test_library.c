/* SPDX-License-Identifier: MIT */
#include "scheduler/library.h"

#include "tests/support/dice.h"
#include "tests/support/fake_media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void a_house_number_that_is_mistyped_finds_the_one_that_was_meant(void **state)
{
    (void)state;
    static struct {
        char house_number[24];
        char profile[4];
    } there[] = {{"FILL-01", "sd"}, {"KT-01", "sd"},   {"KT-07", "sd"},
                 {"KT-17", "sd"},   {"TZ-3", "hd"},    {"语文-5", "sd"},
                 {"KT-1-12", "sd"}, {"KB-07-1", "sd"}, {"zhangdian-W03-11-2", "sd"}};
    static const struct {
        const char *typed;
        const char *profile;
        const char *meant;
    } cases[] = {
        {"kt-07", "sd", "KT-07"},
        {"KT07", "sd", "KT-07"},
        {"kt 7", "sd", "KT-07"},
        {"KT-7", NULL, "KT-07"},
        {"KR-07", "sd", "KT-07"},
        {"tk-17", "sd", "KT-17"},
        {"fil-1", "sd", "FILL-01"},
        {"tz-03", NULL, "TZ-3"},
        {"tz-03", "sd", NULL},
        {"语文5", "sd", "语文-5"},
        {"kt 01 12", "sd", "KT-1-12"},
        {"KT-001_12", "sd", "KT-1-12"},
        {"KB7-01", "sd", "KB-07-1"},
        {"zhangdian w3-11-02", "sd", "zhangdian-W03-11-2"},
        {"zhandian-W03-11-2", "sd", "zhangdian-W03-11-2"},
        /* Another number is another lesson, and what is not there yet is to be ingested. */
        {"KT-42", "sd", NULL},
        {"KT-70", "sd", NULL},
        {"KT-08", "sd", NULL},
        {"KT-11-2", "sd", NULL},
        {"KT-112", "sd", NULL},
        {"KB-71", "sd", NULL},
        {"KB-7-10", "sd", NULL},
        {"zhangdian-W03-1-12", "sd", NULL},
        {"zhangdian-W31-1-2", "sd", NULL},
        {"ZZZZ-07", "sd", NULL},
        {"", "sd", NULL},
        {"-", "sd", NULL},
    };
    struct library *library = library_create();
    assert_non_null(library);
    for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
        struct library_asset asset = {
            .house_number = there[i].house_number, .profile = there[i].profile, .duration = 1};
        snprintf(asset.sha256, sizeof(asset.sha256), "%064zu", i);
        assert_int_equal(library_add(library, &asset), 0);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *meant = library_suggest(library, cases[i].profile, cases[i].typed);
        if (cases[i].meant == NULL ? meant != NULL : meant == NULL) {
            fail_msg("'%s' finds %s", cases[i].typed, meant != NULL ? meant : "nothing");
        }
        if (meant != NULL) {
            assert_string_equal(meant, cases[i].meant);
        }
    }
    library_destroy(library);
}

static void truncate_media(const char *folder, const char *sha256, off_t by)
{
    struct stat status;
    char *path = asset_path(folder, sha256, "mp4");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(truncate(path, status.st_size - by), 0);
    free(path);
}

/* A file that a copy, or a disk, has cut off is not there to air, and is named. */
static void media_of_another_length_than_its_index_says_is_damaged(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct problems problems;
    struct library *library = NULL;
    struct dice dice = {1};
    char *path = fake_station_file();
    char whole[SHA256_HEX_SIZE];
    char cut[SHA256_HEX_SIZE];
    problems_init(&problems);
    assert_int_equal(station_load(path, &station, &problems), 0);
    const struct profile *profile = station_profile(station, "sd");
    fake_asset(station->media, profile, &dice,
               &(struct fake_spec){ASSET_LESSON, FAKE_LIGHT, 240, "KT-01"}, whole);
    fake_asset(station->media, profile, &dice,
               &(struct fake_spec){ASSET_LESSON, FAKE_LIGHT, 240, "KT-02"}, cut);
    assert_int_equal(library_load(station->media, &library), 0);
    assert_null(library_damaged(library, 0));
    assert_non_null(library_find(library, "sd", "KT-02"));
    library_destroy(library);
    truncate_media(station->media, cut, 1);
    assert_int_equal(library_load(station->media, &library), 0);
    assert_non_null(library_find(library, "sd", "KT-01"));
    assert_null(library_find(library, "sd", "KT-02"));
    assert_string_equal(library_damaged(library, 0)->house_number, "KT-02");
    assert_null(library_damaged(library, 1));
    assert_true(library_is_damaged(library, "sd", "KT-02"));
    assert_false(library_is_damaged(library, "hd", "KT-02"));
    assert_false(library_is_damaged(library, "sd", "KT-01"));
    library_destroy(library);
    station_destroy(station);
    fake_station_remove(path);
    free(path);
    problems_finish(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_house_number_that_is_mistyped_finds_the_one_that_was_meant),
        cmocka_unit_test(media_of_another_length_than_its_index_says_is_damaged),
    };
    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
