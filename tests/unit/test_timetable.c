/* SPDX-License-Identifier: MIT */
#include "scheduler/timetable.h"

#include "scheduler/yaml_tree.h"
#include "tests/support/random_week.h"

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

static int parse(const char *text, size_t size, struct timetable **timetable,
                 struct problems *problems)
{
    static char names[2][16] = {"zhangdian", "zhoucun"};
    static struct service services[2];
    static struct transport transport = {.services = services, .service_count = 2};
    static struct station station = {.transports = &transport, .transport_count = 1};
    services[0].name = names[0];
    services[1].name = names[1];
    const struct timetable_source source = {"week.yaml", text, size};
    return timetable_parse(&source, 1, &station, NULL, timetable, problems);
}

/* A good timetable; the mistakes below are made by replacing a piece of it. */
static const char good[] = "format: 1\n"                                    /* 1 */
                           "channel: zhangdian\n"                           /* 2 */
                           "rest: loop\n"                                   /* 3 */
                           "lessons:\n"                                     /* 4 */
                           "  - {house_number: KT-01, title: 春夏秋冬}\n"   /* 5 */
                           "  - {house_number: KT-02, title: 姓氏歌}\n"     /* 6 */
                           "periods:\n"                                     /* 7 */
                           "  - {name: 第一节, start: 08:00, end: 08:40}\n" /* 8 */
                           "  - {name: 第二节, start: 08:50, end: 09:30}\n" /* 9 */
                           "days: [周一, 周二]\n"                           /* 10 */
                           "grid:\n"                                        /* 11 */
                           "  第一节: [KT-01, KT-02]\n"                     /* 12 */
                           "  第二节: [KT-02, ~]\n"                         /* 13 */
                           "breaks:\n"                                      /* 14 */
                           "  - {name: 课间, start: 08:40, end: 08:50}\n"   /* 15 */
                           "repeats: {from: 15:30, until: 08:00}\n"         /* 16 */
                           "fillers: [FILL-01]\n";                          /* 17 */

static void a_good_timetable_is_read_as_it_was_meant(void **state)
{
    (void)state;
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(parse(good, strlen(good), &timetable, &problems), 0);
    assert_int_equal(problems.errors, 0);
    assert_int_equal(problems.count, 1); /* the warning of gaps */
    assert_string_equal(timetable->channel, "zhangdian");
    assert_string_equal(timetable->file->name, "week.yaml");
    assert_int_equal(timetable->lesson_count, 2);
    assert_int_equal(timetable->period_count, 2);
    assert_int_equal(timetable->periods[1].start, 530 * 60);
    assert_int_equal(timetable->periods[1].fit.rest, REST_LOOP);
    assert_int_equal(timetable->layer_count, 1);
    static const struct {
        int period, day, line, column;
        const char *lesson;
    } cells[] = {{0, 0, 12, 8, "KT-01"}, {0, 1, 12, 15, "KT-02"}, {1, 0, 13, 8, "KT-02"}};
    for (size_t i = 0; i < 3; i++) {
        const struct grid_cell *cell =
            &timetable->layers[0].cells[cells[i].period * DAYS_PER_WEEK + cells[i].day];
        assert_int_equal(cell->kind, CELL_LESSON);
        assert_int_equal(cell->place.line, cells[i].line);
        assert_string_equal(cell->lesson->house_number, cells[i].lesson);
    }
    assert_int_equal(timetable->layers[0].cells[DAYS_PER_WEEK + 1].kind, CELL_NONE);
    assert_int_equal(timetable->layers[0].cells[2].kind, CELL_ABSENT);
    assert_int_equal(timetable->fixture_count, 1);
    assert_int_equal(timetable->fixtures[0].days, 3);
    assert_int_equal(timetable->fixtures[0].fit.rest, REST_FILLER);
    assert_int_equal(timetable->repeats[0].from, 930 * 60);
    assert_int_equal(timetable->repeats[0].until, (1440 + 480) * 60); /* of the next day */
    assert_int_equal(timetable->filler_count, 1);
    timetable_destroy(timetable);
    problems_finish(&problems);
}

