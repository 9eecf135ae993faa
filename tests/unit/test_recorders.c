/* SPDX-License-Identifier: MIT */
#include "playout/recorders.h"

#include "playout/pacing.h"
#include "playout/tape.h"

#include <fcntl.h>
#include <sched.h>
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

enum {
    RATE = 2325,
    END_MS = 60000,      /* for disks that answer */
    HANGING_MOST_S = 60, /* after that something waits for a disk that does not answer */
};

/* 2026-11-24 11:00 in China, and the file that begins then. */
#define ELEVEN INT64_C(1795489200)
#define FILE_1 "zhangdian-20261124T110000+0800.ts"
#define FILE_2 "zhangdian-20261124T110001+0800.ts"

struct scene {
    char folder[64];
    struct station station;
    struct transport transport;
    struct output output;
    struct recorders recorders;
};

static int set_up(void **state)
{
    static char name[] = "zhangdian";
    static char zone[] = "Asia/Shanghai";
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    snprintf(scene->folder, sizeof(scene->folder), "/tmp/ketang-recorders-XXXXXX");
    scene->station = (struct station){.time_zone = zone};
    scene->transport = (struct transport){.name = name, .slots_per_second = RATE};
    scene->output = (struct output){
        .protocol = OUTPUT_FILE, .path = scene->folder, .minutes = 60, .max_megabytes = 100};
    *state = scene;
    alarm(HANGING_MOST_S);
    return mkdtemp(scene->folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    char command[80];
    alarm(0);
    assert_int_equal(recorders_end(&scene->recorders, END_MS), 0);
    snprintf(command, sizeof(command), "rm -r '%s'", scene->folder);
    const int result = system(command);
    free(scene);
    return result;
}

static struct shared_recorder *open_one(struct scene *scene)
{
    struct shared_recorder *shared = NULL;
    assert_int_equal(recorders_open(&scene->recorders, &scene->station, &scene->transport,
                                    &scene->output, 0, &shared),
                     0);
    return shared;
}

static void path_of(const struct scene *scene, const char *file, char path[128])
{
    snprintf(path, 128, "%s/%s", scene->folder, file);
}

static int64_t size_of(const struct scene *scene, const char *file)
{
    char path[128];
    struct stat status;
    path_of(scene, file, path);
    return stat(path, &status) == 0 ? status.st_size : -1;
}

/* Two seconds; how many datagrams the second one has. */
static uint64_t add_two_seconds(struct shared_recorder *shared)
{
    static const uint8_t BYTES[DATAGRAM_SIZE] = {0x47};
    const uint64_t first = pacing_first_from(RATE, ELEVEN * NS_PER_S);
    const uint64_t second = pacing_first_from(RATE, (ELEVEN + 1) * NS_PER_S);
    const uint64_t end = pacing_first_from(RATE, (ELEVEN + 2) * NS_PER_S);
    for (uint64_t m = first; m < end; m++) {
        recorder_add(shared->recorder, m, BYTES);
    }
    return end - second;
}

static void tend_until_none_is_retired(struct scene *scene)
{
    while (scene->recorders.retired != NULL) { /* alarm() ends it at the latest */
        recorders_tend(&scene->recorders);
        sched_yield();
    }
}

static void a_recorder_is_shared_until_its_last_user_leaves_it(void **state)
{
    struct scene *scene = *state;
    struct shared_recorder *first = open_one(scene);
    assert_ptr_equal(open_one(scene), first);
    shared_recorder_release(first);
    recorders_tend(&scene->recorders);
    assert_ptr_equal(scene->recorders.in_use, first);
    assert_null(scene->recorders.retired);
    const uint64_t second = add_two_seconds(first);
    shared_recorder_release(first);
    recorders_tend(&scene->recorders);
    assert_null(scene->recorders.in_use);
    tend_until_none_is_retired(scene);
    assert_true(size_of(scene, FILE_1) > (int64_t)second * DATAGRAM_SIZE); /* both seconds */
}

static void another_limit_is_another_recorder(void **state)
{
    struct scene *scene = *state;
    struct shared_recorder *first = open_one(scene);
    scene->output.minutes = 30;
    struct shared_recorder *second = open_one(scene);
    assert_ptr_not_equal(first, second);
    shared_recorder_release(first);
    shared_recorder_release(second);
}

/* A pipe that nobody reads hangs whoever opens it, as does the disk of a server that has gone. */
static void a_disk_that_hangs_is_waited_for_by_nobody_and_answers_later(void **state)
{
    struct scene *scene = *state;
    char path[128];
    path_of(scene, FILE_1, path);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct shared_recorder *hung = open_one(scene);
    const uint64_t second = add_two_seconds(hung);
    shared_recorder_release(hung);
    for (int i = 0; i < 100; i++) {
        recorders_tend(&scene->recorders);
    }
    assert_ptr_equal(scene->recorders.retired, hung);
    assert_int_equal(recorder_status(hung->recorder).written, 0);

    struct shared_recorder *fresh = open_one(scene); /* the retired one is not taken up again */
    assert_ptr_not_equal(fresh, hung);
    shared_recorder_release(fresh);

    const int disk = open(path, O_RDONLY | O_NONBLOCK); /* it answers at last */
    assert_true(disk >= 0);
    recorders_tend(&scene->recorders);
    tend_until_none_is_retired(scene);
    assert_null(scene->recorders.in_use);
    close(disk);
    /* The pipe is no file to go on with; the next second has a file again. */
    assert_int_equal(size_of(scene, FILE_2), (int64_t)second * DATAGRAM_SIZE);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_recorder_is_shared_until_its_last_user_leaves_it),
        IN_SCENE(another_limit_is_another_recorder),
        IN_SCENE(a_disk_that_hangs_is_waited_for_by_nobody_and_answers_later),
    };
    return cmocka_run_group_tests_name("recorders", tests, NULL, NULL);
}
