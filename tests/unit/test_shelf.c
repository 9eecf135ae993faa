/* SPDX-License-Identifier: MIT */
#include "playout/shelf.h"

#include "playout/station.h"
#include "tests/support/fake_media.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { LOOKS_MOST = 2000, LOOK_MS = 10, FRAMES = 24 * 10 };

struct fixture {
    char *path; /* of the station file */
    struct station *station;
    struct shelf *shelf;
    char sha256[SHA256_HEX_SIZE];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct dice dice = {1};
    struct problems problems;
    const struct fake_spec spec = {.kind = ASSET_LESSON, .frames = FRAMES, .house_number = "KT-01"};
    problems_init(&problems);
    fixture->path = fake_station_file();
    *state = fixture;
    if (station_load(fixture->path, &fixture->station, &problems) < 0) {
        return -1;
    }
    fake_asset(fixture->station->media, &fixture->station->profiles[0], &dice, &spec,
               fixture->sha256);
    return shelf_create(fixture->station->media, &fixture->shelf);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    shelf_destroy(fixture->shelf);
    station_destroy(fixture->station);
    fake_station_remove(fixture->path);
    free(fixture->path);
    free(fixture);
    return 0;
}

/* One bit of one byte, which changes neither length nor shape. */
static void flip_a_byte(const struct fixture *fixture)
{
    char *path = asset_path(fixture->station->media, fixture->sha256, "mp4");
    struct stat status;
    uint8_t byte = 0;
    assert_int_equal(chmod(path, 0644), 0);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(pread(fd, &byte, 1, status.st_size / 2), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, status.st_size / 2), 1);
    close(fd);
    free(path);
}

/* What the engine is told of it, once it has been read; asked for as the engine does. */
static int judge(const struct fixture *fixture)
{
    const struct timespec moment = {.tv_nsec = LOOK_MS * 1000000};
    struct asset *asset = NULL;
    for (int i = 0; i < LOOKS_MOST; i++) {
        const int result = shelf_want(fixture->shelf, fixture->sha256, &asset);
        if (result < 0 || shelf_is_sound(fixture->shelf, fixture->sha256)) {
            return result;
        }
        shelf_tidy(fixture->shelf);
        nanosleep(&moment, NULL); /* the checking thread has no other clock */
    }
    return -ETIMEDOUT;
}

static void what_is_whole_is_found_sound(void **state)
{
    assert_int_equal(judge(*state), 0);
}

static void a_flipped_byte_is_found_before_air(void **state)
{
    flip_a_byte(*state);
    assert_int_equal(judge(*state), -EBADMSG);
}

/* It is known by its content, and was changed since it was read. */
static void a_byte_that_is_flipped_later_is_found_when_it_is_wanted_again(void **state)
{
    const struct fixture *fixture = *state;
    assert_int_equal(judge(fixture), 0);
    shelf_tidy(fixture->shelf);
    shelf_tidy(fixture->shelf); /* nobody has asked since: it is put back */
    flip_a_byte(fixture);
    assert_int_equal(judge(fixture), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_whole_is_found_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flipped_byte_is_found_before_air, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_byte_that_is_flipped_later_is_found_when_it_is_wanted_again, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