/* By the name that the fillers have it by, and also against a topic of the whole file. */
static void the_default_fillers_may_be_named_as_a_topic(void **state)
{
    (void)state;
    static const char *const words[][2] = {{"default", "default"}, {"默认", "default"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct timetable *timetable = NULL;
        struct problems problems;
        char *text = NULL;
        assert_true(asprintf(&text,
                             "format: 1\nchannel: zhangdian\ntopic: 育儿\n"
                             "lessons: [{house_number: KT-01, title: 春夏秋冬}]\n"
                             "periods:\n"
                             "  - {name: 第一节, start: 08:00, end: 08:40, topic: %s}\n"
                             "  - {name: 第二节, start: 08:50, end: 09:30}\n"
                             "days: [周一]\ngrid: {第一节: [KT-01], 第二节: [KT-01]}\n"
                             "breaks: [{name: 课间, start: 08:40, end: 08:50, topic: default}]\n"
                             "fillers: {%s: [FILL-01], 育儿: [FILL-02]}\n",
                             words[i][0], words[i][1]) > 0);
        problems_init(&problems);
        assert_int_equal(parse(text, strlen(text), &timetable, &problems), 0);
        assert_null(timetable->periods[0].fit.topic);
        assert_string_equal(timetable->periods[1].fit.topic, "育儿");
        assert_null(timetable->fixtures[0].fit.topic);
        assert_null(timetable->fillers[0].topic);
        timetable_destroy(timetable);
        problems_finish(&problems);
        free(text);
    }
}

/* `good` with the first `old` replaced. */
static char *mistake(const char *old, const char *fresh)
{
    char *text = NULL;
    const char *at = strstr(good, old);
    assert_non_null(at);
    assert_true(asprintf(&text, "%.*s%s%s", (int)(at - good), good, fresh, at + strlen(old)) > 0);
    return text;
}

/* As many as a file has room for: whoever compares each with all others never ends. */
static void many_equal_keys_take_no_time(void **state)
{
    (void)state;
    enum { KEYS = YAML_TREE_NODES_MOST / 2 - 1 };
    static const char line[] = "title: a\n";
    const size_t size = KEYS * strlen(line);
    char *text = malloc(size + 1);
    struct yaml_tree *tree = NULL;
    struct problems problems;
    for (size_t i = 0; i < KEYS; i++) {
        strcpy(text + i * strlen(line), line);
    }
    problems_init(&problems);
    assert_int_equal(yaml_tree_parse("a.yaml", text, size, &tree, &problems), 0);
    yaml_node_check_keys(yaml_tree_root(tree), "a.yaml", NULL, &problems);
    assert_int_equal(problems.errors, KEYS - 1);
    problems_finish(&problems);
    yaml_tree_destroy(tree);
    free(text);
}

static void every_mistake_is_found_in_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *old;
        const char *fresh;
        int line;
        int column;
        const char *says;
    } cases[] = {
        {"format: 1", "format: 2", 1, 9, "'format' is '2'; this version"},
        {"format: 1\n", "", 1, 1, "'format' is missing"},
        {"channel: zhangdian", "channel: zhangdain", 2, 10, "did you mean 'zhangdian'?"},
        {"channel: zhangdian", "channel: cctv", 2, 10, "unknown channel 'cctv'"},
        {"channel: zhangdian", "chanel: zhangdian", 1, 1, "'channel' is missing"},
        {"rest: loop", "rest: lop", 3, 7, "must be one of: filler 垫播, whole 整遍, loop 循环"},
        {"rest: loop", "rest: [loop]", 3, 7, "must be a text"},
        {"rest: loop", "channel: zhoucun", 3, 1,
         "'channel' is given twice; the first time in line 2"},
        {"title: 姓氏歌", "titel: 姓氏歌", 6, 27, "did you mean 'title'?"},
        {"title: 姓氏歌", "title: 姓氏歌, genre: sience", 6, 46,
         "unknown genre 'sience'; did you mean 'science'?"},
        {"title: 姓氏歌", "title: 姓氏歌, signed: maybe", 6, 47,
         "'maybe'; it must be one of: false, true, repeat 重播"},
        {", title: 姓氏歌", "", 6, 5, "'title' is missing"},
        {"KT-02, title", "KT-01, title", 6, 20, "taken by the lesson in week.yaml, line 5"},
        {"start: 08:50", "start: 35:10", 9, 24, "'35:10' is no time of day"},
        {"end: 09:30", "end: 08:30", 9, 36, "the end, 08:30, is not after the start, 08:50"},
        {"start: 08:50, ", "", 9, 5, "'start' is missing"},
        {"name: 第二节", "name: 第一节", 9, 12, "taken by the period in line 8"},
        {"周二]", "周八]", 10, 12, "'周八' is no day"},
        {"周二]", "周一]", 10, 12, "day '周一' is given twice"},
        {"days: [周一, 周二]", "days: 周一", 10, 7, "'days' must be a list"},
        {"[KT-01, KT-02]", "[KT-01]", 12, 8, "the row of '第一节' has 1 cell for the 2 of 'days'"},
        {"[KT-01, KT-02]", "[KT-01，KT-02]", 12, 9, "has 'KT-01，KT-02' in one cell"},
        {"[KT-01, KT-02]", "KT-01, KT-02", 12, 8, "the row of '第一节' must be a list: its cells"},
        {"[KT-01, KT-02]", "【KT-01, KT-02】", 12, 8, "in brackets, with commas"},
        {"[KT-01, KT-02]", "", 12, 7, "the row of '第一节' must be a list: its cells"},
        {"[KT-01, KT-02]", "[KT-01, KT-02", 13, 6, "or ']', in what begins in line 12"},
        {"[KT-01, KT-02]", "[KT-01, KT-20]", 12, 16,
         "'KT-20'; did you mean 'KT-02'? If not, write one there"},
        {"[KT-01, KT-02]", "[KT-01, [KT-02]]", 12, 16, "must be a text"},
        {"第二节: [", "第三节: [", 13, 3, "unknown period '第三节'; did you mean"},
        {"start: 08:40, end: 08:50", "start: 08:35, end: 08:50", 15, 0,
         "'课间' (08:35 to 08:50) overlaps '第一节' (08:00 to 08:40, line 8) on Monday"},
        {"start: 08:50, end: 09:30", "start: 08:20, end: 08:39", 9, 0,
         "'第二节' (08:20 to 08:39) overlaps '第一节'"},
        {"until: 08:00", "until: 08:10", 16, 0, "'重播' (00:00 to 08:10) overlaps '第一节'"},
        {"from: 15:30", "form: 15:30", 16, 11, "unknown key 'form'; did you mean 'from'?"},
        {"until: 08:00", "until: 08:00, pitch: x", 16, 45, "'x' is no length"},
        {"fillers: [FILL-01]", "fillers: [~]", 17, 11, "a filler must be a house number"},
        {"fillers: [FILL-01]", "fillers: &a [FILL-01]", 17, 10, "anchors"},
        {"fillers: [FILL-01]", "fillers: [FILL-01", 18, 1, "not YAML"},
        {"fillers: [FILL-01]", "---\na: b", 17, 1, "second document"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = mistake(cases[i].old, cases[i].fresh);
        struct timetable *timetable = NULL;
        struct problems problems;
        bool is_found = false;
        problems_init(&problems);
        const int result = parse(text, strlen(text), &timetable, &problems);
        for (size_t j = 0; j < problems.count; j++) {
            const struct problem *problem = &problems.items[j];
            is_found |= problem->line == cases[i].line && problem->column == cases[i].column &&
                        strstr(problem->text, cases[i].says) != NULL;
        }
        if (result != -EINVAL || timetable != NULL || !is_found) {
            problems_print(&problems, stderr);
            fail_msg("case %zu: expected %d:%d: %s", i, cases[i].line, cases[i].column,
                     cases[i].says);
        }
        problems_finish(&problems);
        free(text);
    }
}

