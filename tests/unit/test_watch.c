/* SPDX-License-Identifier: MIT */
#include "scheduler/watch.h"

#include "tests/support/dice.h"
#include "tests/support/must.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES = 3 * WATCH_AT_A_LOOK, LOOKS_FOR_ALL = FILES / WATCH_AT_A_LOOK + 1 };

/* A folder of many files, watched; its clock stands still but when a test says so. */
struct room {
    char folder[32];
    int64_t time_s;
    bool is_there[FILES];
    struct watch_folder *watch;
};

static char *path_of(const struct room *room, int number)
{
    static char path[64];
    snprintf(path, sizeof(path), "%s/%d.mp4", room->folder, number);
    return path;
}

static void date(const char *path, int64_t time_s)
{
    const struct timespec times[2] = {{time_s, 0}, {time_s, 0}};
    MUST(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void write_file(struct room *room, int number, const char *text)
{
    FILE *file = fopen(path_of(room, number), "w");
    MUST(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    date(path_of(room, number), room->time_s);
    room->is_there[number] = true;
}

/* A change of the folder's entries at its time. */
static void turn_over(struct room *room, int number)
{
    if (room->is_there[number]) {
        MUST(unlink(path_of(room, number)) == 0);
        room->is_there[number] = false;
    } else {
        write_file(room, number, "");
    }
    date(room->folder, room->time_s);
}

/* As often as it takes to have seen everything. */
static uint64_t settle(struct room *room)
{
    for (int i = 0; i < 2 * LOOKS_FOR_ALL + 2; i++) {
        (void)watch_folder_look(room->watch);
    }
    return watch_folder_look(room->watch);
}

static int enter(void **state)
{
    struct room *room = calloc(1, sizeof(*room));
    MUST(room != NULL);
    strcpy(room->folder, "/tmp/ketang-watch.XXXXXX");
    MUST(mkdtemp(room->folder) != NULL);
    for (int i = 0; i < FILES; i++) {
        write_file(room, i, "");
    }
    date(room->folder, room->time_s);
    room->watch = watch_folder_create(room->folder);
    MUST(room->watch != NULL);
    *state = room;
    return 0;
}

static int leave(void **state)
{
    struct room *room = *state;
    watch_folder_destroy(room->watch);
    for (int i = 0; i < FILES; i++) {
        (void)unlink(path_of(room, i));
    }
    (void)rmdir(room->folder);
    free(room);
    return 0;
}

static void what_appears_or_goes_is_seen_at_the_next_look(void **state)
{
    struct room *room = *state;
    struct dice dice = dice_seeded();
    for (int i = 0; i < 50; i++) {
        const uint64_t before =
            dice_once_in(&dice, 4) ? settle(room) : watch_folder_look(room->watch);
        room->time_s++;
        turn_over(room, (int)dice_between(&dice, 0, FILES - 1));
        assert_int_not_equal(watch_folder_look(room->watch), before);
    }
}

static void two_files_of_one_tick_are_both_seen(void **state)
{
    struct room *room = *state;
    (void)settle(room);
    room->time_s++;
    turn_over(room, 0);
    const uint64_t first = watch_folder_look(room->watch);
    turn_over(room, FILES - 1); /* the folder has the same time */
    assert_int_not_equal(watch_folder_look(room->watch), first);
}

static void what_is_written_in_place_is_seen_when_its_turn_has_come(void **state)
{
    struct room *room = *state;
    struct dice dice = dice_seeded();
    for (int i = 0; i < 20; i++) {
        const uint64_t before = settle(room);
        int looks = 0;
        room->time_s++;
        write_file(room, (int)dice_between(&dice, 0, FILES - 1), i % 2 == 0 ? "cut" : "");
        for (int k = (int)dice_between(&dice, 0, 3); k > 0; k--) {
            date(room->folder, ++room->time_s); /* somebody else's file came and went */
        }
        while (watch_folder_look(room->watch) == before) {
            assert_true(++looks <= 2 * LOOKS_FOR_ALL);
        }
    }
}

static void nothing_is_seen_where_nothing_changes(void **state)
{
    struct room *room = *state;
    const uint64_t seen = settle(room);
    for (int i = 0; i < 5 * LOOKS_FOR_ALL; i++) {
        date(room->folder, room->time_s += i % 4 == 0);
        assert_int_equal(watch_folder_look(room->watch), seen);
    }
    assert_int_equal(watch_fingerprint(room->folder, ""), seen);
}

static void a_folder_that_comes_and_goes_is_seen(void **state)
{
    (void)state;
    char folder[] = "/tmp/ketang-watch.XXXXXX";
    MUST(mkdtemp(folder) != NULL && rmdir(folder) == 0);
    struct watch_folder *watch = watch_folder_create(folder);
    MUST(watch != NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(watch_folder_look(watch), 0);
        assert_int_equal(watch_folder_look(watch), 0);
        assert_int_equal(watch_folder_look(watch), 0);
        MUST(mkdir(folder, 0755) == 0);
        assert_int_equal(watch_folder_look(watch), 1);
        assert_int_equal(watch_folder_look(watch), 1);
        assert_int_equal(watch_folder_look(watch), 1);
        MUST(rmdir(folder) == 0);
    }
    watch_folder_destroy(watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_appears_or_goes_is_seen_at_the_next_look, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(two_files_of_one_tick_are_both_seen, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_written_in_place_is_seen_when_its_turn_has_come,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(nothing_is_seen_where_nothing_changes, enter, leave),
        cmocka_unit_test(a_folder_that_comes_and_goes_is_seen),
    };
    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
