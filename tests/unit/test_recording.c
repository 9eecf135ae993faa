/* SPDX-License-Identifier: MIT */
#include "playout/recording.h"

#include "playout/pacing.h"
#include "playout/tape.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE = 2325, MEGABYTE = 1000000 };

/* 2026-11-24 10:59:59 in China. */
#define BEFORE_ELEVEN INT64_C(1795489199)

struct scene {
    char folder[64];
    char path[128]; /* of the recording, below it */
    struct zone *zone;
    struct recording *recording;
};

static struct recording_options options_of(const struct scene *scene)
{
    return (struct recording_options){.folder = scene->path,
                                      .name = "zhangdian",
                                      .zone = scene->zone,
                                      .slots_per_second = RATE,
                                      .minutes = 60,
                                      .max_bytes = 100 * MEGABYTE};
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    snprintf(scene->folder, sizeof(scene->folder), "/tmp/ketang-recording-XXXXXX");
    if (mkdtemp(scene->folder) == NULL || zone_open("Asia/Shanghai", &scene->zone) < 0) {
        return -1;
    }
    snprintf(scene->path, sizeof(scene->path), "%s/tape", scene->folder);
    const struct recording_options options = options_of(scene);
    scene->recording = recording_create(&options);
    *state = scene;
    return scene->recording != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    char command[160];
    recording_destroy(scene->recording);
    zone_close(scene->zone);
    snprintf(command, sizeof(command), "rm -r '%s'", scene->folder);
    const int result = system(command);
    free(scene);
    return result;
}

/* Datagrams filled with the low byte of their number. */
static size_t record(struct scene *scene, uint64_t first, size_t count, int *error)
{
    uint8_t *bytes = malloc(count * DATAGRAM_SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < count; i++) {
        memset(bytes + i * DATAGRAM_SIZE, (uint8_t)(first + i), DATAGRAM_SIZE);
    }
    const size_t lost = recording_write(scene->recording, first, count, bytes, error);
    free(bytes);
    return lost;
}

static void record_well(struct scene *scene, uint64_t first, size_t count)
{
    int error = -1;
    assert_int_equal(record(scene, first, count, &error), 0);
    assert_int_equal(error, 0);
}

static int64_t size_of(const struct scene *scene, const char *file)
{
    char path[256];
    struct stat status;
    snprintf(path, sizeof(path), "%s/%s", scene->path, file);
    return stat(path, &status) == 0 ? status.st_size : -1;
}

/* The first byte of a datagram in a file. */
static int byte_of(const struct scene *scene, const char *file, int64_t datagram)
{
    char path[256];
    uint8_t byte = 0;
    snprintf(path, sizeof(path), "%s/%s", scene->path, file);
    const int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, datagram * DATAGRAM_SIZE), 1);
    close(fd);
    return byte;
}

static int64_t total_size(const struct scene *scene, size_t *files)
{
    int64_t total = 0;
    *files = 0;
    DIR *list = opendir(scene->path);
    assert_non_null(list);
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (entry->d_name[0] != '.') {
            total += size_of(scene, entry->d_name);
            (*files)++;
        }
    }
    closedir(list);
    return total;
}

static void a_new_file_begins_at_the_full_hour_of_the_station(void **state)
{
    struct scene *scene = *state;
    const uint64_t first = pacing_first_from(RATE, BEFORE_ELEVEN * NS_PER_S);
    const uint64_t eleven = pacing_first_from(RATE, (BEFORE_ELEVEN + 1) * NS_PER_S);
    record_well(scene, first, 1000);
    assert_int_equal(size_of(scene, "zhangdian-20261124T105959+0800.ts"),
                     (int64_t)(eleven - first) * DATAGRAM_SIZE);
    assert_int_equal(size_of(scene, "zhangdian-20261124T110000+0800.ts"),
                     (int64_t)(first + 1000 - eleven) * DATAGRAM_SIZE);
    assert_int_equal(byte_of(scene, "zhangdian-20261124T110000+0800.ts", 0), (uint8_t)eleven);
}

static void a_file_that_a_crash_cut_off_goes_on_with_a_whole_datagram(void **state)
{
    struct scene *scene = *state;
    const uint64_t first = pacing_first_from(RATE, (BEFORE_ELEVEN + 1) * NS_PER_S);
    const char *file = "zhangdian-20261124T110000+0800.ts";
    char path[256];
    record_well(scene, first, 10);
    recording_destroy(scene->recording);
    snprintf(path, sizeof(path), "%s/%s", scene->path, file);
    assert_int_equal(truncate(path, 9 * DATAGRAM_SIZE + 700), 0);
    const struct recording_options options = options_of(scene);
    scene->recording = recording_create(&options);
    record_well(scene, first + 20, 5);
    assert_int_equal(size_of(scene, file), 14 * DATAGRAM_SIZE);
    assert_int_equal(byte_of(scene, file, 9), (uint8_t)(first + 20));
}