static void mistakes_are_reported_all_at_once(void **state)
{
    (void)state;
    static const char text[] = "format: 9\nchannel: nowhere\ntitel: x\nlessons:\n  - {title: a}\n"
                               "periods:\n  - {name: p, start: 9, end: 10}\n"
                               "days: [mon]\ngrid: {p: [L1], q: [L1]}\n";
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(parse(text, strlen(text), &timetable, &problems), -EINVAL);
    assert_int_equal(problems.errors, 8);
    problems_finish(&problems);
}

static void a_spoilt_row_is_told_once(void **state)
{
    (void)state;
    struct timetable *timetable = NULL;
    struct problems problems;
    char *text = mistake("[KT-01, KT-02]", "KT-01 KT-02");
    problems_init(&problems);
    assert_int_equal(parse(text, strlen(text), &timetable, &problems), -EINVAL);
    assert_int_equal(problems.errors, 1);
    problems_finish(&problems);
    free(text);
}

static void a_period_without_a_row_is_named(void **state)
{
    (void)state;
    struct timetable *timetable = NULL;
    struct problems problems;
    char *text = mistake("  第二节: [KT-02, ~]\n", "");
    problems_init(&problems);
    assert_int_equal(parse(text, strlen(text), &timetable, &problems), 0);
    bool is_found = false;
    for (size_t i = 0; i < problems.count; i++) {
        is_found |= problems.items[i].line == 9 &&
                    strstr(problems.items[i].text, "'第二节' has no row in 'grid'") != NULL;
    }
    assert_true(is_found);
    timetable_destroy(timetable);
    problems_finish(&problems);
    free(text);
}

