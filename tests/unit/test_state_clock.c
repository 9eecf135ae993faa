/* SPDX-License-Identifier: MIT */
#include "playout/state_clock.h"

#include "tests/support/must.h"

#include <errno.h>
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

static char folder[64];

static void make_folder(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    MUST(mkdir(path, 0755) == 0);
}

/* As an engine or a scheduler that was there before leaves it. */
static void make_file(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    const int fd = open(path, O_WRONLY | O_CREAT, 0644);
    MUST(fd >= 0);
    close(fd);
}

static bool is_marked(void)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/clock-ahead", folder);
    return access(path, F_OK) == 0;
}

/* Taken, or refused with words that have `said` in them. */
static void check_take(bool is_ahead, const char *said)
{
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(state_clock_take(folder, is_ahead, &problems), said == NULL ? 0 : -EPERM);
    assert_int_equal(problems.errors, said == NULL ? 0 : 1);
    if (said != NULL && strstr(problems.items[0].text, said) == NULL) {
        fail_msg("said: %s", problems.items[0].text);
    }
    problems_finish(&problems);
}

static void a_folder_of_the_air_is_refused_to_a_rehearsal(const char *file)
{
    make_file(file);
    check_take(false, NULL);
    check_take(true, "this state folder is that of the air");
    assert_false(is_marked());
    check_take(false, NULL);
}

static void what_an_engine_has_adopted_is_no_folder_of_a_rehearsal(void **state)
{
    (void)state;
    a_folder_of_the_air_is_refused_to_a_rehearsal("plans/zhangdian/journal");
}

static void what_has_aired_is_no_folder_of_a_rehearsal(void **state)
{
    (void)state;
    a_folder_of_the_air_is_refused_to_a_rehearsal("asrun/zhangdian/2026-11-23.jsonl");
}

static void what_a_scheduler_looks_after_is_no_folder_of_a_rehearsal(void **state)
{
    (void)state;
    a_folder_of_the_air_is_refused_to_a_rehearsal("run/scheduler.lock");
}

/* Plans alone are made before a rehearsal; it may be started again, and the air keeps away. */
static void a_folder_of_a_rehearsal_stays_one(void **state)
{
    (void)state;
    make_file("plans/zhangdian/1.yaml");
    make_file("run/playout.lock");
    check_take(true, NULL);
    assert_true(is_marked());
    make_file("plans/zhangdian/journal");
    make_file("asrun/zhangdian/2026-11-23.jsonl");
    check_take(true, NULL);
    check_take(false, "is that of a rehearsal");
    assert_true(is_marked());
}

static int make_state(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/ketang-state[clock]-XXXXXX"); /* no pattern */
    MUST(mkdtemp(folder) != NULL);
    make_folder("run");
    make_folder("plans");
    make_folder("plans/zhangdian");
    make_folder("asrun");
    make_folder("asrun/zhangdian");
    return 0;
}

static int remove_state(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

#define WITH_STATE(test) cmocka_unit_test_setup_teardown(test, make_state, remove_state)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STATE(what_an_engine_has_adopted_is_no_folder_of_a_rehearsal),
        WITH_STATE(what_has_aired_is_no_folder_of_a_rehearsal),
        WITH_STATE(what_a_scheduler_looks_after_is_no_folder_of_a_rehearsal),
        WITH_STATE(a_folder_of_a_rehearsal_stays_one),
    };
    return cmocka_run_group_tests_name("state_clock", tests, NULL, NULL);
}