static void the_oldest_files_make_room_and_no_others(void **state)
{
    struct scene *scene = *state;
    char other[256];
    size_t files = 0;
    recording_destroy(scene->recording);
    struct recording_options options = options_of(scene);
    options.max_bytes = 2 * MEGABYTE;
    scene->recording = recording_create(&options);
    assert_int_equal(mkdir(scene->path, 0755), 0);
    snprintf(other, sizeof(other), "%s/zhangdian-notes.txt", scene->path);
    const int fd = open(other, O_WRONLY | O_CREAT, 0644);
    assert_true(fd >= 0);
    close(fd);
    uint64_t next = pacing_first_from(RATE, BEFORE_ELEVEN * NS_PER_S);
    for (int i = 0; i < 200; i++, next += 50) { /* 13 MB */
        record_well(scene, next, 50);
        assert_true(total_size(scene, &files) <= 2 * MEGABYTE);
    }
    assert_true(total_size(scene, &files) > 1400000);
    assert_true(files >= 4);
    assert_int_equal(size_of(scene, "zhangdian-notes.txt"), 0);
    assert_int_equal(size_of(scene, "zhangdian-20261124T105959+0800.ts"), -1);
}

/* The limit on a file's size stands in for a disk that is full in the middle of a datagram. */
static void what_a_full_disk_does_not_take_is_counted_and_tried_again(void **state)
{
    struct scene *scene = *state;
    const uint64_t first = pacing_first_from(RATE, (BEFORE_ELEVEN + 1) * NS_PER_S);
    const char *file = "zhangdian-20261124T110000+0800.ts";
    struct rlimit before;
    int error = 0;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {7 * DATAGRAM_SIZE + 500, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(record(scene, first, 10, &error), 3);
    assert_int_equal(error, EFBIG);
    assert_int_equal(size_of(scene, file), 7 * DATAGRAM_SIZE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    /* Not in the same second: a disk in trouble is left alone. */
    assert_int_equal(record(scene, first + 10, 10, &error), 10);
    const uint64_t later = pacing_first_from(RATE, (BEFORE_ELEVEN + 2) * NS_PER_S);
    assert_int_equal(record(scene, later, 10, &error), 0);
    assert_int_equal(error, 0);
    assert_int_equal(size_of(scene, file), 17 * DATAGRAM_SIZE);
    assert_int_equal(byte_of(scene, file, 7), (uint8_t)later);
}

static void a_folder_whose_parent_is_missing_is_an_error_until_it_is_there(void **state)
{
    struct scene *scene = *state;
    const uint64_t first = pacing_first_from(RATE, BEFORE_ELEVEN * NS_PER_S);
    int error = 0;
    recording_destroy(scene->recording);
    struct recording_options options = options_of(scene);
    char parent[128];
    snprintf(parent, sizeof(parent), "%s/disk", scene->folder);
    snprintf(scene->path, sizeof(scene->path), "%s/disk/tape", scene->folder);
    scene->recording = recording_create(&options);
    assert_int_equal(record(scene, first, 10, &error), 10);
    assert_int_equal(error, ENOENT);
    assert_int_equal(mkdir(parent, 0755), 0);
    record_well(scene, first + RATE / 7 + 1, 10);
    assert_int_equal(size_of(scene, "zhangdian-20261124T110000+0800.ts"), 10 * DATAGRAM_SIZE);
}

static void a_zone_with_daylight_saving_names_the_offset(void **state)
{
    struct scene *scene = *state;
    recording_destroy(scene->recording);
    zone_close(scene->zone);
    assert_int_equal(zone_open("Europe/Berlin", &scene->zone), 0);
    const struct recording_options options = options_of(scene);
    scene->recording = recording_create(&options);
    /* 2026-10-25 02:59:59 CEST: the hour from two to three comes twice. */
    const int64_t twice = INT64_C(1792889999);
    record_well(scene, pacing_first_from(RATE, twice * NS_PER_S), 600);
    assert_true(size_of(scene, "zhangdian-20261025T025959+0200.ts") > 0);
    assert_true(size_of(scene, "zhangdian-20261025T020000+0100.ts") > 0);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_new_file_begins_at_the_full_hour_of_the_station),
        IN_SCENE(a_file_that_a_crash_cut_off_goes_on_with_a_whole_datagram),
        IN_SCENE(the_oldest_files_make_room_and_no_others),
        IN_SCENE(what_a_full_disk_does_not_take_is_counted_and_tried_again),
        IN_SCENE(a_folder_whose_parent_is_missing_is_an_error_until_it_is_there),
        IN_SCENE(a_zone_with_daylight_saving_names_the_offset),
    };
    return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
