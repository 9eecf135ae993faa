/* SPDX-License-Identifier: MIT */
#include "scheduler/lint.h"

#include "scheduler/lint_units.h"
#include "tests/support/week_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A day of a grade that nobody objects to. */
#define HEAD                                                                                       \
    "format: 1\nchannel: a\ndistrict: 张店区\n"                                                 \
    "lessons:\n"                                                                                   \
    "  - {house_number: A1, grade: 一年级, subject: 数学, title: 加法(1), teacher: 甲}\n"  \
    "  - {house_number: A2, grade: 一年级, subject: 数学, title: 加法(2), teacher: 乙}\n"  \
    "  - {house_number: A3, grade: 二年级, subject: 语文, title: 荷花, teacher: 丙}\n"     \
    "  - {house_number: A4, grade: 二年级, subject: 语文, title: 燕子, teacher: 丁}\n"     \
    "periods:\n"                                                                                   \
    "  - {name: p1, start: 8:00, end: 8:20}\n"                                                     \
    "  - {name: p2, start: 9:00, end: 9:20}\n"                                                     \
    "  - {name: p3, start: 10:00, end: 10:20}\n"                                                   \
    "  - {name: p4, start: 11:00, end: 11:20}\n"                                                   \
    "days: [周一, 周二]\n"                                                                     \
    "breaks: [{name: 眼保健操, start: 8:30, end: 8:35}]\n"                                     \
    "grid: {p1: [A1, A2], p2: [A3, ~], p3: [A4, ~], p4: [~, ~]}\n"

static char *replaced(const char *text, const char *old, const char *fresh)
{
    char *result = NULL;
    const char *at = strstr(text, old);
    assert_non_null(at);
    assert_true(asprintf(&result, "%.*s%s%s", (int)(at - text), text, fresh, at + strlen(old)) > 0);
    return result;
}

/* What is said of a station of one or two channels. */
static void run(struct week_bench *bench, const char *text, const char *other_text)
{
    struct timetable *other = NULL;
    week_bench_parse(bench, text, NULL);
    if (other_text != NULL) {
        const struct timetable_source source = {"other.yaml", other_text, strlen(other_text)};
        assert_int_equal(timetable_parse(&source, 1, NULL, NULL, &other, &bench->problems), 0);
    }
    const struct timetable *const all[] = {bench->timetable, NULL, other};
    lint(all, 3, &bench->problems);
    timetable_destroy(other);
}

static bool has(const struct week_bench *bench, const char *name)
{
    return week_bench_says(bench, name, "");
}

static void a_good_day_is_not_objected_to(void **state)
{
    (void)state;
    struct week_bench bench;
    run(&bench, HEAD, NULL);
    for (size_t i = 0; i < bench.problems.count; i++) {
        const char *name = bench.problems.items[i].name;
        if (strcmp(name, "unplanned-time") != 0 && strcmp(name, "unused-period") != 0) {
            fail_msg("%s", bench.problems.items[i].text);
        }
    }
    week_bench_finish(&bench);
}