static void without_a_grid_one_warning_is_enough(void **state)
{
    (void)state;
    struct timetable *timetable = NULL;
    struct problems problems;
    char *text = mistake("grid:\n  第一节: [KT-01, KT-02]\n  第二节: [KT-02, ~]\n", "");
    problems_init(&problems);
    assert_int_equal(parse(text, strlen(text), &timetable, &problems), 0);
    assert_int_equal(problems.count, 1);
    assert_non_null(strstr(problems.items[0].text, "no row in 'grid': no lesson airs"));
    timetable_destroy(timetable);
    problems_finish(&problems);
    free(text);
}

static void what_no_person_writes_is_refused(void **state)
{
    (void)state;
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    char *deep = calloc(1, 4000);
    memset(deep, '[', 2000);
    assert_int_equal(parse(deep, 2000, &timetable, &problems), -EINVAL);
    assert_int_equal(parse("", 0, &timetable, &problems), -EINVAL);
    assert_int_equal(parse("\xff\xfe", 2, &timetable, &problems), -EINVAL);
    assert_int_equal(parse("\xce\xd2", 2, &timetable, &problems), -EINVAL); /* GBK */
    char *large = malloc(YAML_TREE_BYTES_MOST + 2);
    memset(large, '\n', YAML_TREE_BYTES_MOST + 2);
    assert_int_equal(parse(large, YAML_TREE_BYTES_MOST + 2, &timetable, &problems), -EINVAL);
    char *many = malloc(YAML_TREE_BYTES_MOST);
    memset(many, ',', YAML_TREE_BYTES_MOST);
    for (size_t i = 1; i < YAML_TREE_BYTES_MOST; i += 2) {
        many[i] = 'a';
    }
    many[0] = '[';
    assert_int_equal(parse(many, YAML_TREE_BYTES_MOST, &timetable, &problems), -EINVAL);
    assert_null(timetable);
    free(deep);
    free(large);
    free(many);
    problems_finish(&problems);
}

static void mutated_timetables_never_crash(void **state)
{
    (void)state;
    unsigned random = (unsigned)getpid();
    print_message("seed %u\n", random);
    for (int i = 0; i < 400; i++) {
        char *text = i % 2 == 0 ? strdup(good) : random_week_text(&random);
        const size_t size = strlen(text);
        for (int change = 0; change < 4; change++) {
            const size_t at = (size_t)random_below(&random, (int)size);
            const size_t from = (size_t)random_below(&random, (int)size);
            const size_t length = (size_t)random_below(&random, 20);
            if (random_below(&random, 2) == 0) {
                text[at] = "[]{}:,-~\"'\n &*!0aZ\xe4"[random_below(&random, 19)];
            } else if (at + length < size && from + length < size) {
                memmove(text + at, text + from, length);
            }
        }
        struct timetable *timetable = NULL;
        struct problems problems;
        problems_init(&problems);
        const int result = parse(text, size, &timetable, &problems);
        assert_true((result == 0) == (timetable != NULL));
        assert_true((result == -EINVAL) == (problems.errors > 0));
        timetable_destroy(timetable);
        problems_finish(&problems);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_timetable_is_read_as_it_was_meant),
        cmocka_unit_test(the_default_fillers_may_be_named_as_a_topic),
        cmocka_unit_test(many_equal_keys_take_no_time),
        cmocka_unit_test(every_mistake_is_found_in_its_place),
        cmocka_unit_test(mistakes_are_reported_all_at_once),
        cmocka_unit_test(a_spoilt_row_is_told_once),
        cmocka_unit_test(a_period_without_a_row_is_named),
        cmocka_unit_test(without_a_grid_one_warning_is_enough),
        cmocka_unit_test(what_no_person_writes_is_refused),
        cmocka_unit_test(mutated_timetables_never_crash),
    };
    return cmocka_run_group_tests_name("timetable", tests, NULL, NULL);
}
