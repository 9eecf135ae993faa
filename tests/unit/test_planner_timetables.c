/* SPDX-License-Identifier: MIT */
/* What the planner makes of timetables that are faulty, gone, or of another channel. */
#include "scheduler/planner.h"

#include "playout/durable.h"
#include "tests/support/must.h"
#include "tests/support/planner_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct planner_bench bench;

static void write_timetable(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", bench.station->timetables, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Reads the folder of timetables anew, with this file in it; counts what is said of zhangdian. */
static size_t said_of_zhangdian(const char *name, const char *text, size_t *errors)
{
    char path[128];
    struct planner *fresh = NULL;
    struct problems problems;
    size_t said = 0;
    problems_init(&problems);
    write_timetable(name, text);
    snprintf(path, sizeof(path), "%s/%s", bench.station->timetables, name);
    assert_int_equal(planner_create(bench.station, &fresh), 0);
    assert_int_equal(planner_load_timetables(fresh, &problems), 0);
    planner_check_channels(fresh, &problems);
    unlink(path);
    for (size_t i = 0; i < problems.count; i++) {
        said += strstr(problems.items[i].text, "channel 'zhangdian' has no timetable") != NULL;
    }
    *errors = problems.errors;
    planner_destroy(fresh);
    problems_finish(&problems);
    return said;
}

static void use_empty_folder(void)
{
    char command[64];
    snprintf(command, sizeof(command), "rm -rf %s/timetables", bench.folder);
    MUST(system(command) == 0);
    free(bench.station->timetables);
    assert_true(asprintf(&bench.station->timetables, "%s/timetables", bench.folder) > 0);
    assert_int_equal(durable_make_folder(bench.station->timetables), 0);
}

static void a_faulty_timetable_is_not_told_to_be_gone(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
    } faulty[] = {
        {"zhangdian.yaml", "format: 1\nchannel: zhangdian\nterm: [\n"},
        {"zhangdian.yaml", "format: 1\nchannel: zhangdian\nperiods: 5\n"},
        {"zhangdian.yaml", "format: 1\n"},
        {"zhangdian-w03.yaml", "week: 3\n"},
        {"spring.yaml", "format: 1\nchannel: zhangdian\nperiods: 5\n"},
    };
    size_t errors = 0;
    use_empty_folder();
    for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
        assert_int_equal(said_of_zhangdian(faulty[i].name, faulty[i].text, &errors), 0);
        assert_true(errors > 0);
    }
}

/* A stray file tells nothing of what is planned and goes on without a timetable. */
static void a_timetable_that_is_gone_is_told_beside_a_faulty_file(void **state)
{
    (void)state;
    size_t errors = 0;
    use_empty_folder();
    assert_int_equal(said_of_zhangdian("linzi.yaml",
                                       "format: 1\nchannel: linzi\nperiods: []\ndays: [周一]\n",
                                       &errors),
                     1);
    assert_int_equal(errors, 1); /* it had a plan */
    assert_int_equal(said_of_zhangdian("notes.yaml", "notes: 示例\n", &errors), 1);
    assert_int_equal(errors, 2);
    assert_int_equal(said_of_zhangdian("zhangdian2.yaml", "term: [\n", &errors), 1);
    assert_int_equal(errors, 2);
}

/* What cannot be read may change anything: without it the rest is not what is meant. */
static void a_channel_whose_files_cannot_all_be_read_has_no_timetable(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        enum planner_lack lack;
        const char *says;
    } cases[] = {
        {"zhangdian", PLANNER_LACKS_GOOD_FILE, "/zhangdian-changes.yaml:3:"}, /* it is no YAML */
        {"zhoucun", PLANNER_LACKS_GOOD_FILE, "/zhoucun.yaml:3:"},
        {"linzi", PLANNER_LACKS_NOTHING, NULL},
        {"huantai", PLANNER_LACKS_FILE, "ketang backup"},
        {"gaoqing", PLANNER_NEVER_HAD, "ketang import"},
    };
    const char *const good = "format: 1\nchannel: %s\nperiods: []\ndays: [周一]\n";
    char text[PLANNER_LACK_SIZE];
    char path[128];
    struct planner *fresh = NULL;
    struct problems problems;
    problems_init(&problems);
    use_empty_folder();
    for (int i = 0; i < 3; i += 2) {
        snprintf(path, sizeof(path), "%s.yaml", cases[i].channel);
        snprintf(text, sizeof(text), good, cases[i].channel);
        write_timetable(path, text);
    }
    write_timetable("zhangdian-changes.yaml", "channel: zhangdian\nchanges: [\n");
    write_timetable("zhoucun.yaml", "format: 1\nchannel: zhoucun\nperiods: 5\n");
    snprintf(path, sizeof(path), "%s/plans/huantai", bench.folder);
    assert_int_equal(durable_make_folder(path), 0);
    strcat(path, "/1.yaml");
    fclose(fopen(path, "w"));
    assert_int_equal(planner_create(bench.station, &fresh), 0);
    assert_int_equal(planner_load_timetables(fresh, &problems), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const enum planner_lack lack = planner_lack(fresh, cases[i].channel, text);
        if (lack != cases[i].lack || (cases[i].says != NULL && !strstr(text, cases[i].says))) {
            fail_msg("%s: %d, %s", cases[i].channel, (int)lack, text);
        }
        assert_int_equal(planner_timetable(fresh, cases[i].channel) != NULL,
                         lack == PLANNER_LACKS_NOTHING);
    }
    planner_destroy(fresh);
    problems_finish(&problems);
}

/* A slip in a file of zhangdian-2 takes nothing from zhangdian. */
static void a_faulty_file_is_of_the_channel_with_the_longest_name(void **state)
{
    (void)state;
    struct service *second = bench.station->transports[1].services;
    char text[PLANNER_LACK_SIZE];
    struct planner *fresh = NULL;
    struct problems problems;
    problems_init(&problems);
    use_empty_folder();
    free(second->name);
    second->name = strdup("zhangdian-2");
    write_timetable("zhangdian.yaml", "format: 1\nchannel: zhangdian\nperiods: []\ndays: [周一]\n");
    write_timetable("zhangdian-2.yaml", "channel: zhangdian-2\nchanges: [\n");
    assert_int_equal(planner_create(bench.station, &fresh), 0);
    assert_int_equal(planner_load_timetables(fresh, &problems), 0);
    assert_int_equal(planner_lack(fresh, "zhangdian", text), PLANNER_LACKS_NOTHING);
    assert_int_equal(planner_lack(fresh, "zhangdian-2", text), PLANNER_LACKS_GOOD_FILE);
    planner_destroy(fresh);
    problems_finish(&problems);
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result == 0) {
        planner_bench_plan(&bench, NOW_MS);
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
        cmocka_unit_test(a_faulty_timetable_is_not_told_to_be_gone),
        cmocka_unit_test(a_timetable_that_is_gone_is_told_beside_a_faulty_file),
        cmocka_unit_test(a_channel_whose_files_cannot_all_be_read_has_no_timetable),
        cmocka_unit_test(a_faulty_file_is_of_the_channel_with_the_longest_name),
    };
    return cmocka_run_group_tests_name("planner timetables", tests, set_up, clean_up);
}