static void each_objection_is_found_told_and_can_be_switched_off(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *old;
        const char *fresh;
        const char *says;
    } cases[] = {
        {"grade-load", "p4: [~, ~]", "p4: [A3, ~]", NULL},
        {"grade-gap", "start: 10:00, end: 10:20", "start: 9:30, end: 9:50",
         "二年级 has only 10 minutes between its lessons that end at 09:20 and begin at 09:30 on "
         "Monday; at least 20 are advised; and on 1 more day"},
        {"grade-gap", "p4: [~, ~]}\n", "p4: [A3, ~]}\nlimits: {gap: 50}\n",
         "begin at 10:00 on Monday; at least 50 are advised; 1 more on that day; and on 1 more "
         "day"},
        {"grade-load", "p1, start: 8:00, end: 8:20", "p1, start: 7:30, end: 8:20, media: 30",
         "lesson 'A1' lasts 30:00; at most 20:00 is advised for 一年级"},
        {"eye-exercises", "name: 眼保健操", "name: 课间", NULL},
        {"unit-order", "p1: [A1, A2]", "p1: [A2, A1]", "'A2' (加法(2)) airs on"},
        {"unit-order", "title: 荷花", "title: 荷花, after: A4", "'A3' (荷花) airs on"},
        {"repeat-before-first",
         "breaks:", "rotations: [{name: r, start: 7:00, end: 7:20, list: [A3]}]\nbreaks:",
         "'A3' is repeated on"},
        {"teacher-clash", NULL, NULL, "甲 teaches 'A1' and 'B1' at once, at 08:05 on Monday"},
        {"grade-clash", NULL, NULL,
         "一年级 has lessons on 'a' and 'b' at once, at 08:05 on Monday"},
    };
    static const char other[] = "format: 1\nchannel: b\ndistrict: 张店区\n"
                                "lessons: [{house_number: B1, grade: 一年级, subject: 美术, title: "
                                "画, teacher: 甲}]\n"
                                "periods: [{name: p, start: 8:05, end: 8:25}]\ndays: [周一]\n"
                                "grid: {p: [B1]}\n";
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct week_bench bench;
        const bool is_pair = cases[i].old == NULL;
        char *text = is_pair ? strdup(HEAD) : replaced(HEAD, cases[i].old, cases[i].fresh);
        if (strcmp(cases[i].name, "grade-load") == 0 && cases[i].says == NULL) {
            char *more = replaced(text, "days:", "limits: {lessons: 2}\ndays:");
            free(text);
            text = more;
        }
        if (strcmp(cases[i].name, "eye-exercises") == 0) {
            char *more = replaced(text, "p4: [~, ~]", "p4: [A3, ~]");
            free(text);
            text = more;
        }
        run(&bench, text, is_pair ? other : NULL);
        if (!week_bench_says(&bench, cases[i].name, cases[i].says != NULL ? cases[i].says : "")) {
            problems_print(&bench.problems, stderr);
            fail_msg("case %zu, %s", i, cases[i].name);
        }
        week_bench_finish(&bench);
        /* Switched off in the timetable that it is told of. */
        char accept[128];
        snprintf(accept, sizeof(accept), "accept: {%s: 已批准}\n", cases[i].name);
        char *accepting = NULL;
        assert_true(asprintf(&accepting, "%s%s", is_pair ? other : text, accept) > 0);
        run(&bench, is_pair ? HEAD : accepting, is_pair ? accepting : NULL);
        assert_false(has(&bench, cases[i].name));
        week_bench_finish(&bench);
        free(accepting);
        free(text);
    }
}

/* Two districts have pupils of their own; one lesson may air on both at once. */
static void other_districts_and_the_same_lesson_do_not_clash(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char *const others[] = {
        "format: 1\nchannel: b\ndistrict: 周村区\nlessons: [{house_number: B1, grade: 一年级, "
        "title: 画}]\nperiods: [{name: p, start: 8:05, end: 8:25}]\ndays: [周一]\n"
        "grid: {p: [B1]}\n",
        "format: 1\nchannel: b\ndistrict: 张店区\nlessons: [{house_number: A1, grade: 一年级, "
        "title: 加法, teacher: 甲}]\nperiods: [{name: p, start: 8:05, end: 8:25}]\ndays: [周一]\n"
        "grid: {p: [A1]}\n"};
    for (size_t i = 0; i < 2; i++) {
        run(&bench, HEAD, others[i]);
        assert_false(has(&bench, "grade-clash"));
        assert_false(has(&bench, "teacher-clash"));
        week_bench_finish(&bench);
    }
}

static void numbers_of_titles_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        int number;
        size_t stem;
    } cases[] = {{"加法(2)", 2, 6},   {"社戏(第1课时)", 1, 6}, {"社戏（第12课时）", 12, 6},
                 {"加法（3）", 3, 6}, {"加法", 0, 0},          {"()", 0, 0},
                 {"(1)", 1, 0},       {"a=b(x)", 0, 5},        {")", 0, 0},
                 {"加法(2", 0, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t stem = 0;
        assert_int_equal(units_number(cases[i].title, &stem), cases[i].number);
        if (cases[i].number > 0) {
            assert_int_equal(stem, cases[i].stem);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_day_is_not_objected_to),
        cmocka_unit_test(each_objection_is_found_told_and_can_be_switched_off),
        cmocka_unit_test(other_districts_and_the_same_lesson_do_not_clash),
        cmocka_unit_test(numbers_of_titles_are_read),
    };
    return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
